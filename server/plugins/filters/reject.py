"""``reject``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task


class Reject(Plugin):
    """Rejects every entry, with a reason if one is given; of use within ``if``.

    Example::

        if:
          - imdb_score < 5:
              reject: too bad
    """

    schema = {
        "type": ["boolean", "string"],
        "title": "Reject",
        "description": "Yes, or the reason to give.",
        "examples": [True, "too bad"],
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: Any) -> None:
        """Reject all."""
        for entry in task.live:
            entry.reject(config if isinstance(config, str) else None)
