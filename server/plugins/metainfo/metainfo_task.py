"""``metainfo_task``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task


class MetainfoTask(Plugin):
    """Puts the task's name into the field ``task``.

    Example::

        metainfo_task: no
    """

    schema = {"type": "boolean", "title": "Task", "description": "Whether to do so.", "examples": [False]}
    category = "metainfo"
    builtin = True

    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Every entry gets it; what came in rejected keeps the name of the task that rejected it."""
        name = {"task": task.name}
        for entry in task.live:
            entry.put_quietly(name)
