"""Entries that wait for their time, by task.

delays = db.store(DelayStore)
delays.add("tv", entries, timedelta(hours=2))
delays.take_due("tv")
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint, bindparam, delete, select

from server.engine.entry import Entry
from server.features.backlog.store import as_made
from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

DELAYED = Table(
    "delayed_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("entry", Json, nullable=False),
    UniqueConstraint("task", "title", "url"),
    Index("ix_delayed_due", "task", "due"),
)

SCHEMA = Schema("delay", version=1, tables=(DELAYED,))

CHUNK = 1000
"""Entries that are written in one transaction."""

_DUE = select(DELAYED).where(DELAYED.c.task == bindparam("task"), DELAYED.c.due <= bindparam("now")).order_by("id")
_KNOWN = select(DELAYED.c.title, DELAYED.c.url).where(DELAYED.c.task == bindparam("task"))


class DelayStore:
    """Everything comes in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, task: str, entries: Iterable[Entry], span: timedelta) -> int:
        """Let entries wait for a span; those that wait already keep their time. Returns how many are new."""
        due = datetime.now(UTC) + span
        known = {(row["title"], row["url"]) for row in self.db.rows(_KNOWN, {"task": task})}
        rows = []
        for entry in entries:
            key = (str(entry["original_title"]), str(entry["original_url"]))
            if key not in known:
                known.add(key)
                rows.append({"task": task, "title": key[0], "url": key[1], "due": due, "entry": as_made(entry)})
        for start in range(0, len(rows), CHUNK):
            self.db.insert(DELAYED, rows[start : start + CHUNK])
        return len(rows)

    def take_due(self, task: str) -> list[Entry]:
        """Fresh entries whose time has come; they do not wait any more."""
        rows = self.db.rows(_DUE, {"task": task, "now": datetime.now(UTC)})
        for batch in self.db.in_batches(row["id"] for row in rows):
            self.db.execute(delete(DELAYED).where(DELAYED.c.id.in_(batch)))
        return [Entry(row["entry"]) for row in rows]
