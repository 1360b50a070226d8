"""``reorder_quality``"""

from __future__ import annotations

from server.engine.errors import PluginError
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.parsing.quality import QualityError, reorder


class ReorderQuality(Plugin):
    """Changes which quality is better, for one task: puts a part of it right above or below another of its kind.

    Example::

        reorder_quality:
          webrip:
            above: hdtv
          2160p:
            below: 1080p
    """

    schema = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "above": {
                    "type": "string",
                    "format": "quality",
                    "title": "Above",
                    "description": "It becomes a little better than this one.",
                    "examples": ["hdtv"],
                },
                "below": {
                    "type": "string",
                    "format": "quality",
                    "title": "Below",
                    "description": "It becomes a little worse than this one.",
                    "examples": ["1080p"],
                },
            },
            "maxProperties": 1,
        },
        "title": "Qualities",
        "description": "Part of a quality (a resolution, a source ...): where it belongs.",
        "examples": [{"webrip": {"above": "hdtv"}}],
    }
    category = "modify"
    acts_in = NOWHERE

    def on_task_start(self, task: Task, config: dict[str, dict[str, str]]) -> None:
        """It holds for the thread of this task and until the task is over, however it ends."""
        moves = [(name, place == "above", other) for name, where in config.items() for place, other in where.items()]
        task.at_end(lambda: reorder(()))
        try:
            reorder(moves)
        except QualityError as error:
            raise PluginError(str(error)) from error
