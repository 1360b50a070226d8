"""What ``discover`` looked for, and when, by task.

memory = db.store(DiscoverStore)
memory.searched("films", ["Some Film"])
memory.last("films", ["Some Film"])     # {"Some Film": datetime}
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Index, String, Table, delete, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

SEARCHES = Table(
    "discover_searches",
    METADATA,
    Column("task", String, primary_key=True),
    Column("title", String, primary_key=True),
    Column("searched", UtcDateTime, nullable=False),
    Index("ix_discover_searched", "searched"),
)

SCHEMA = Schema("discover", version=1, tables=(SEARCHES,))

KEPT_DAYS = 365
"""Days after which a search is forgotten."""


class DiscoverStore:
    """The last search for each title of each task."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self, task: str, titles: Iterable[str]) -> dict[str, datetime]:
        """When each title was looked for last; those that never were are left out."""
        found: dict[str, datetime] = {}
        for batch in self._db.in_batches(titles):
            statement = select(SEARCHES).where(SEARCHES.c.task == task, SEARCHES.c.title.in_(batch))
            found.update((row["title"], row["searched"]) for row in self._db.rows(statement))
        return found

    def searched(self, task: str, titles: Iterable[str]) -> None:
        """Remember that these were looked for now."""
        now = datetime.now(UTC)
        rows = [{"task": task, "title": title, "searched": now} for title in titles]
        with self._db.transaction():
            self._db.put(SEARCHES, rows, key=("task", "title"))
            self._db.execute(delete(SEARCHES).where(SEARCHES.c.searched < now - timedelta(days=KEPT_DAYS)))
