"""Sorted pages: the same rows from either end."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, select

from server.storage.database import Database, sqlite_url
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Schema

THINGS = Table("paging_things", METADATA, Column("id", Integer, primary_key=True), Column("name", String))


class Things:
    schema = Schema("paging_things", version=1, tables=(THINGS,))

    def __init__(self, db: Database) -> None:
        self.db = db


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("limit", [1, 3, 7, 23, 50])
def test_all_pages_together_are_all_rows_in_order(tmp_path: Path, descending: bool, limit: int) -> None:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    db.store(Things)
    names = [None if n % 5 == 0 else f"name {n % 4}" for n in range(23)]
    db.insert(THINGS, [{"id": n, "name": name} for n, name in enumerate(names)])
    found: list[int] = []
    for offset in range(0, 23, limit):
        rows, total = sorted_page(
            db, select(THINGS), [THINGS.c.name, THINGS.c.id], descending=descending, limit=limit, offset=offset
        )
        assert total == 23
        found += [row["id"] for row in rows]
    expected = sorted(range(23), key=lambda n: (names[n] or "", n), reverse=descending)
    assert found == expected
    assert sorted_page(db, select(THINGS), [THINGS.c.id], descending=True, limit=5, offset=23) == ([], 23)
    db.close()
