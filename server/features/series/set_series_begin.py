"""``set_series_begin``"""

from __future__ import annotations

import logging

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.series._progress import Begin, read_begin, set_begins
from server.features.series.store import SeriesStore
from server.parsing.names import normalize_name

logger = logging.getLogger("set_series_begin")


class SetSeriesBegin(Plugin):
    """Lets shows begin at the accepted episodes, by the fields ``series_name`` and ``series_id``.

    Example::

        set_series_begin: yes
    """

    schema = {"type": "boolean", "title": "Set begin", "description": "Whether to do so.", "examples": [True]}
    category = "output"

    def on_task_output(self, task: Task, config: bool) -> None:
        """All shows at once; where a show has several episodes the last entry counts."""
        if config is False:
            return
        wanted: dict[str, tuple[str, Begin]] = {}
        for entry in task.accepted:
            name, identifier = entry.get("series_name"), entry.get("series_id")
            if not name or not identifier:
                logger.debug("%r has no series_name and series_id", entry["title"])
                continue
            try:
                wanted[normalize_name(str(name))] = str(name), read_begin(identifier)
            except ValueError as error:
                logger.warning("%s: %s", name, error)
        if not wanted:
            return
        store = task.db.store(SeriesStore)
        with task.db.transaction():
            shows = store.add_shows((name, key) for key, (name, _) in wanted.items())
            fitting = {}
            for key, (name, begin) in wanted.items():
                by = shows[key].identified_by
                if by in (None, "auto", begin.identified_by):
                    fitting[shows[key].id] = begin
                else:
                    logger.warning("%s is identified by %s, so it cannot begin at %s", name, by, begin.identifier)
            set_begins(store, fitting)
