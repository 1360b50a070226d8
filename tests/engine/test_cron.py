"""Cron fields: what they take, and when they fire, also on the days when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from server.engine.cron import Cron

BERLIN = ZoneInfo("Europe/Berlin")


def firings(fields: dict[str, float | str], start: str, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    cron, moment, found = Cron(fields), datetime.fromisoformat(start).replace(tzinfo=zone), []
    for _ in range(count):
        following = cron.next_after(moment, zone)
        if following is None:
            found.append("never")
            break
        moment = following
        found.append(moment.astimezone(zone).strftime("%y-%m-%d %H:%M:%S %z"))
    return found


def walls(fields: dict[str, float | str], start: str, count: int) -> list[str]:
    return [text.rpartition(" ")[0] for text in firings(fields, start, count)]


@pytest.mark.parametrize(
    ("fields", "start", "expected"),
    [
        ({"minute": "*/20"}, "2026-11-23T10:19:59", ["26-11-23 10:20:00", "26-11-23 10:40:00", "26-11-23 11:00:00"]),
        ({"hour": 4}, "2026-11-23T04:00:00", ["26-11-24 04:00:00"]),
        ({"hour": "9-17/4", "day_of_week": "mon-fri"}, "2026-11-20T14:00", ["26-11-20 17:00:00", "26-11-23 09:00:00"]),
        ({"day_of_week": "sun"}, "2026-11-23T00:00", ["26-11-29 00:00:00", "26-12-06 00:00:00"]),
        ({"day_of_week": 0}, "2026-11-24T00:00", ["26-11-30 00:00:00"]),
        ({"day": "last"}, "2027-02-01T00:00", ["27-02-28 00:00:00", "27-03-31 00:00:00"]),
        ({"day": "2nd fri", "hour": 8}, "2026-11-01T00:00", ["26-11-13 08:00:00", "26-12-11 08:00:00"]),
        ({"day": "last sun"}, "2026-11-01T00:00", ["26-11-29 00:00:00", "26-12-27 00:00:00"]),
        ({"day": "5th mon"}, "2026-11-23T00:00", ["26-11-30 00:00:00", "27-03-29 00:00:00"]),
        ({"month": "jan,jul"}, "2026-11-23T00:00", ["27-01-01 00:00:00", "27-07-01 00:00:00"]),
        ({"month": "feb", "day": 29}, "2026-11-23T00:00", ["28-02-29 00:00:00", "32-02-29 00:00:00"]),
        ({"week": "53"}, "2026-11-23T00:00", ["26-12-28 00:00:00", "26-12-29 00:00:00"]),
        ({"day": "1,15", "minute": 20}, "2026-11-15T23:30", ["26-12-01 00:20:00", "26-12-01 01:20:00"]),
        ({"year": 2027}, "2026-11-23T00:00", ["27-01-01 00:00:00", "never"]),
        ({"second": "*/30"}, "2026-11-23T00:00:10", ["26-11-23 00:00:30", "26-11-23 00:01:00"]),
    ],
)
def test_the_next_firings_are_those_that_the_fields_tell(
    fields: dict[str, int | str], start: str, expected: list[str]
) -> None:
    found = walls(fields, start, len(expected))
    assert [text or "never" for text in found] == expected


def test_a_year_that_is_over_never_fires() -> None:
    assert Cron({"year": 2020}).next_after(datetime(2026, 1, 1, tzinfo=UTC), BERLIN) is None


def test_a_date_that_does_not_exist_never_fires() -> None:
    assert Cron({"month": 2, "day": 30}).next_after(datetime(2026, 1, 1, tzinfo=UTC), BERLIN) is None


def test_a_time_that_the_clock_jumps_over_fires_once_when_the_jump_is_over() -> None:
    assert firings({"hour": 2, "minute": 30}, "2026-03-28T12:00", 2) == [
        "26-03-29 03:00:00 +0200",
        "26-03-30 02:30:00 +0200",
    ]


def test_several_times_in_the_gap_fire_once_together() -> None:
    assert firings({"hour": 2, "minute": "*/20"}, "2026-03-28T12:00", 2) == [
        "26-03-29 03:00:00 +0200",
        "26-03-30 02:00:00 +0200",
    ]


def test_a_time_that_comes_twice_fires_at_its_first_coming_only() -> None:
    assert firings({"hour": 2, "minute": 30}, "2026-10-24T12:00", 2) == [
        "26-10-25 02:30:00 +0200",
        "26-10-26 02:30:00 +0100",
    ]


def test_schedules_for_every_hour_fire_in_both_of_the_doubled_hours() -> None:
    assert firings({"minute": 30}, "2026-10-25T01:00", 4) == [
        "26-10-25 01:30:00 +0200",
        "26-10-25 02:30:00 +0200",
        "26-10-25 02:30:00 +0100",
        "26-10-25 03:30:00 +0100",
    ]


def test_schedules_for_every_hour_leave_out_the_missing_one() -> None:
    assert firings({"minute": 30}, "2026-03-29T01:00", 3) == [
        "26-03-29 01:30:00 +0100",
        "26-03-29 03:30:00 +0200",
        "26-03-29 04:30:00 +0200",
    ]


def test_a_zone_without_clock_changes_has_no_odd_days() -> None:
    assert firings({"hour": 2, "minute": 30}, "2026-03-28T12:00", 1, ZoneInfo("UTC")) == ["26-03-29 02:30:00 +0000"]


def test_a_change_of_half_an_hour_is_known_too() -> None:
    found = firings({"hour": 2, "minute": 10}, "2026-10-03T12:00", 2, ZoneInfo("Australia/Lord_Howe"))
    assert found == ["26-10-04 02:30:00 +1100", "26-10-05 02:10:00 +1100"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"hour": 25}, "out of range for hour"),
        ({"hour": "25"}, "out of range for hour"),
        ({"minute": "a"}, "is not a minute"),
        ({"minute": "²"}, "is not a minute"),
        ({"minute": ""}, "is not a minute"),
        ({"minute": "5-1"}, "ends before it begins"),
        ({"minute": "*/0"}, "step 0"),
        ({"minute": "*/99"}, "step 99"),
        ({"day": "6th fri"}, "is not a day"),
        ({"day_of_week": "7"}, "out of range"),
        ({"hours": 1}, "is no field"),
        ({"year": "9" * 5000}, "out of range"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(fields: dict[str, int | str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Cron(fields)


def test_whole_numbers_with_a_point_are_numbers() -> None:
    # JSON schema lets them pass as integers
    assert walls({"hour": 4.0}, "2026-11-23", 1) == ["26-11-23 04:00:00"]
