"""``series_db``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.series.store import SeriesStore


class SeriesDb(Plugin):
    """Keeps the memory of shows in step with the config: tasks that name no shows any more, or are gone, have none.

    Example::

        series_db: no
    """

    schema = {"type": "boolean", "title": "Series upkeep", "description": "Whether to do so.", "examples": [False]}
    category = "operation"
    builtin = True

    @priority(0)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Forget the shows of a task that has no ``series`` now, and of tasks that the config does not have."""
        if config is False:
            return
        store = task.db.store(SeriesStore)
        if "series" not in task.config:
            store.set_task(task.name, ())
        store.forget_tasks_except([task.name, *task.services.config.task_names(hidden=True)])
