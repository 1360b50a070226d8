"""When tasks with an ``interval`` ran last.

runs = db.store(IntervalStore)
runs.last("tv"); runs.ran("tv", datetime.now(UTC))
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

RUNS = Table(
    "interval_runs",
    METADATA,
    Column("task", String, primary_key=True),
    Column("ran", UtcDateTime, nullable=False),
)

SCHEMA = Schema("interval", version=1, tables=(RUNS,))

_LAST = select(RUNS.c.ran).where(RUNS.c.task == bindparam("task"))


class IntervalStore:
    """The last run of each task."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self, task: str) -> datetime | None:
        """When the task ran last; None when it never did."""
        row = self._db.row(_LAST, {"task": task})
        return row["ran"] if row else None

    def ran(self, task: str, when: datetime) -> None:
        """Remember a run."""
        with self._db.transaction():
            self._db.put(RUNS, [{"task": task, "ran": when}], key=("task",))
