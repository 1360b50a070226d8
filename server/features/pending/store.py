"""Entries that wait for approval, by task.

    pending = db.store(PendingStore)
    pending.add("films", [entry])
    pending.approve([1])
    pending.approved("films")

What is kept of an entry is how its input made it, without what plugins found out since. What nobody approved within
:data:`KEPT_DAYS` days is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    select,
    true,
    update,
)

from server.engine.entry import Entry
from server.features.backlog.store import as_made
from server.storage.database import Database
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

PENDING = Table(
    "pending_approval",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task_name", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("approved", Boolean, nullable=False, default=False),
    Column("added", UtcDateTime, nullable=False),
    Column("entry", Json, nullable=False),
    UniqueConstraint("task_name", "title", "url"),
    Index("ix_pending_approval_task", "task_name"),
    Index("ix_pending_approval_added", "added"),
    Index("ix_pending_approval_title", "title"),
    Index("ix_pending_approval_url", "url"),
    Index("ix_pending_approval_approved", "approved"),
)

SCHEMA = Schema("pending_approval", version=1, tables=(PENDING,))

SORT_KEYS = ("added", "task_name", "title", "url", "approved")

KEPT_DAYS = 365
"""Days after which what nobody approved is dropped."""

CHUNK = 1000
"""Entries that are written in one transaction."""

_LOOKS = tuple(column for column in PENDING.c if column.name != "entry")
_BY_ID = select(*_LOOKS).where(PENDING.c.id == bindparam("id"))
_APPROVED = (
    select(PENDING.c.entry)
    .where(PENDING.c.task_name == bindparam("task"), PENDING.c.approved.is_(True))
    .order_by(PENDING.c.id)
)

Key = tuple[str, str]
"""Title and url as the input gave them."""


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """Something that waits, or waited until it was approved."""

    id: int
    task_name: str
    title: str
    url: str
    approved: bool
    added: datetime


class PendingStore:
    """Look-ups and changes come in batches: a task asks once for all of its entries."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    # -- for tasks ----------------------------------------------------------------------------------------------------

    def add(self, task: str, entries: Iterable[Entry]) -> None:
        """Let entries wait; what waits already stays as it is."""
        now = datetime.now(UTC)
        rows: dict[Key, dict[str, Any]] = {}
        for entry in entries:
            fields = as_made(entry)
            key = str(fields["title"]), str(fields["url"])
            rows[key] = {
                "task_name": task, "title": key[0], "url": key[1], "approved": False, "added": now, "entry": fields,
            }  # fmt: skip
        known = self.known(task, rows)
        fresh = [row for key, row in rows.items() if key not in known]
        for start in range(0, len(fresh), CHUNK):
            self.db.insert(PENDING, fresh[start : start + CHUNK])

    def known(self, task: str, keys: Iterable[Key]) -> dict[Key, bool]:
        """Which of these a task has, each with whether it is approved."""
        wanted = set(keys)
        found = {}
        for batch in self.db.in_batches(title for title, _ in wanted):
            statement = select(PENDING.c.title, PENDING.c.url, PENDING.c.approved)
            for row in self.db.rows(statement.where(PENDING.c.task_name == task, PENDING.c.title.in_(batch))):
                if (row["title"], row["url"]) in wanted:
                    found[row["title"], row["url"]] = row["approved"]
        return found

    def approved(self, task: str) -> list[Entry]:
        """Fresh entries of what was approved, in the order it came."""
        return [Entry(row["entry"]) for row in self.db.rows(_APPROVED, {"task": task})]

    def done(self, task: str, keys: Iterable[Key]) -> None:
        """These were taken: they do not wait any more."""
        wanted = set(keys)
        statement = select(PENDING.c.id, PENDING.c.title, PENDING.c.url).where(PENDING.c.task_name == task)
        ids = [
            row["id"]
            for batch in self.db.in_batches(title for title, _ in wanted)
            for row in self.db.rows(statement.where(PENDING.c.title.in_(batch)))
            if (row["title"], row["url"]) in wanted
        ]
        for batch in self.db.in_batches(ids):
            self.db.execute(delete(PENDING).where(PENDING.c.id.in_(batch)))

    def purge(self) -> int:
        """Drop what waited for :data:`KEPT_DAYS` days; returns how many went."""
        old = PENDING.c.added < datetime.now(UTC) - timedelta(days=KEPT_DAYS)
        return self.db.purge(PENDING, and_(old, PENDING.c.approved.is_(False)))

    # -- looking ------------------------------------------------------------------------------------------------------

    def get(self, entry_id: int) -> PendingEntry | None:
        """One by its id."""
        row = self.db.row(_BY_ID, {"id": entry_id})
        return PendingEntry(**row) if row else None

    def page(
        self,
        *,
        task: str | None = None,
        approved: bool | None = None,
        sort_by: str = "added",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[PendingEntry], int]:
        """Those of a task (or of all), and how many there are."""
        rows, total = sorted_page(
            self.db,
            select(*_LOOKS).where(_fitting(task, approved)),
            (PENDING.c[sort_by], PENDING.c.id),
            descending=descending,
            limit=limit,
            offset=offset,
        )
        return [PendingEntry(**row) for row in rows], total

    def all(self, task: str | None = None) -> list[PendingEntry]:
        """Everything of a task, or of all, newest first."""
        statement = select(*_LOOKS).where(_fitting(task, None)).order_by(PENDING.c.added.desc(), PENDING.c.id.desc())
        return [PendingEntry(**row) for row in self.db.rows(statement)]

    # -- deciding -----------------------------------------------------------------------------------------------------

    def decide(self, approved: bool, *, ids: Iterable[int] | None = None, task: str | None = None) -> list[int]:
        """Approve entries or take it back: those of these ids, or of a task, or all; returns the ids that changed."""
        with self.db.transaction():
            statement = select(PENDING.c.id).where(_fitting(task, not approved)).order_by(PENDING.c.id)
            if ids is not None:
                statement = statement.where(PENDING.c.id.in_(list(ids)))
            changed = [row["id"] for row in self.db.rows(statement)]
            for batch in self.db.in_batches(changed):
                self.db.execute(update(PENDING).where(PENDING.c.id.in_(batch)).values(approved=approved))
        return changed

    def by_ids(self, ids: Iterable[int]) -> list[PendingEntry]:
        """Those of these ids that are there, newest first."""
        rows = [
            row
            for batch in self.db.in_batches(ids)
            for row in self.db.rows(select(*_LOOKS).where(PENDING.c.id.in_(batch)))
        ]
        return sorted((PendingEntry(**row) for row in rows), key=lambda entry: (entry.added, entry.id), reverse=True)

    def forget(self, entry_id: int) -> bool:
        """Drop one; tells whether it was there."""
        return self.db.execute(delete(PENDING).where(PENDING.c.id == entry_id)).rowcount > 0

    def clear(self, task: str | None = None, approved: bool | None = None) -> int:
        """Drop those of a task (or of all), approved or not; returns how many went."""
        return self.db.purge(PENDING, _fitting(task, approved))


def _fitting(task: str | None, approved: bool | None) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if task is not None:
        conditions.append(PENDING.c.task_name == task)
    if approved is not None:
        conditions.append(PENDING.c.approved.is_(approved))
    return and_(*conditions)
