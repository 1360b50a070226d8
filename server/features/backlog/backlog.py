"""``backlog``"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.features.backlog.store import ONCE_DAYS, BacklogStore
from server.parsing.timedelta import parse_timedelta

logger = logging.getLogger("backlog")


class Backlog(Plugin):
    """Keeps entries for a while after they left the feed.

    Without configuration it keeps what other plugins ask it to, and the entries of an aborted run for the next one.

    Example::

        backlog: 1 day
    """

    schema = {
        "type": "string",
        "format": "interval",
        "title": "Span",
        "description": "How long to keep them.",
        "examples": ["1 day"],
    }
    category = "input"
    acts_in = NOWHERE
    builtin = True

    @priority(-255)
    def on_task_input(self, task: Task, config: Any) -> None:
        """Add what is kept and not in the feed."""
        store = task.db.store(BacklogStore)
        if not task.is_rerun:
            store.purge()
        if isinstance(config, str) and not task.is_rerun:
            store.add(task.name, task.entries, parse_timedelta(config))
        kept = store.entries(task.name)
        if not kept or task.options.inject:
            return
        present = {(entry["title"], entry["original_url"]) for entry in task.entries}
        added = [(entry, once) for entry, once in kept if (entry["title"], entry["url"]) not in present]
        if added:
            logger.log(15, "Added %d entries from backlog", len(added))
            task.entries.extend(task.adopt(entry for entry, _ in added))
        task.state(self)["once"] = {entry for entry, once in added if once}
        if any(once for _, once in kept):
            store.clear_once(task.name)

    def on_task_abort(self, task: Task, config: Any) -> None:
        """Keep the entries for the next run, but not those that were kept that way before."""
        once = task.state(self).get("once", set())
        entries = [entry for entry in task.entries if entry not in once]
        if entries and not task.options.inject:
            task.db.store(BacklogStore).add(task.name, entries, timedelta(days=ONCE_DAYS), once=True)
