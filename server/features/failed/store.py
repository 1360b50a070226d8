"""What failed, how often, and when it may be tried again.

    failed = db.store(FailedStore)
    failed.record([Failure("Some.Film", "http://example.com/1", "disk full")], retry=lambda count: timedelta(hours=1))

Rows are purged :data:`KEPT_DAYS` days after the last failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint, bindparam, delete, select

from server.storage.database import Database
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Schema, UtcDateTime

FAILED = Table(
    "failed_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("reason", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("retry_time", UtcDateTime),
    UniqueConstraint("title", "url"),
    Index("ix_failed_title", "title"),
    Index("ix_failed_added_at", "added_at"),
    Index("ix_failed_url", "url"),
    Index("ix_failed_reason", "reason"),
    Index("ix_failed_count", "count"),
    Index("ix_failed_retry_time", "retry_time"),
)

SCHEMA = Schema("failed", version=1, tables=(FAILED,))

SORT_KEYS = {
    "failure_time": "added_at",
    **{name: name for name in ("id", "title", "url", "reason", "count", "retry_time")},
}
"""What can be sorted by, as the API calls it -> column."""

KEPT_DAYS = 30
"""Days after the last failure when a row may be purged."""

_BY_ID = select(FAILED).where(FAILED.c.id == bindparam("id"))
_ALL = select(FAILED).order_by(FAILED.c.added_at.desc(), FAILED.c.id.desc())

Key = tuple[str, str]
"""Title and original url."""


class Failure(NamedTuple):
    """Something that failed just now."""

    title: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class FailedEntry:
    """A remembered failure; ``added_at`` is the time of the last one."""

    id: int
    title: str
    url: str
    added_at: datetime
    reason: str
    count: int
    retry_time: datetime | None


class FailedStore:
    """Look-ups and changes come in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def record(self, failures: Sequence[Failure], retry: Callable[[int], timedelta | None]) -> None:
        """Count failures; ``retry(count)`` tells how long to wait after so many."""
        now = datetime.now(UTC)
        with self.db.transaction():
            known = self.known((item.title, item.url) for item in failures)
            rows = {}
            for item in failures:
                before = known.get((item.title, item.url))
                count = before.count + 1 if before else 1
                span = retry(count)
                rows[item[:2]] = {
                    **item._asdict(),
                    "added_at": now,
                    "count": count,
                    "retry_time": None if span is None else now + span,
                }
            self.db.put(FAILED, list(rows.values()), key=("title", "url"))

    def known(self, keys: Iterable[Key]) -> dict[Key, FailedEntry]:
        """Which of these have failed before."""
        wanted = set(keys)
        found = {}
        for batch in self.db.in_batches(title for title, _ in wanted):
            for row in self.db.rows(select(FAILED).where(FAILED.c.title.in_(batch))):
                if (row["title"], row["url"]) in wanted:
                    found[row["title"], row["url"]] = FailedEntry(**row)
        return found

    def any(self) -> bool:
        """Whether anything is remembered at all."""
        return self.db.scalar(select(FAILED.c.id).limit(1)) is not None

    def get(self, entry_id: int) -> FailedEntry | None:
        """One by its id."""
        row = self.db.row(_BY_ID, {"id": entry_id})
        return FailedEntry(**row) if row else None

    def page(
        self, *, sort_by: str = "failure_time", descending: bool = True, limit: int = 50, offset: int = 0
    ) -> tuple[list[FailedEntry], int]:
        """Failures, and how many there are."""
        columns = (FAILED.c[SORT_KEYS[sort_by]], FAILED.c.id)
        rows, total = sorted_page(self.db, select(FAILED), columns, descending=descending, limit=limit, offset=offset)
        return [FailedEntry(**row) for row in rows], total

    def all(self) -> list[FailedEntry]:
        """Every failure, newest first."""
        return [FailedEntry(**row) for row in self.db.rows(_ALL)]

    def forget(self, entry_id: int) -> bool:
        """Forget one; tells whether it was there."""
        return self.db.execute(delete(FAILED).where(FAILED.c.id == entry_id)).rowcount > 0

    def clear(self) -> int:
        """Forget all; returns how many went."""
        return self.db.purge(FAILED, FAILED.c.id > 0)

    def purge(self) -> int:
        """Drop what last failed :data:`KEPT_DAYS` days ago; returns how many went."""
        return self.db.purge(FAILED, FAILED.c.added_at < datetime.now(UTC) - timedelta(days=KEPT_DAYS))
