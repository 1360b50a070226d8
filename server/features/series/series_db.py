"""``series_db``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.series.store import SeriesStore


class SeriesDb(Plugin):
    """Keeps the memory of shows in step with the config: a task that names no shows any more has none.

    Example::

        series_db: no
    """

    schema = {"type": "boolean", "title": "Series upkeep", "description": "Whether to do so.", "examples": [False]}
    category = "operation"
    builtin = True

    @priority(0)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Forget the shows of a task that has no ``series`` now."""
        if config is not False and "series" not in task.config:
            task.db.store(SeriesStore).set_task(task.name, ())
