"""The machine's own zone behaves like the named one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.engine.cron import Cron
from server.engine.local_zone import LocalZone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the zone of a process cannot be set there")


@pytest.fixture
def berlin() -> Iterator[ZoneInfo]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield ZoneInfo("Europe/Berlin")
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def test_offsets_are_those_of_the_named_zone_all_year(berlin: ZoneInfo) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(366 * 4):
        moment += timedelta(hours=6)
        assert moment.astimezone(LocalZone()).isoformat() == moment.astimezone(berlin).isoformat()


@pytest.mark.parametrize("start", ["2026-03-28T12:00", "2026-10-24T12:00"])
@pytest.mark.parametrize("fields", [{"hour": 2, "minute": 30}, {"minute": "*/20"}])
def test_schedules_fire_as_in_the_named_zone_when_clocks_change(
    berlin: ZoneInfo, start: str, fields: dict[str, int | str]
) -> None:
    moment, cron = datetime.fromisoformat(start).replace(tzinfo=UTC), Cron(fields)
    for _ in range(100):
        following = cron.next_after(moment, LocalZone())
        assert following == cron.next_after(moment, berlin)
        assert following is not None
        moment = following
