"""``details``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.log import VERBOSE
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

logger = logging.getLogger("details")

KINDS = {
    "input": "no input: it has nothing to work on",
    "filter": "nothing that accepts entries",
    "output": "no output: nothing is done with what it accepts",
}


class Details(Plugin):
    """Logs how many entries a task got and what became of them, and warns of tasks that cannot do anything.

    Example::

        details: no
    """

    schema = {
        "type": "boolean",
        "title": "Details",
        "description": "Whether these lines are logged (yes).",
        "examples": [False],
    }
    category = "operation"
    acts_in = NOWHERE
    builtin = True

    def on_task_start(self, task: Task, config: Any) -> None:
        """Warn of what is missing in the task."""
        if task.is_rerun or not logger.isEnabledFor(logging.WARNING):
            return
        registry = task.services.registry
        phases = {
            phase
            for name in task.config
            if name in registry and task.plugin_is_active(name)
            for phase in registry.get(name).handlers
        }
        if "input" not in phases and not task.options.inject:
            logger.warning("The task has %s", KINDS["input"])
        elif not phases & {"filter", "metainfo"}:
            logger.warning("The task has %s", KINDS["filter"])
        elif not phases & {"output", "exit", "learn"}:
            logger.log(VERBOSE, "The task has %s", KINDS["output"])

    @priority(-512)
    def on_task_input(self, task: Task, config: Any) -> None:
        """Tell how many entries there are."""
        if task.entries:
            logger.log(VERBOSE, "Produced %d entries", len(task.entries))
        elif not task.config.get("no_entries_ok"):
            logger.warning("The task got no entries; an input may be wrong, or what it asks may be down")
        else:
            logger.log(VERBOSE, "The task got no entries")

    @priority(-512)
    def on_task_download(self, task: Task, config: Any) -> None:
        """Tell how the entries are decided."""
        if not logger.isEnabledFor(VERBOSE):
            return
        counts = dict.fromkeys(("accepted", "rejected", "undecided", "failed"), 0)
        for entry in task.entries:
            counts[entry.state] += 1
        logger.log(
            VERBOSE,
            "Summary - Accepted: %d (Rejected: %d Undecided: %d Failed: %d)",
            *counts.values(),
        )
