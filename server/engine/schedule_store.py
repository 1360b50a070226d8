"""What is remembered of schedules: their ids, when they ran last and when they run next.

The config file says what schedules there are; ids are given once and stay with a schedule through restarts and edits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Table, bindparam, delete, select, update

from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("last_run", UtcDateTime),
    Column("planned", UtcDateTime),
    Column("next_run", UtcDateTime),
    Column("paused", Boolean, nullable=False),
    sqlite_autoincrement=True,
)

SCHEMA = Schema("schedules", version=1, tables=(SCHEDULES,))

_ALL = select(SCHEDULES).order_by(SCHEDULES.c.position, SCHEDULES.c.id)
_UPDATE = (
    update(SCHEDULES)
    .where(SCHEDULES.c.id == bindparam("_id"))
    .values({name: bindparam(name) for name in ("position", "content", "last_run", "planned", "next_run", "paused")})
)
_DROP = delete(SCHEDULES).where(SCHEDULES.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """A schedule and its times (aware, UTC). ``id`` 0: not stored yet.

    ``planned`` is the next time by the plan, ``next_run`` the same with its jitter; None: it does not fire any more.
    """

    id: int
    position: int
    content: dict[str, Any]
    last_run: datetime | None = None
    planned: datetime | None = None
    next_run: datetime | None = None
    paused: bool = False

    def values(self) -> dict[str, Any]:
        """The columns besides the id."""
        return {
            "position": self.position,
            "content": self.content,
            "last_run": self.last_run,
            "planned": self.planned,
            "next_run": self.next_run,
            "paused": self.paused,
        }


class ScheduleStore:
    """The remembered schedules, in the order of the config."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def all(self) -> list[ScheduleState]:
        """Every schedule known."""
        return [ScheduleState(**row) for row in self.db.rows(_ALL)]

    def replace(self, states: Sequence[ScheduleState]) -> list[ScheduleState]:
        """Keep exactly these, writing only what changed; those without an id get one. Returns them with their ids."""
        with self.db.transaction():
            known = {state.id: state for state in self.all()}
            gone = known.keys() - {state.id for state in states}
            if gone:
                self.db.execute(_DROP, {"ids": sorted(gone)})
            self.save([state for state in states if state.id and known.get(state.id) != state])
            return [
                state if state.id else replace(state, id=self.db.insert_one(SCHEDULES, state.values()))
                for state in states
            ]

    def save(self, states: Sequence[ScheduleState]) -> None:
        """Write stored ones anew."""
        if states:
            self.db.execute(_UPDATE, [{"_id": state.id, **state.values()} for state in states])
