"""``max_reruns``"""

from __future__ import annotations

from server.engine.plugin import Plugin
from server.engine.task import Task


class MaxReruns(Plugin):
    """How often the plugins of a task may make it run again.

    Example::

        max_reruns: 1
    """

    schema = {
        "type": "integer",
        "title": "Most reruns",
        "description": "0 for none.",
        "examples": [1],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: int) -> None:
        """Set the limit."""
        task.max_reruns = config
