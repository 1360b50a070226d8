"""``rerun``"""

from __future__ import annotations

from server.engine.plugin import Plugin
from server.engine.task import Task


class Rerun(Plugin):
    """Runs the task again, a number of times, each time it runs.

    Example::

        rerun: 2
    """

    schema = {
        "type": "integer",
        "title": "Reruns",
        "description": "How often to run again.",
        "examples": [2],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: int) -> None:
        """Make room for the reruns, unless ``max_reruns`` says how many there may be."""
        if "max_reruns" not in task.config:
            task.max_reruns = max(task.max_reruns, config)

    def on_task_input(self, task: Task, config: int) -> None:
        """Ask for the next pass."""
        if task.rerun_count < config:
            task.rerun(self.name, f"pass {task.rerun_count + 1} of {config}")
