"""``sort_by_weight``: the numbers are those that the reference gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.plugins.modify.sort_by_weight import points_of

NUMBERS = (
    "{title: a, n: 1, m: 50}, {title: b, n: 2, m: 40}, {title: c, n: 30, m: 30}, {title: d, n: 4, m: 2},"
    "{title: e, n: 9, m: 5}"
)


def order(engine, fields: str, entries: str = NUMBERS) -> list[tuple[str, int]]:
    task = engine(f"tasks: {{t: {{mock: [{entries}], sort_by_weight: [{fields}], accept_all: yes}}}}").run()
    return [(entry["title"], entry["sort_by_weight_sum"]) for entry in task.entries]


@pytest.mark.parametrize(
    ("n", "m", "wanted"),
    [
        ("weight: 50", "weight: 50", "c80 a51 b43 e20 d8"),
        ("weight: 60, inverse: yes", "weight: 20", "a78 b72 d52 e44 c12"),
        ("weight: 60, upper_limit: 4", "weight: 20, upper_limit: 35", "c77 e62 d61 b50 a35"),
        (
            "weight: 60, upper_limit: 4, inverse: yes",
            "weight: 20, upper_limit: 35, delta_distance: 7",
            "a65 b50 c17 e2 d1",
        ),
        ("weight: 60, delta_distance: 3", "weight: 20, delta_distance: 10", "c72 a22 b20 e20 d8"),
        ("weight: 50, delta_distance: 100", "weight: 50, delta_distance: 20", "a62 c52 b51 e10 d4"),
        ("weight: 7, inverse: yes", "weight: 11", "a17 b14 c6 d6 e5"),
    ],
)
def test_numbers_count_by_how_near_they_come_to_the_highest(engine, n: str, m: str, wanted: str) -> None:
    found = order(engine, f"{{field: n, {n}}}, {{field: m, {m}}}")
    assert " ".join(f"{title}{points}" for title, points in found) == wanted


def test_other_values_lose_a_tenth_a_place(engine) -> None:
    found = order(engine, "{field: title, weight: 60}, {field: n, weight: 20}")
    assert found == [("c", 68), ("e", 66), ("d", 56), ("b", 43), ("a", 36)]


def test_qualities(engine) -> None:
    entries = "{title: x.720p.hdtv, n: 1}, {title: x.1080p.bluray, n: 2}, {title: x.480p, n: 9}, {title: x, n: 1}"
    found = order(engine, "{field: quality, weight: 60}, {field: n, weight: 20}", entries)
    assert found == [("x.480p", 68), ("x.1080p.bluray", 64), ("x.720p.hdtv", 56), ("x", 44)]


def test_an_entry_without_the_field_gets_no_points_for_it(engine) -> None:
    entries = "{title: a, n: 1, m: 4}, {title: b, n: 2}, {title: c, m: 2}"
    found = order(engine, "{field: n, weight: 10}, {field: m, weight: 10}", entries)
    assert found == [("a", 15), ("b", 10), ("c", 5)]


def test_values_of_several_kinds_do_not_end_the_task(engine) -> None:
    entries = "{title: a, n: x}, {title: b, n: 2}, {title: c}"
    assert {title for title, _ in order(engine, "{field: n, weight: 10}, {field: none, weight: 5}", entries)} == set(
        "abc"
    )


def test_dates_count_by_their_age(engine) -> None:
    now = datetime.now(UTC)
    dates = [now - timedelta(days=days, minutes=30) for days in (1, 3, 11)]
    assert points_of(dates, {"weight": 60}) == [6, 18, 66]
    assert points_of(dates, {"weight": 60, "inverse": True}) == [53, 41, -6]
    assert points_of(dates, {"weight": 60, "upper_limit": "4 days", "inverse": True}) == [44, 14, 0]
    assert points_of(dates, {"weight": 60, "delta_distance": 3}) == [6, 20, 73]


def test_rejected_entries_are_left_alone(engine) -> None:
    task = engine(
        "tasks: {t: {mock: [{title: never, n: 9}, {title: a, n: 1}, {title: b, n: 2}], regexp: {reject: [never]},"
        " sort_by_weight: [{field: n, weight: 10}, {field: m, weight: 5}], accept_all: yes}}"
    ).run()
    assert [entry["title"] for entry in task.accepted] == ["b", "a"]
    assert "sort_by_weight_sum" not in task.rejected[0]
