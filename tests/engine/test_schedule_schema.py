"""What ``schedules:`` takes."""

from __future__ import annotations

from typing import Any

import pytest

from server.config.validate import validate
from server.engine.schedule_schema import SCHEDULES_SCHEMA


@pytest.mark.parametrize(
    "value",
    [
        True,
        False,
        [],
        [{"tasks": "*", "interval": {"hours": 1}}],
        [{"tasks": ["a", "b*"], "interval": {"weeks": 1, "days": 0, "minutes": 1.5, "seconds": 3, "jitter": 9}}],
        [{"tasks": "a", "schedule": {"day": "last fri", "hour": "*/2", "minute": 5, "day_of_week": "mon-fri"}}],
    ],
)
def test_good_schedules_are_taken(value: Any) -> None:
    assert validate(value, SCHEDULES_SCHEMA) == []


@pytest.mark.parametrize(
    "value",
    [
        "hourly",
        [{"tasks": "a"}],
        [{"tasks": [], "interval": {"hours": 1}}],
        [{"interval": {"hours": 1}}],
        [{"tasks": "a", "interval": "every 5 minutes"}],
        [{"tasks": "a", "interval": {}}],
        [{"tasks": "a", "interval": {"hours": 0}}],
        [{"tasks": "a", "interval": {"hours": -1}}],
        [{"tasks": "a", "interval": {"hours": float("nan")}}],
        [{"tasks": "a", "interval": {"fortnights": 1}}],
        [{"tasks": "a", "interval": {"hours": 1}, "schedule": {"hour": 1}}],
        [{"tasks": "a", "schedule": {"hour": 24}}],
        [{"tasks": "a", "schedule": {}}],
        [{"tasks": "a", "schedule": {"jitter": 3}}],
        [{"tasks": "a", "schedule": {"hour": "noon"}}],
        [{"tasks": "a", "schedule": "0 * * * *"}],
    ],
)
def test_bad_schedules_are_refused(value: Any) -> None:
    assert validate(value, SCHEDULES_SCHEMA)


def test_a_bad_expression_is_told_in_words() -> None:
    (issue,) = validate([{"tasks": "a", "schedule": {"hour": "25"}}], SCHEDULES_SCHEMA)
    assert "hour" in str(issue)
    assert "25" in str(issue)
