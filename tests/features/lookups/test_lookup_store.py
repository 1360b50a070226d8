"""What is kept of public sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.features.lookups.store import ANSWERS, LookupStore
from server.storage.database import Database, sqlite_url


def test_old_answers_go_when_new_ones_come(tmp_path: Path) -> None:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    db.store(LookupStore).keep("tvmaze", "/shows/1", {"id": 1})
    db.execute(ANSWERS.update().values(fetched=datetime.now(UTC) - timedelta(days=61)))
    db.close()
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    store = db.store(LookupStore)
    store.keep("tvmaze", "/shows/2", {"id": 2})
    assert store.get("tvmaze", "/shows/1") is None
    assert store.get("tvmaze", "/shows/2") is not None
    db.close()
