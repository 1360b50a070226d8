"""``status``"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.features.status.store import Execution, StatusStore


class Status(Plugin):
    """Remembers when the task ran and what came of it, for the status command and page.

    Example::

        status: no
    """

    schema = {"type": "boolean", "title": "Status", "description": "Whether to remember.", "examples": [False]}
    category = "operation"
    acts_in = NOWHERE
    builtin = True

    def on_task_start(self, task: Task, config: Any) -> None:
        """Note when this pass began."""
        task.state(self).update(start=time.time(), produced=None)

    @priority(-255)
    def on_task_input(self, task: Task, config: Any) -> None:
        """Note how many entries there are."""
        if not task.options.inject:
            task.state(self)["produced"] = len(task.entries)

    def on_task_exit(self, task: Task, config: Any) -> None:
        """The pass went well."""
        self._remember(task, None)

    def on_task_abort(self, task: Task, config: Any) -> None:
        """The pass was aborted; one that never really began, as ``interval`` does it, does not count."""
        if not task.silent_abort:
            self._remember(task, task.abort_reason or "aborted")

    def _remember(self, task: Task, abort_reason: str | None) -> None:
        state = task.state(self)
        counts = dict.fromkeys(("accepted", "rejected", "failed", "undecided"), 0)
        for entry in task.entries:
            counts[entry.state] += 1
        task.db.store(StatusStore).add(
            task.name,
            Execution(
                start=datetime.fromtimestamp(state.get("start", task.started), UTC),
                end=datetime.now(UTC),
                succeeded=abort_reason is None,
                produced=state.get("produced"),
                accepted=counts["accepted"],
                rejected=counts["rejected"],
                failed=counts["failed"],
                abort_reason=abort_reason,
            ),
        )
