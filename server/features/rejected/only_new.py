"""``only_new``"""

from __future__ import annotations

from typing import Any

from server.engine.errors import PluginError
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.rejected.store import RejectedStore, Rejection


class OnlyNew(Plugin):
    """Looks at each entry once: in later runs it is rejected, whether it was accepted or not.

    Another config of the task makes it look at all again.

    Example::

        only_new: yes
    """

    schema = {"type": "boolean", "title": "Only new", "description": "Whether to do so.", "examples": [True]}
    category = "filter"

    def on_task_start(self, task: Task, config: Any) -> None:
        """It needs ``remember_rejected``."""
        if not task.plugin_is_active("remember_rejected"):
            raise PluginError("only_new needs remember_rejected, which is disabled in this task")

    @priority(-255)
    def on_task_learn(self, task: Task, config: Any) -> None:
        """All that was not rejected now will be from now on."""
        items = [
            Rejection(
                task.name, entry["title"], entry["original_url"], self.name, "it was there in an earlier run", None
            )
            for entry in task.live
        ]
        task.db.store(RejectedStore).remember(items)
