"""``delay``"""

from __future__ import annotations

import logging

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.delay.store import DelayStore
from server.parsing.timedelta import parse_timedelta

logger = logging.getLogger("delay")


class Delay(Plugin):
    """Holds new entries back for a while, to give better ones time to come.

    Example::

        delay: 2 hours
    """

    schema = {
        "type": "string",
        "format": "interval",
        "title": "Delay",
        "description": "How long to hold them back.",
        "examples": ["2 hours"],
    }
    category = "filter"

    @priority(-1)
    def on_task_input(self, task: Task, config: str) -> None:
        """The entries of the inputs are put away, and those whose time has come take their place."""
        state = task.state(self)
        if not task.is_rerun:
            store = task.db.store(DelayStore)
            count = store.add(task.name, task.entries, parse_timedelta(config))
            if count:
                logger.log(15, "%d entries are held back for %s", count, config)
            state["due"] = [{**entry, "passed_delay": True} for entry in store.take_due(task.name)]
        task.entries[:] = task.adopt(Entry(fields) for fields in state["due"])
