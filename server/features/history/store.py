"""What tasks accepted, in the order of time: for the history command and page.

    history = db.store(HistoryStore)
    history.add([HistoryItem("tv", "Some.Show.S01E01", "http://example.com/1", None, "Accepted by series")])

Rows older than :data:`KEPT_DAYS` days are purged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Integer, Select, String, Table, bindparam, select

from server.storage.database import Database
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Schema, UtcDateTime

HISTORY = Table(
    "history",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("filename", String),
    Column("details", String, nullable=False),
    Column("time", UtcDateTime, nullable=False),
    Index("ix_history_time", "time"),
    Index("ix_history_task", "task", "time"),
    Index("ix_history_title", "title"),
    Index("ix_history_url", "url"),
    Index("ix_history_filename", "filename"),
    Index("ix_history_details", "details"),
)

SCHEMA = Schema("history", version=1, tables=(HISTORY,))

SORT_KEYS = ("id", "task", "filename", "url", "title", "time", "details")

KEPT_DAYS = 5 * 365
"""Days after which a row may be purged."""

CHUNK = 2000
"""Rows that are written in one transaction."""

_BY_ID = select(HISTORY).where(HISTORY.c.id == bindparam("id"))


class HistoryItem(NamedTuple):
    """Something accepted: ``filename`` is where its output put it, ``details`` who accepted it and why."""

    task: str
    title: str
    url: str
    filename: str | None
    details: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A remembered item."""

    id: int
    task: str
    title: str
    url: str
    filename: str | None
    details: str
    time: datetime


class HistoryStore:
    """Adds in batches, looks up by page."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, items: Sequence[HistoryItem]) -> None:
        """Remember what was accepted just now."""
        now = datetime.now(UTC)
        for start in range(0, len(items), CHUNK):
            rows = [{**item._asdict(), "time": now} for item in items[start : start + CHUNK]]
            self.db.insert(HISTORY, rows)

    def get(self, row_id: int) -> HistoryRow | None:
        """One by its id."""
        row = self.db.row(_BY_ID, {"id": row_id})
        return HistoryRow(**row) if row else None

    def page(
        self,
        *,
        task: str | None = None,
        sort_by: str = "time",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[HistoryRow], int]:
        """Rows, and how many there are; ``task``: of this task only."""
        columns = [HISTORY.c[sort_by], HISTORY.c.id]
        if sort_by == "task":
            columns.insert(1, HISTORY.c.time)  # as its index does
        rows, total = sorted_page(
            self.db, self._of_task(task), columns, descending=descending, limit=limit, offset=offset
        )
        return [HistoryRow(**row) for row in rows], total

    def search(self, text: str | None = None, *, task: str | None = None, limit: int = 50) -> list[HistoryRow]:
        """The newest rows whose title holds every word of ``text`` (blanks and dots are alike), newest first."""
        statement = self._of_task(task)
        for word in (text or "").replace(".", " ").split():
            statement = statement.where(HISTORY.c.title.icontains(word, autoescape=True))
        rows = self.db.rows(statement.order_by(HISTORY.c.time.desc(), HISTORY.c.id.desc()).limit(limit))
        return [HistoryRow(**row) for row in rows]

    def purge(self, days: int = KEPT_DAYS) -> int:
        """Drop rows older than ``days`` days; returns how many went."""
        return self.db.purge(HISTORY, HISTORY.c.time < datetime.now(UTC) - timedelta(days=days))

    @staticmethod
    def _of_task(task: str | None) -> Select[Any]:
        statement = select(HISTORY)
        return statement if task is None else statement.where(HISTORY.c.task == task)
