"""``remember_rejected``"""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.features.rejected.store import RejectedStore, Rejection
from server.parsing.timedelta import parse_timedelta
from server.storage.schema import dump_json_bytes

logger = logging.getLogger("remember_rejected")


class RememberRejected(Plugin):
    """Keeps entries rejected in later runs, where the plugin that rejected them asked for it.

    Another config of the task makes it forget.

    Example::

        disable: [remember_rejected]
    """

    schema = {"type": "boolean", "title": "Remember", "description": "Whether to remember.", "examples": [True]}
    category = "operation"
    acts_in = NOWHERE
    builtin = True

    @priority(0)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Forget what was remembered under another config."""
        store = task.db.store(RejectedStore)
        digest = hashlib.sha256(dump_json_bytes(task.prepared_config)).hexdigest()
        if store.begin(task.name, digest):
            logger.log(15, "the config of the task has changed: remembered rejections are dropped")
        if not task.is_rerun:
            store.purge()

    @priority(-255)
    def on_task_input(self, task: Task, config: Any) -> None:
        """From now on, listen to rejections."""
        pending = task.state(self).setdefault("pending", [])

        def listen(entry: Entry, verb: str, reason: str | None, details: dict[str, Any]) -> None:
            if verb == "reject" and (details.get("remember") or details.get("remember_time")):
                pending.append(_rejection(task.name, entry, details))

        task.on_decision(listen)

    @priority(255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Reject what is remembered."""
        keys = {(entry["title"], entry["original_url"]): entry for entry in task.live}
        found = task.db.store(RejectedStore).known(task.name, keys)
        for entry in task.live if found else ():
            known = found.get((entry["title"], entry["original_url"]))
            if known is not None:
                entry.reject(f"rejected before by {known.rejected_by}: {known.reason}")

    @priority(-255)
    def on_task_learn(self, task: Task, config: Any) -> None:
        """Write down what is to be remembered."""
        self._write(task)

    @priority(-255)
    def on_task_abort(self, task: Task, config: Any) -> None:
        """Write down what is to be remembered."""
        self._write(task)

    def _write(self, task: Task) -> None:
        pending = task.state(self).get("pending") or []
        task.db.store(RejectedStore).remember(pending)
        pending.clear()


def _rejection(task: str, entry: Entry, details: dict[str, Any]) -> Rejection:
    span = details.get("remember_time")
    expires = None
    if span:
        expires = datetime.now(UTC) + (parse_timedelta(span) if isinstance(span, str) else span)
    by, reason = str(entry.get("rejected_by") or ""), str(entry.get("reason") or "")
    return Rejection(task, entry["title"], entry["original_url"], by, reason, expires)
