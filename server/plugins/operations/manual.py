"""``manual``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class Manual(Plugin):
    """A task that runs only when it is asked for by its name or a part of it (`tv*`, not `*`), or stands in a schedule.

    Example::

        manual: yes
    """

    schema = {
        "type": "boolean",
        "title": "Manual",
        "description": "Whether the task is left out when all tasks run.",
        "examples": [True],
    }
    category = "operation"

    @priority(255)
    def on_task_start(self, task: Task, config: bool) -> None:
        """End the run quietly where nobody named the task."""
        if config and not task.options.named:
            task.abort("the task runs only when it is named (`--tasks`, or in a schedule)", silent=True)
