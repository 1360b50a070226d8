"""``estimate_release``"""

from __future__ import annotations

from collections.abc import Sequence

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.plugins.estimators._base import Estimate, EstimatorPlugin


class EstimateRelease(Plugin):
    """Asks the estimators when something is, or was, released; `discover` searches for nothing before that.

    There is nothing to configure: `release_estimations` of `discover` says how much its answers count.

    Example::

        discover:
          what: [{next_series_episodes: yes}]
          from: [{flexget_archive: yes}]
          release_estimations: strict
    """

    category = "internal"
    interfaces = ()
    acts_in = NOWHERE

    def estimates(self, task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
        """For every entry the first date that an estimator gives; without one, whether any has data."""
        best: dict[Entry, Estimate] = {}
        estimators = [
            item
            for item in task.services.registry.by_interface("estimate_release")
            if isinstance(item, EstimatorPlugin)
        ]
        for estimator in sorted(estimators, key=lambda item: -item.rank):
            open_entries = [entry for entry in entries if best.get(entry, Estimate()).date is None]
            for entry, estimate in estimator.estimate(task, open_entries).items() if open_entries else ():
                known = estimate.known or best.get(entry, Estimate()).known
                best[entry] = Estimate(known, estimate.date)
        return {entry: best.get(entry, Estimate()) for entry in entries}
