"""``pending_approval``"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.pending.store import Key, PendingStore

logger = logging.getLogger("pending_approval")


class PendingApproval(Plugin):
    """Holds entries back until somebody approves them: in the web UI, by the API, or with `flexget pending approve`.

    What is not rejected otherwise waits. Once approved it comes again in the next run, also when it left its feed.

    Example::

        pending_approval: yes
    """

    schema = {
        "type": "boolean",
        "title": "Pending approval",
        "description": "Whether entries of this task wait for approval.",
        "examples": [True],
        "deprecated": True,
        "deprecationMessage": "use `pending_list`, whose entries can be approved in any task",
    }
    category = "input"

    @priority(-255)
    def on_task_input(self, task: Task, config: bool) -> Iterable[Entry]:
        """What was approved, also when it left the feed."""
        approved = {_key(entry): entry for entry in task.db.store(PendingStore).approved(task.name)} if config else {}
        for entry in task.entries if approved else ():
            if approved.pop(_key(entry), None) is not None:
                entry["approved"] = True
        for entry in approved.values():
            entry["approved"] = True
        return approved.values()

    @priority(-255)
    def on_task_filter(self, task: Task, config: bool) -> None:
        """Hold back what is not approved."""
        waiting = [entry for entry in task.live if not entry.get("approved", False)] if config else []
        if not waiting:
            return
        store = task.db.store(PendingStore)
        known = store.known(task.name, (_key(entry) for entry in waiting))
        fresh = []
        for entry in waiting:
            approved = known.get(_key(entry))
            if approved is None:
                fresh.append(entry)
                entry.reject("it is new and waits for approval")
            elif not approved:
                entry.reject("it waits for approval still")
        store.purge()
        store.add(task.name, fresh)
        if fresh:
            logger.log(15, "%d new entries wait for approval", len(fresh))

    def on_task_learn(self, task: Task, config: bool) -> None:
        """What was taken does not wait any more."""
        taken = [_key(entry) for entry in task.accepted if entry.get("approved", False)] if config else []
        if taken:
            task.db.store(PendingStore).done(task.name, taken)


def _key(entry: Entry) -> Key:
    return entry["original_title"], entry["original_url"]
