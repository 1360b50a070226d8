"""Entries that stay alive for a while after they left their feed, by task.

    backlog = db.store(BacklogStore)
    backlog.add("tv", entries, timedelta(days=1))
    backlog.entries("tv")

What is kept of an entry is how its input made it, without what plugins found out since.
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
    bindparam,
    delete,
    select,
)

from server.engine.entry import Entry
from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

BACKLOG = Table(
    "backlog",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
    Column("once", Boolean, nullable=False),
    Column("entry", Json, nullable=False),
    UniqueConstraint("task", "title", "url"),
    Index("ix_backlog_expires", "expires"),
)

SCHEMA = Schema("backlog", version=1, tables=(BACKLOG,))

CHUNK = 1000
"""Entries that are written in one transaction."""

ONCE_DAYS = 7
"""Days that entries of an aborted run are kept for the next."""

_MADE = frozenset({"accepted_by", "rejected_by", "failed_by", "reason", "task"})
"""Fields that a run adds by itself."""

_OF_TASK = select(BACKLOG).where(BACKLOG.c.task == bindparam("task"), BACKLOG.c.expires > bindparam("now"))


def as_made(entry: Entry) -> dict[str, Any]:
    """The fields that an entry's input gave it."""
    later = {step.field for step in entry.trace if step.verb == "set" and step.step.phase not in (None, "input")}
    fields = {name: value for name, value in entry.items() if name not in later and name not in _MADE}
    return {**fields, "title": entry["original_title"], "url": entry["original_url"]}


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is in the backlog until ``expires``."""

    title: str
    task: str
    expires: datetime


class BacklogStore:
    """Everything comes in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, task: str, entries: Iterable[Entry], span: timedelta, *, once: bool = False) -> None:
        """Keep entries for a span from now on; ``once``: for the next run only."""
        expires = datetime.now(UTC) + span
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in entries:
            fields = as_made(entry)
            title, url = str(fields["title"]), str(fields["url"])
            rows[title, url] = {
                "task": task, "title": title, "url": url, "expires": expires, "once": once, "entry": fields,
            }  # fmt: skip
            if len(rows) == CHUNK:
                self._put(list(rows.values()))
                rows.clear()
        self._put(list(rows.values()))

    def _put(self, rows: list[dict[str, Any]]) -> None:
        self.db.put(BACKLOG, rows, key=("task", "title", "url"))

    def entries(self, task: str) -> list[tuple[Entry, bool]]:
        """Fresh entries, each with whether it is kept for one run only."""
        rows = self.db.rows(_OF_TASK, {"task": task, "now": datetime.now(UTC)})
        return [(Entry(row["entry"]), row["once"]) for row in rows]

    def clear_once(self, task: str) -> None:
        """Drop what was kept for one run only."""
        self.db.execute(delete(BACKLOG).where(BACKLOG.c.task == task, BACKLOG.c.once.is_(True)))

    def kept(self, task: str | None = None) -> list[Kept]:
        """What is in the backlog of a task, or of all, what goes first at the top."""
        statement = select(BACKLOG.c.title, BACKLOG.c.task, BACKLOG.c.expires).order_by(BACKLOG.c.expires)
        return [Kept(**row) for row in self.db.rows(statement if task is None else statement.where(_task_is(task)))]

    def clear(self, task: str | None = None) -> int:
        """Empty the backlog of a task, or of all; returns how many went."""
        statement = delete(BACKLOG)
        return self.db.execute(statement if task is None else statement.where(_task_is(task))).rowcount

    def purge(self) -> int:
        """Drop what has expired; returns how many went."""
        return self.db.purge(BACKLOG, BACKLOG.c.expires < datetime.now(UTC))


def _task_is(task: str) -> ColumnElement[bool]:
    return BACKLOG.c.task == task
