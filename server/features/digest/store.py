"""Entries that tasks collect for another task, by the name of the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, bindparam, delete, select

from server.engine.entry import PASSING, Entry
from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

DIGESTED = Table(
    "digested_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("list", String, nullable=False),
    Column("state", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("entry", Json, nullable=False),
    Index("ix_digested_list", "list", "added"),
)

SCHEMA = Schema("digest", version=1, tables=(DIGESTED,))

KEPT_DAYS = 365
"""Days after which an entry that nothing collected is purged."""

CHUNK = 1000
"""Entries that are written in one transaction."""

_OF_LIST = select(DIGESTED).where(DIGESTED.c.list == bindparam("name")).order_by(DIGESTED.c.id.desc())


class DigestStore:
    """Everything comes in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, name: str, entries: Iterable[Entry]) -> None:
        """Put entries on a list, with their state; what nothing collected for long goes."""
        self.purge()
        now = datetime.now(UTC)
        rows = [
            {
                "list": name,
                "state": entry.state,
                "added": now,
                "entry": {field: value for field, value in entry.items() if field not in PASSING},
            }
            for entry in entries
        ]
        for start in range(0, len(rows), CHUNK):
            self.db.insert(DIGESTED, rows[start : start + CHUNK])

    def entries(self, name: str) -> list[dict[str, Any]]:
        """Rows of a list (``id, state, added, entry``), newest first."""
        return self.db.rows(_OF_LIST, {"name": name})

    def remove(self, ids: Iterable[int]) -> None:
        """Take entries off."""
        for batch in self.db.in_batches(ids):
            self.db.execute(delete(DIGESTED).where(DIGESTED.c.id.in_(batch)))

    def purge(self) -> int:
        """Drop what is older than :data:`KEPT_DAYS`; returns how many went."""
        return self.db.purge(DIGESTED, DIGESTED.c.added < datetime.now(UTC) - timedelta(days=KEPT_DAYS))
