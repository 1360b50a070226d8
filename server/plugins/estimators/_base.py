"""What estimators share: they say when something that is looked for is, or was, released.

An estimator is a plugin with the interface ``estimate_release`` and one method, which gets all entries at once::

    class EstByCalendar(EstimatorPlugin):
        def estimate(self, task, entries):
            return {entry: Estimate(known=True, date=...) for entry in entries if ...}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task


@dataclass(frozen=True, slots=True)
class Estimate:
    """``date``: when it is released (aware), None where that is not known. ``known``: whether there is any data."""

    known: bool = False
    date: datetime | None = None


class EstimatorPlugin(Plugin):
    """Base of estimators. The one of higher ``rank`` is asked first."""

    interfaces = ("estimate_release",)
    category = "estimator"
    schema = {"type": "boolean", "title": "On", "description": "Used by `discover`; there is nothing to configure."}
    rank = 0

    def estimate(self, task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
        """Estimates of those entries that it knows something of."""
        raise NotImplementedError


def estimates(task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
    """For every entry the first date that an estimator gives; without one, whether any has data."""
    best: dict[Entry, Estimate] = {}
    estimators = [
        item for item in task.services.registry.by_interface("estimate_release") if isinstance(item, EstimatorPlugin)
    ]
    for estimator in sorted(estimators, key=lambda item: -item.rank):
        open_entries = [entry for entry in entries if best.get(entry, Estimate()).date is None]
        for entry, estimate in estimator.estimate(task, open_entries).items() if open_entries else ():
            known = estimate.known or best.get(entry, Estimate()).known
            best[entry] = Estimate(known, estimate.date)
    return {entry: best.get(entry, Estimate()) for entry in entries}
