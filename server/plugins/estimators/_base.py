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
