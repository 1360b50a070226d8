"""``limit_new``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class LimitNew(Plugin):
    """Accepts at most so many entries in a run; the others come in later runs.

    Example::

        limit_new: 1
    """

    schema = {
        "type": "integer",
        "minimum": 1,
        "title": "Limit",
        "description": "How many entries may be accepted in one run.",
        "examples": [1],
    }
    category = "filter"

    @priority(-255)
    def on_task_filter(self, task: Task, config: int) -> None:
        """Reject what was accepted beyond the limit."""
        for entry in task.accepted[config:]:
            entry.reject(f"limit of {config} new entries in a run is reached")
