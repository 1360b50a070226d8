"""Dates and times as people write them in configs: with and without a zone, with and without a time of day.

A datetime of an entry always has a zone (the local one where none was given), and ``now`` of a template can be compared
with any of them, a plain date too.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any


def aware(value: datetime) -> datetime:
    """The same wall time with the local zone, where there is none."""
    return value.astimezone() if value.tzinfo is None else value


def as_moment(value: date) -> datetime:
    """A date's midnight, or the datetime itself; with a zone."""
    return aware(value if isinstance(value, datetime) else datetime(value.year, value.month, value.day))


class Moment(datetime):
    """A datetime that compares with dates and with datetimes that have no zone."""

    def __lt__(self, other: Any) -> bool:
        return super().__lt__(_comparable(other))

    def __le__(self, other: Any) -> bool:
        return super().__le__(_comparable(other))

    def __gt__(self, other: Any) -> bool:
        return super().__gt__(_comparable(other))

    def __ge__(self, other: Any) -> bool:
        return super().__ge__(_comparable(other))

    def __sub__(self, other: Any) -> Any:
        return super().__sub__(other if isinstance(other, timedelta) else _comparable(other))

    def __rsub__(self, other: Any) -> Any:
        return _comparable(other) - datetime.fromtimestamp(self.timestamp(), self.tzinfo)


def _comparable(value: Any) -> Any:
    return as_moment(value) if isinstance(value, date) else value
