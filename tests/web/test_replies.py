"""How plain data becomes the text of an answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from server.web.replies import dump_json


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5))),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ],
)
def test_moments_are_told_as_the_standard_library_tells_them(moment: datetime) -> None:
    assert json.loads(dump_json([moment])) == [format_datetime(moment.astimezone(UTC), usegmt=True)]


def test_moments_without_a_zone_count_as_utc() -> None:
    assert dump_json(datetime(2026, 11, 23, 15, 26, 9)) == b'"Mon, 23 Nov 2026 15:26:09 GMT"'
