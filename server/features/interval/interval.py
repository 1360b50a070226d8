"""``interval``"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.interval.store import IntervalStore
from server.parsing.timedelta import parse_timedelta

logger = logging.getLogger("interval")


class Interval(Plugin):
    """Runs a task at most once in a span of time, however often it is started; ``--now`` runs it all the same.

    Example::

        interval: 2 hours
    """

    schema = {
        "type": "string",
        "format": "interval",
        "title": "Interval",
        "description": "How long to wait between two runs.",
        "examples": ["2 hours"],
    }
    category = "operation"

    @priority(255)
    def on_task_start(self, task: Task, config: str) -> None:
        """End the run quietly where it comes too early."""
        if task.options.learn or task.is_rerun:
            return
        store = task.db.store(IntervalStore)
        now = datetime.now(UTC)
        last = store.last(task.name)
        if last is not None and not task.options.now and last <= now:  # a clock that was set back does not block
            due = last + parse_timedelta(config)
            if now < due:
                task.abort(f"it ran at {last:%Y-%m-%d %H:%M} and is due at {due:%Y-%m-%d %H:%M} (UTC)", silent=True)
        store.ran(task.name, now)
