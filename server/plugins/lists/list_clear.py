"""``list_clear``"""

from __future__ import annotations

from typing import Any

from server.engine.errors import PluginError
from server.engine.lists import LISTS_SCHEMA, lists_of
from server.engine.plugin import ALL_PHASES, NOWHERE, Plugin, priority
from server.engine.task import Task

DEFAULT_PHASE = "start"
CLEARING_PHASES = tuple(phase for phase in ALL_PHASES if phase != "abort")


class ListClear(Plugin):
    """Empties lists, in a phase of one's choice.

    Example::

        list_clear:
          what:
            - entry_list: wanted
          phase: start
    """

    schema = {
        "type": "object",
        "properties": {
            "what": {**LISTS_SCHEMA, "description": "The lists to empty."},
            "phase": {
                "type": "string",
                "enum": list(CLEARING_PHASES),
                "title": "Phase",
                "description": "When to do it.",
                "default": DEFAULT_PHASE,
            },
        },
        "required": ["what"],
        "additionalProperties": False,
        "examples": [{"what": [{"entry_list": "wanted"}]}],
    }
    category = "input"
    acts_in = NOWHERE

    def _clear(self, task: Task, config: dict[str, Any], phase: str) -> None:
        if config.get("phase", DEFAULT_PHASE) != phase:
            return
        for name, target in lists_of(self.services, task.db, config["what"]):
            if target.immutable:
                raise PluginError(f"{name} cannot be emptied: {target.immutable}")
            if task.options.test and target.external:
                task.log(self.name).info("Would clear all items from %s", name)
                continue
            target.clear()

    @priority(255)
    def on_task_prepare(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "prepare")

    @priority(255)
    def on_task_start(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "start")

    @priority(255)
    def on_task_input(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "input")

    @priority(255)
    def on_task_metainfo(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "metainfo")

    @priority(255)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "filter")

    @priority(255)
    def on_task_download(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "download")

    @priority(255)
    def on_task_modify(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "modify")

    @priority(255)
    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "output")

    @priority(255)
    def on_task_learn(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "learn")

    @priority(255)
    def on_task_exit(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "exit")

    @priority(255)
    def on_task_urlrewrite(self, task: Task, config: dict[str, Any]) -> None:
        """When the phase is this one."""
        self._clear(task, config, "urlrewrite")
