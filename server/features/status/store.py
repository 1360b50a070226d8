"""When tasks ran, and what came of it.

    status = db.store(StatusStore)
    status.add("tv", Execution(start=..., end=..., succeeded=True, produced=10, accepted=1, rejected=2, failed=0))

Executions are purged after :data:`KEPT_DAYS` days; each task's last one stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

TASKS = Table(
    "status_tasks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("last_execution_time", UtcDateTime),
    Column("last_execution_id", Integer),
    Index("ix_status_tasks_last", "last_execution_time"),
)

EXECUTIONS = Table(
    "status_executions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("status_tasks.id", ondelete="CASCADE"), nullable=False),
    Column("start", UtcDateTime, nullable=False),
    Column("end", UtcDateTime, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Column("produced", Integer),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("abort_reason", String),
    Index("ix_status_executions_start", "start"),
    *(
        Index(f"ix_status_executions_of_task_{name}", "task_id", name)
        for name in ("start", "end", "succeeded", "produced", "accepted", "rejected", "failed", "abort_reason")
    ),
)

SCHEMA = Schema("status", version=1, tables=(TASKS, EXECUTIONS))

TASK_SORT_KEYS = ("last_execution_time", "name", "id")
EXECUTION_SORT_KEYS = ("start", "end", "succeeded", "produced", "accepted", "rejected", "failed", "abort_reason")

KEPT_DAYS = 365
"""Days after which an execution is purged."""

PURGE_EVERY = 100
"""Executions between two looks for what is too old."""

_TASK = select(TASKS).where(TASKS.c.name == bindparam("name"))
_TASK_BY_ID = select(TASKS).where(TASKS.c.id == bindparam("id"))
_BY_IDS = select(EXECUTIONS).where(EXECUTIONS.c.id.in_(bindparam("ids", expanding=True)))
_LAST_SUCCESSES = select(
    TASKS.c.id,
    select(EXECUTIONS.c.start)
    .where(EXECUTIONS.c.task_id == TASKS.c.id, EXECUTIONS.c.succeeded.is_(True))
    .order_by(EXECUTIONS.c.start.desc())
    .limit(1)
    .scalar_subquery()
    .label("start"),
).where(TASKS.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution. ``produced``: entries of the inputs, None where they were injected."""

    start: datetime
    end: datetime
    succeeded: bool
    produced: int | None
    accepted: int
    rejected: int
    failed: int
    abort_reason: str | None = None
    id: int = 0
    task_id: int = 0


@dataclass(frozen=True, slots=True)
class TaskStatus:
    """A task that ran once at least."""

    id: int
    name: str
    last_execution_time: datetime | None
    last_execution_id: int | None


class StatusStore:
    """Tasks and their executions."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, task: str, execution: Execution) -> int:
        """Remember an execution; returns its id."""
        values = {name: value for name, value in asdict(execution).items() if name not in ("id", "task_id")}
        with self.db.transaction():
            row = self.db.row(_TASK, {"name": task})
            task_id = row["id"] if row else self.db.insert_one(TASKS, {"name": task})
            execution_id = self.db.insert_one(EXECUTIONS, {**values, "task_id": task_id})
            last = {"last_execution_time": execution.start, "last_execution_id": execution_id}
            self.db.execute(update(TASKS).where(TASKS.c.id == task_id).values(**last))
        if execution_id % PURGE_EVERY == 0:
            self.purge()
        return execution_id

    def task(self, task_id: int) -> TaskStatus | None:
        """A task by its id."""
        row = self.db.row(_TASK_BY_ID, {"id": task_id})
        return TaskStatus(**row) if row else None

    def task_named(self, name: str) -> TaskStatus | None:
        """A task by its name."""
        row = self.db.row(_TASK, {"name": name})
        return TaskStatus(**row) if row else None

    def tasks(
        self, *, sort_by: str = "last_execution_time", descending: bool = True, limit: int = 50, offset: int = 0
    ) -> tuple[list[TaskStatus], int]:
        """Tasks, and how many there are."""
        column = TASKS.c[sort_by]
        order = (column.desc(), TASKS.c.id.desc()) if descending else (column.asc(), TASKS.c.id.asc())
        rows, total = self.db.page(select(TASKS).order_by(*order), limit=limit, offset=offset)
        return [TaskStatus(**row) for row in rows], total

    def executions_by_id(self, ids: Iterable[int | None]) -> dict[int, Execution]:
        """Executions by id: the last ones of tasks, say."""
        found = {}
        for batch in self.db.in_batches(number for number in ids if number is not None):
            for row in self.db.rows(_BY_IDS, {"ids": batch}):
                found[row["id"]] = Execution(**row)
        return found

    def last_successes(self, ids: Iterable[int]) -> dict[int, datetime]:
        """When the last execution began that succeeded, by task."""
        found: dict[int, datetime] = {}
        for batch in self.db.in_batches(ids):
            rows = self.db.rows(_LAST_SUCCESSES, {"ids": batch})
            found |= {row["id"]: row["start"] for row in rows if row["start"] is not None}
        return found

    def executions(
        self,
        task_id: int,
        *,
        succeeded: bool = False,
        produced: bool = False,
        start: datetime | None = None,
        end: datetime | None = None,
        sort_by: str = "start",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Execution], int]:
        """Executions of a task, and how many fit.

        ``succeeded``, ``produced``: only those that did (the inputs gave anything). ``start``, ``end``: it began
        between these (aware datetimes).
        """
        statement = select(EXECUTIONS).where(EXECUTIONS.c.task_id == task_id)
        if succeeded:
            statement = statement.where(EXECUTIONS.c.succeeded.is_(True))
        if produced:
            statement = statement.where(EXECUTIONS.c.produced > 0)
        if start is not None:
            statement = statement.where(EXECUTIONS.c.start >= start)
        if end is not None:
            statement = statement.where(EXECUTIONS.c.start <= end)
        column = EXECUTIONS.c[sort_by]
        order = (column.desc(), EXECUTIONS.c.id.desc()) if descending else (column.asc(), EXECUTIONS.c.id.asc())
        rows, total = self.db.page(statement.order_by(*order), limit=limit, offset=offset)
        return [Execution(**row) for row in rows], total

    def remove(self, task_id: int) -> None:
        """Forget a task with all of its executions."""
        with self.db.transaction():
            self.db.execute(delete(EXECUTIONS).where(EXECUTIONS.c.task_id == task_id))
            self.db.execute(delete(TASKS).where(TASKS.c.id == task_id))

    def purge(self, days: int = KEPT_DAYS) -> int:
        """Drop executions older than ``days`` days; returns how many went."""
        last: Any = select(TASKS.c.last_execution_id).where(TASKS.c.last_execution_id.is_not(None))
        old = EXECUTIONS.c.start < datetime.now(UTC) - timedelta(days=days)
        return self.db.purge(EXECUTIONS, old & EXECUTIONS.c.id.not_in(last))
