"""The history of what was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from server.features.history.store import HISTORY, SORT_KEYS, HistoryItem, HistoryStore
from server.storage.database import Database, sqlite_url


@pytest.fixture
def history(tmp_path: Path) -> Iterator[HistoryStore]:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    yield db.store(HistoryStore)
    db.close()


def item(title: str, task: str = "tv") -> HistoryItem:
    return HistoryItem(task, title, f"http://h/{title}", None, "Accepted by series")


def test_rows_come_newest_first_by_task(history: HistoryStore) -> None:
    history.add([item("One"), item("Two", "films"), item("Three")])
    rows, total = history.page()
    assert ([row.title for row in rows], total) == (["Three", "Two", "One"], 3)
    assert [row.title for row in history.page(task="films")[0]] == ["Two"]
    assert history.get(rows[0].id) == rows[0]
    assert history.get(99) is None


@pytest.mark.parametrize("key", SORT_KEYS)
def test_rows_can_be_sorted_by_every_column(history: HistoryStore, key: str) -> None:
    history.add([item("One"), item("Two")])
    up, down = history.page(sort_by=key, descending=False)[0], history.page(sort_by=key)[0]
    assert up == list(reversed(down))


def test_a_search_finds_titles_that_hold_every_word(history: HistoryStore) -> None:
    history.add([item("Some.Show.S01E01"), item("Other.Show.S01E01")])
    assert [row.title for row in history.search("show some")] == ["Some.Show.S01E01"]
    assert len(history.search(limit=1)) == 1


def test_old_rows_are_purged(history: HistoryStore) -> None:
    history.add([item("Old"), item("New")])
    with history.db.transaction():
        history.db.execute(
            update(HISTORY).where(HISTORY.c.title == "Old").values(time=history.page()[0][0].time.replace(year=2000))
        )
    assert history.purge() == 1
    assert [row.title for row in history.search()] == ["New"]
