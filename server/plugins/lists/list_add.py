"""``list_add``"""

from __future__ import annotations

from typing import Any

from server.engine.errors import PluginError
from server.engine.lists import LISTS_SCHEMA, lists_of
from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class ListAdd(Plugin):
    """Adds accepted entries to lists.

    Example::

        list_add:
          - entry_list: wanted
    """

    schema = {**LISTS_SCHEMA, "description": "The lists to add to."}
    category = "output"

    def on_task_start(self, task: Task, config: list[dict[str, Any]]) -> None:
        """Refuse lists that cannot be changed before anything is done."""
        for name, target in lists_of(self.services, task.db, config):
            if target.immutable:
                raise PluginError(f"{name} cannot be added to: {target.immutable}")

    @priority(0)
    def on_task_output(self, task: Task, config: list[dict[str, Any]]) -> None:
        """All accepted entries, each list at once."""
        accepted = task.accepted
        if not accepted:
            return
        for name, target in lists_of(self.services, task.db, config):
            if task.options.test and target.external:
                task.log(self.name).info("Would add %d entries to %s", len(accepted), name)
                continue
            target.add(accepted)
