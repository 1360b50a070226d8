"""``series``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.series._config import read_shows
from server.features.series._filter import filter_matches
from server.features.series._matching import match_configured, matches_of, start_pass
from server.features.series._schema import shows_schema
from server.features.series.store import SeriesStore


class Series(Plugin):
    """Follows shows: finds their episodes in the titles, takes each once, in the quality that is wanted.

    Example::

        series:
          - Some Show
          - Other Show:
              quality: 720p+
              begin: S02E01

    or in groups with settings in common::

        series:
          settings:
            hd:
              quality: 720p+ webdl+
              propers: 3 days
          hd:
            - Some Show
          480p:
            - Other Show
    """

    schema = shows_schema()
    category = "filter"

    def on_task_start(self, task: Task, config: Any) -> None:
        """Each pass begins anew."""
        start_pass(task)

    @priority(125)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Reads the titles."""
        start_pass(task)
        match_configured(task, read_shows(config))

    def on_task_filter(self, task: Task, config: Any) -> None:
        """Decides show by show, episode by episode."""
        filter_matches(task, matches_of(task).values())

    def on_task_learn(self, task: Task, config: Any) -> None:
        """What was accepted went through all outputs: it is downloaded. What is old and was not, is forgotten."""
        store = task.db.store(SeriesStore)
        found = matches_of(task)
        releases = [
            release for entry in task.accepted if (match := found.get(entry)) is not None for release in match.releases
        ]
        if releases:
            store.mark_downloaded(releases)
        if not task.is_rerun:
            store.purge_daily()
