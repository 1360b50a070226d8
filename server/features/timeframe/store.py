"""Since when each movie or episode is waited for, and whether it was taken.

    waits = db.store(TimeframeStore)
    waits.begin([Wait("show s01e01", "Show.S01E01.720p", "720p")])
    waits.known(["show s01e01"])

Rows are purged :data:`KEPT_DAYS` days after they were first seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

WAITS = Table(
    "timeframe_waits",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("identifier", String, nullable=False, unique=True),
    Column("title", String, nullable=False),
    Column("quality", String, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Index("ix_timeframe_first_seen", "first_seen"),
)

SCHEMA = Schema("timeframe", version=1, tables=(WAITS,))

KEPT_DAYS = 365
"""Days after which a row is purged."""


class Wait(NamedTuple):
    """The best release so far of something."""

    identifier: str
    title: str
    quality: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of something that is or was waited for."""

    id: int
    identifier: str
    title: str
    quality: str
    first_seen: datetime
    accepted: bool


class TimeframeStore:
    """Look-ups and changes come in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def known(self, identifiers: Iterable[str]) -> dict[str, Waiting]:
        """Those that were met before."""
        found = {}
        for batch in self.db.in_batches(identifiers):
            for row in self.db.rows(select(WAITS).where(WAITS.c.identifier.in_(batch))):
                found[row["identifier"]] = Waiting(**row)
        return found

    def begin(self, waits: Sequence[Wait]) -> None:
        """From now on these are waited for."""
        now = datetime.now(UTC)
        self.db.insert(WAITS, [{**wait._asdict(), "first_seen": now, "accepted": False} for wait in waits])

    def accept(self, waits: Sequence[Wait]) -> None:
        """These were taken."""
        now = datetime.now(UTC)
        known = self.known(wait.identifier for wait in waits)
        rows = []
        for wait in waits:
            before = known.get(wait.identifier)
            rows.append({**wait._asdict(), "first_seen": before.first_seen if before else now, "accepted": True})
        self.db.put(WAITS, rows, key=("identifier",))

    def purge(self) -> int:
        """Drop what is old; returns how many went."""
        return self.db.purge(WAITS, WAITS.c.first_seen < datetime.now(UTC) - timedelta(days=KEPT_DAYS))
