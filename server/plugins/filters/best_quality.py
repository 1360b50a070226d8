"""``best_quality``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._grouping import AUTO, IDENTIFIED_BY, act, action, grouped, identifier
from server.plugins._quality import quality_of


class BestQuality(Plugin):
    """Keeps the best release of each movie or episode.

    Example::

        best_quality:
          on_best: accept
          on_lower: reject
    """

    schema = {
        "type": "object",
        "properties": {
            "identified_by": {**IDENTIFIED_BY, "default": AUTO},
            "on_best": action("On best", "What to do with the best.", "do_nothing"),
            "on_lower": action("On lower", "What to do with the others.", "reject"),
            "single_best": {
                "type": "boolean",
                "default": True,
                "title": "Single best",
                "description": "Of several of the same quality only the first is the best.",
                "examples": [False],
            },
        },
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """By quality, then by the number of repairs; of equal quality are releases with any number of them."""
        template = config.get("identified_by", AUTO)
        entries = [entry for entry in task.live if template == AUTO or identifier(entry, template) is not None]
        for name, members in grouped(entries, template).items():
            best = quality_of(members[0])
            for place, entry in enumerate(members):
                if place == 0 or (not config.get("single_best", True) and quality_of(entry) == best):
                    act(entry, config.get("on_best"), f"it has the best quality of {name}")
                else:
                    act(entry, config.get("on_lower", "reject"), f"{members[0]['title']!r} is better, or as good")
