"""What ``schedules:`` in the config may hold, told once: the validator's schema and how it is read.

    schedules:
      - tasks: [tv, "movies *"]
        interval: {hours: 2, jitter: 60}
      - tasks: nightly
        schedule: {day_of_week: mon-fri, hour: 4}

``yes`` or nothing at all means every task once an hour, ``no`` means none.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from server.config.formats import register_format
from server.engine.cron import BY_NAME, FIELDS, Cron, Expression

UNITS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
"""Units of an interval in seconds."""

LONGEST = 100 * 366 * 86_400
"""Seconds of the longest interval."""

DEFAULT: tuple[dict[str, Any], ...] = ({"tasks": ["*"], "interval": {"hours": 1}},)
"""What applies where the config says nothing, or ``yes``."""

_JITTER = {
    "type": "integer",
    "minimum": 0,
    "maximum": 604_800,
    "title": "Jitter",
    "description": "Each run comes up to this many seconds later, by chance.",
}


def _check(name: str) -> Callable[[str], object]:
    return lambda text: Expression(BY_NAME[name], text)


for _field in FIELDS:
    register_format(f"cron_{_field.name}", _check(_field.name), expected=f"an expression for {_field.name}")

INTERVAL_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Interval",
    "description": "How long to wait between two runs. Several units add up.",
    "properties": {
        **{
            unit: {"type": "number", "minimum": 0, "maximum": LONGEST // seconds, "title": unit.capitalize()}
            for unit, seconds in UNITS.items()
        },
        "jitter": _JITTER,
    },
    "anyOf": [{"required": [unit], "properties": {unit: {"exclusiveMinimum": 0}}} for unit in UNITS],
    "additionalProperties": False,
    "examples": [{"minutes": 30}, {"hours": 1, "jitter": 120}],
}

CRON_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Schedule",
    "description": "When to run, by the clock. Fields finer than the finest given one are at their lowest.",
    "properties": {
        **{
            field.name: {
                "type": ["integer", "string"],
                "minimum": field.low,
                "maximum": field.high,
                "format": f"cron_{field.name}",
                "title": field.name.replace("_", " ").capitalize(),
            }
            for field in FIELDS
        },
        "jitter": _JITTER,
    },
    # none at all would mean every second, which nobody who writes `schedule: {}` has in mind
    "anyOf": [{"required": [field.name]} for field in FIELDS],
    "additionalProperties": False,
    "examples": [{"hour": 4}, {"day_of_week": "mon-fri", "hour": "9-17", "minute": "*/20"}, {"day": "last sun"}],
}

SCHEDULE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "tasks": {
            "oneOf": [{"type": "array", "items": {"type": "string"}, "minItems": 1}, {"type": "string"}],
            "title": "Tasks",
            "description": "Names of tasks; `*` and `?` stand for any characters.",
            "examples": ["*", ["tv", "movies *"]],
        },
        "interval": INTERVAL_SCHEMA,
        "schedule": CRON_SCHEMA,
    },
    "required": ["tasks"],
    "minProperties": 2,
    "maxProperties": 2,
    "additionalProperties": False,
}
"""One schedule: tasks, and one of interval and schedule."""

SCHEDULES_SCHEMA: dict[str, Any] = {
    "title": "Schedules",
    "description": "When tasks run by themselves: a list, `yes` for every task once an hour, `no` for never.",
    "oneOf": [{"type": "array", "items": SCHEDULE_SCHEMA}, {"type": "boolean"}],
}
"""The value of the top-level key ``schedules``."""


def effective(value: Any) -> list[dict[str, Any]] | None:
    """The schedules that a value of ``schedules:`` comes to (None: it is absent); None when they are switched off."""
    if value is False:
        return None
    if value is None or value is True:
        return [dict(schedule) for schedule in DEFAULT]
    return [dict(schedule) for schedule in value]


def patterns(schedule: Mapping[str, Any]) -> list[str]:
    """The names and globs of a schedule's tasks."""
    tasks = schedule["tasks"]
    return [tasks] if isinstance(tasks, str) else [str(task) for task in tasks]


@dataclass(frozen=True)
class Plan:
    """When a schedule is due. Exactly one of ``every`` and ``cron`` is set."""

    every: timedelta | None
    cron: Cron | None
    jitter: float

    @classmethod
    def of(cls, schedule: Mapping[str, Any]) -> Plan:
        """Read a valid schedule; raises ``ValueError`` for field expressions that mean nothing."""
        interval = schedule.get("interval")
        if interval is not None:
            seconds = sum(float(interval.get(unit, 0)) * worth for unit, worth in UNITS.items())
            seconds = min(max(seconds, 1.0), LONGEST)
            return cls(timedelta(seconds=seconds), None, float(interval.get("jitter", 0)))
        fields = dict(schedule.get("schedule") or {})
        jitter = float(fields.pop("jitter", 0))
        return cls(None, Cron(fields), jitter)

    def after(self, moment: datetime, planned: datetime | None, zone: tzinfo) -> datetime | None:
        """The next planned time after ``moment``; None when there is none any more.

        ``planned``: the time that was planned last. Intervals keep their step from there, so that they never drift.
        """
        if self.cron is not None:
            return self.cron.next_after(moment, zone)
        if self.every is None:
            return None
        if planned is None or planned > moment:
            return moment + self.every
        steps = (moment - planned) // self.every + 1
        return planned + steps * self.every

    def shifted(self, planned: datetime, chance: Callable[[float, float], float] = random.uniform) -> datetime:
        """The planned time with its jitter."""
        return planned.astimezone(UTC) + timedelta(seconds=chance(0.0, self.jitter)) if self.jitter else planned
