"""When a ``schedule`` of the config fires: its fields, and the next moment after a given one.

The fields and their expressions are those of the documented cron form of the reference::

    Cron({"day_of_week": "mon-fri", "hour": "9-17/2"}).next_after(moment, zone)

``*``, ``*/n``, ``a``, ``a-b``, ``a-b/n``, comma lists of them; month and weekday names; for ``day`` also ``last``,
``2nd fri``, ``last sun``. All given fields must fit. Fields that are not given: those finer than the finest given one
are at their lowest value, coarser ones are free, ``week`` and ``day_of_week`` are always free.

On the days when clocks change: a time that the clock jumps over fires when the jump is over; a time that comes twice
fires at its first coming. Schedules for every hour go by real time instead: nothing in the gap, both of the doubled
hours.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

HORIZON_YEARS = 40
"""A schedule that does not fire within so many years never does: 29 February on a given weekday comes within 40."""

NEAR = timedelta(hours=26)
"""Further than any zone ever moved its clock."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}


class Field(NamedTuple):
    """A part of a date: the values it can take, and names for them (the first name stands for ``low``)."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


FIELDS = (
    Field("year", 1970, 9999),
    Field("month", 1, 12, MONTHS),
    Field("day", 1, 31),
    Field("week", 1, 53),
    Field("day_of_week", 0, 6, WEEKDAYS),
    Field("hour", 0, 23),
    Field("minute", 0, 59),
    Field("second", 0, 59),
)
"""Coarsest first. ``day_of_week`` 0 is Monday; ``week`` is that of ISO 8601."""

BY_NAME = {field.name: field for field in FIELDS}

_TERM = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?$", re.ASCII)
_WEEKDAY = re.compile(r"(?P<which>1st|2nd|3rd|4th|5th|last)\s+(?P<day>mon|tue|wed|thu|fri|sat|sun)$")


class _NthWeekday(NamedTuple):
    """``2nd fri`` (2, 4) or ``last sun`` (-1, 6)."""

    which: int
    weekday: int

    def day(self, year: int, month: int) -> int | None:
        first, length = calendar.monthrange(year, month)
        start = 1 + (self.weekday - first) % 7
        day = start + 7 * ((length - start) // 7) if self.which < 0 else start + 7 * (self.which - 1)
        return day if day <= length else None


class Expression:
    """The values that one field may have. Raises ``ValueError`` with a sentence for what cannot be read."""

    def __init__(self, field: Field, value: float | str) -> None:
        self.field = field
        # 2027.0 is an integer to JSON schema, so it is one here
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        self.text = str(whole).strip().lower()
        self.values: set[int] = set()
        self.weekdays: list[_NthWeekday] = []
        self.last_day = False
        for term in self.text.split(","):
            self._read(term.strip())

    @property
    def every(self) -> bool:
        """Whether every value fits."""
        return len(self.values) == self.field.high - self.field.low + 1

    def days(self, year: int, month: int) -> set[int]:
        """The days of a month (field ``day``)."""
        found = set(self.values)
        if self.last_day:
            found.add(calendar.monthrange(year, month)[1])
        found.update(day for nth in self.weekdays if (day := nth.day(year, month)) is not None)
        return found

    def _read(self, term: str) -> None:
        if self.field.name == "day":
            if term == "last":
                self.last_day = True
                return
            nth = _WEEKDAY.match(term)
            if nth:
                self.weekdays.append(_NthWeekday(ORDINALS[nth["which"]], WEEKDAYS.index(nth["day"])))
                return
        found = _TERM.match(term)
        if not found:
            raise ValueError(f"`{self.text}` is not a {self._expected()}.")
        step = int(found["step"] or 1)
        if not 1 <= step <= self.field.high - self.field.low + 1:
            raise ValueError(f"The step {step} in `{self.text}` is out of range for {self.field.name}.")
        low, high = self.field.low, self.field.high
        if found["first"]:
            low = self._number(found["first"])
            if found["last"]:
                high = self._number(found["last"])
            elif not found["step"]:
                high = low
        if low > high:
            raise ValueError(f"`{term}` ends before it begins.")
        self.values.update(range(low, high + 1, step))

    def _number(self, text: str) -> int:
        field = self.field
        if text in field.names:
            return field.low + field.names.index(text)
        if not text.isdecimal():
            raise ValueError(f"`{self.text}` is not a {self._expected()}.")
        if len(text) > 4 or not field.low <= int(text) <= field.high:
            raise ValueError(f"{text[:20]} is out of range for {field.name}: {field.low} to {field.high}.")
        return int(text)

    def _expected(self) -> str:
        sample = {"day": "`*`, `*/2`, `1-15`, `1,15`, `last`, `2nd fri`", "day_of_week": "`*`, `mon-fri`, `0,6`"}
        return f"{self.field.name}: expected {sample.get(self.field.name, '`*`, `*/n`, `a-b`, `a-b/n`, `a,b`')}"


class Cron:
    """A set of fields, ready to be asked. ``fields``: field name -> expression; raises ``ValueError``."""

    def __init__(self, fields: Mapping[str, float | str]) -> None:
        unknown = [name for name in fields if name not in BY_NAME]
        if unknown:
            raise ValueError(f"`{unknown[0]}` is no field of a schedule: expected one of {', '.join(BY_NAME)}.")
        finest = max((index for index, field in enumerate(FIELDS) if field.name in fields), default=-1)
        self._of: dict[str, Expression] = {}
        for index, field in enumerate(FIELDS):
            lowest = index > finest and field.name not in ("week", "day_of_week")
            value = fields.get(field.name, field.low if lowest else "*")
            self._of[field.name] = Expression(field, value)

    def next_after(self, moment: datetime, zone: tzinfo) -> datetime | None:
        """The first firing after ``moment`` (aware) by the clock of ``zone``, in UTC; None: there is none any more."""
        moment = moment.astimezone(UTC)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        candidate = next(self._walls(wall), None)
        if not _steady(moment, zone):
            return self._near_a_change(moment, wall - NEAR, zone)
        if candidate is None or _steady(candidate.replace(tzinfo=zone), zone):
            return candidate and candidate.replace(tzinfo=zone).astimezone(UTC)
        return self._near_a_change(moment, candidate - NEAR, zone)

    def _near_a_change(self, moment: datetime, start: datetime, zone: tzinfo) -> datetime | None:
        # wall times do not come in the order of real time here: look at all that are close enough to come first
        best: datetime | None = None
        for candidate in self._walls(start):
            for real in self._moments(candidate, zone):
                if real > moment and (best is None or real < best):
                    best = real
            if best is not None and candidate > best.astimezone(zone).replace(tzinfo=None) + NEAR:
                break
        return best

    def _moments(self, wall: datetime, zone: tzinfo) -> list[datetime]:
        first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        hourly = self._of["hour"].every
        if first == second:
            return [first]
        if first < second:  # the hour comes twice
            return [first, second] if hourly else [first]
        return [] if hourly else [_end_of_gap(second, first, zone)]

    def _walls(self, start: datetime) -> Iterator[datetime]:
        """Wall times that fit, after ``start``."""
        for day in self._dates(start.date()):
            for hour in self._sorted("hour"):
                if datetime(day.year, day.month, day.day, hour, 59, 59) <= start:
                    continue
                for minute in self._sorted("minute"):
                    for second in self._sorted("second"):
                        wall = datetime(day.year, day.month, day.day, hour, minute, second)
                        if wall > start:
                            yield wall

    def _sorted(self, name: str) -> list[int]:
        return sorted(self._of[name].values)

    def _dates(self, start: date) -> Iterator[date]:
        weeks, weekdays = self._of["week"], self._of["day_of_week"]
        for year in range(start.year, min(start.year + HORIZON_YEARS, 9998) + 1):
            if year not in self._of["year"].values:
                continue
            for month in sorted(self._of["month"].values):
                if (year, month) < (start.year, start.month):
                    continue
                length = calendar.monthrange(year, month)[1]
                for number in sorted(self._of["day"].days(year, month)):
                    if number > length:
                        break
                    day = date(year, month, number)
                    if (
                        day >= start
                        and day.weekday() in weekdays.values
                        and (weeks.every or day.isocalendar().week in weeks.values)
                    ):
                        yield day


def _steady(moment: datetime, zone: tzinfo) -> bool:
    """Whether the clock is not changed around this moment."""
    real = moment.astimezone(UTC)
    return (real - NEAR).astimezone(zone).utcoffset() == (real + NEAR).astimezone(zone).utcoffset()


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment at which the clock jumped, between two moments in UTC; exact to the second."""
    offset = after.astimezone(zone).utcoffset()
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high
