"""Rejections that hold beyond their run, by task.

    rejected = db.store(RejectedStore)
    rejected.remember([Rejection("films", "Some.Film", "http://example.com/1", "content_size", "too small", None)])
    rejected.known("films", [("Some.Film", "http://example.com/1")])

A rejection ends when it expires, when its task's config changes, or when the entry was not met for :data:`KEPT_DAYS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    Column,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from server.storage.database import Database
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Schema, UtcDateTime

REJECTED = Table(
    "rejected_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("met", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime),
    Column("rejected_by", String, nullable=False),
    Column("reason", String, nullable=False),
    UniqueConstraint("task", "title", "url"),
    Index("ix_rejected_added", "added"),
    Index("ix_rejected_met", "met"),
    Index("ix_rejected_title", "title"),
    Index("ix_rejected_url", "url"),
    Index("ix_rejected_expires", "expires"),
    Index("ix_rejected_by", "rejected_by"),
    Index("ix_rejected_reason", "reason"),
)

CONFIGS = Table(
    "rejected_configs",
    METADATA,
    Column("task", String, primary_key=True),
    Column("digest", String, nullable=False),
)

SCHEMA = Schema("rejected", version=1, tables=(REJECTED, CONFIGS))

SORT_KEYS = ("added", "id", "title", "url", "expires", "rejected_by", "reason")

KEPT_DAYS = 30
"""Days after which a rejection is dropped whose entry did not come by any more."""

CHUNK = 2000
"""Rows that are written in one transaction."""

_BY_ID = select(REJECTED).where(REJECTED.c.id == bindparam("id"))
_DIGEST = select(CONFIGS.c.digest).where(CONFIGS.c.task == bindparam("task"))
_ALL = select(REJECTED).order_by(REJECTED.c.added.desc(), REJECTED.c.id.desc())


class Rejection(NamedTuple):
    """Something to keep rejected; ``expires``: None for good."""

    task: str
    title: str
    url: str
    rejected_by: str
    reason: str
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """A remembered rejection. ``met``: when the entry came by last, to the day."""

    id: int
    task: str
    title: str
    url: str
    added: datetime
    met: datetime
    expires: datetime | None
    rejected_by: str
    reason: str


class RejectedStore:
    """Look-ups and changes come in batches: a task asks once for all of its entries."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def remember(self, items: Sequence[Rejection]) -> None:
        """Keep these rejected; one that is known gets the new reason and end."""
        now = datetime.now(UTC)
        rows = {item[:3]: {**item._asdict(), "added": now, "met": now} for item in items}
        distinct = list(rows.values())
        for start in range(0, len(distinct), CHUNK):
            self.db.put(REJECTED, distinct[start : start + CHUNK], key=("task", "title", "url"))

    def known(self, task: str, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], RejectedEntry]:
        """Which of these (title, url) are rejected in a task still."""
        now = datetime.now(UTC)
        wanted = set(keys)
        found = {}
        for batch in self.db.in_batches(title for title, _ in wanted):
            statement = select(REJECTED).where(
                REJECTED.c.task == task,
                REJECTED.c.title.in_(batch),
                or_(REJECTED.c.expires.is_(None), REJECTED.c.expires > now),
            )
            for row in self.db.rows(statement):
                if (row["title"], row["url"]) in wanted:
                    found[row["title"], row["url"]] = RejectedEntry(**row)
        self._meet(found.values(), now)
        return found

    def _meet(self, entries: Iterable[RejectedEntry], now: datetime) -> None:
        """Note that they came by, at most once a day."""
        stale = [entry.id for entry in entries if now - entry.met > timedelta(days=1)]
        for batch in self.db.in_batches(stale):
            self.db.execute(update(REJECTED).where(REJECTED.c.id.in_(batch)).values(met=now))

    def begin(self, task: str, digest: str) -> bool:
        """Begin a run of a task: what was remembered under another config is dropped. Tells whether it was."""
        known = self.db.scalar(_DIGEST, {"task": task})
        if known == digest:
            return False
        with self.db.transaction():
            if known is not None:
                self.db.execute(delete(REJECTED).where(REJECTED.c.task == task))
            self.db.put(CONFIGS, [{"task": task, "digest": digest}], key=("task",))
        return known is not None

    def purge(self) -> int:
        """Drop what expired and what did not come by for :data:`KEPT_DAYS` days; returns how many went."""
        now = datetime.now(UTC)
        old = or_(REJECTED.c.expires < now, REJECTED.c.met < now - timedelta(days=KEPT_DAYS))
        return self.db.purge(REJECTED, old)

    # -- looking ------------------------------------------------------------------------------------------------------

    def get(self, entry_id: int) -> RejectedEntry | None:
        """One by its id."""
        row = self.db.row(_BY_ID, {"id": entry_id})
        return RejectedEntry(**row) if row else None

    def page(
        self, *, sort_by: str = "added", descending: bool = True, limit: int = 50, offset: int = 0
    ) -> tuple[list[RejectedEntry], int]:
        """Rejections, and how many there are."""
        columns = (REJECTED.c[sort_by], REJECTED.c.id)
        rows, total = sorted_page(self.db, select(REJECTED), columns, descending=descending, limit=limit, offset=offset)
        return [RejectedEntry(**row) for row in rows], total

    def all(self) -> list[RejectedEntry]:
        """Every rejection, newest first."""
        return [RejectedEntry(**row) for row in self.db.rows(_ALL)]

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def forget(self, entry_id: int) -> bool:
        """Forget one; tells whether it was there."""
        return self.db.execute(delete(REJECTED).where(REJECTED.c.id == entry_id)).rowcount > 0

    def clear(self, task: str | None = None) -> int:
        """Forget those of a task, or all; returns how many went."""
        return self.db.purge(REJECTED, REJECTED.c.id > 0 if task is None else REJECTED.c.task == task)
