"""Many rows at once: the same values come back, whatever their type, and what a default fills is filled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, select

from server.storage.database import Database
from server.storage.schema import UtcDateTime

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True),
    Column("when", UtcDateTime),
    Column("flag", Boolean),
    Column("data", JSON),
    Column("filled", Integer, default=7),
)
WHEN = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/things.sqlite")
    with database.transaction() as connection:
        THINGS.create(connection)
    return database


def rows(count: int, **more: object) -> list[dict[str, object]]:
    return [
        {"id": number, "name": f"n{number}", "when": WHEN, "flag": number % 2 == 0, "data": {"a": [number]}, **more}
        for number in range(1, count + 1)
    ]


def test_every_type_comes_back_as_it_was(db: Database) -> None:
    given = [*rows(3, filled=1), {"id": 4, "name": None, "when": None, "flag": None, "data": None, "filled": None}]
    db.insert(THINGS, given)
    assert db.rows(select(THINGS).order_by(THINGS.c.id)) == given


def test_columns_may_come_in_any_order(db: Database) -> None:
    given = rows(2, filled=1)
    db.insert(THINGS, [dict(reversed(row.items())) for row in given])
    assert db.rows(select(THINGS).order_by(THINGS.c.id)) == given


def test_a_default_fills_what_is_left_out(db: Database) -> None:
    db.insert(THINGS, rows(2))
    assert [row["filled"] for row in db.rows(select(THINGS))] == [7, 7]


def test_put_brings_known_rows_up_to_date(db: Database) -> None:
    db.insert(THINGS, rows(3, filled=1))
    db.put(THINGS, [{**row, "filled": 2} for row in rows(4)], key=("name",))
    assert [row["filled"] for row in db.rows(select(THINGS))] == [2, 2, 2, 2]


def test_a_row_without_a_column_of_the_others_is_refused_and_nothing_is_written(db: Database) -> None:
    with pytest.raises(KeyError, match="filled"):
        db.insert(THINGS, [*rows(1, filled=1), {**rows(2)[1]}])
    assert db.rows(select(THINGS)) == []
