"""The best release that was taken of each movie or episode.

upgrades = db.store(UpgradeStore)
upgrades.learn([Taken("show s01e01", "Show.S01E01.720p", "720p", 0)])
upgrades.known(["show s01e01"])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Column, Index, Integer, String, Table, select

from server.parsing.quality import Quality
from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

UPGRADES = Table(
    "upgrades",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("identifier", String, nullable=False, unique=True),
    Column("title", String, nullable=False),
    Column("quality", String, nullable=False),
    Column("proper_count", Integer, nullable=False),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    Index("ix_upgrades_updated", "updated"),
)

SCHEMA = Schema("upgrade", version=1, tables=(UPGRADES,))


class Taken(NamedTuple):
    """A release that was taken."""

    identifier: str
    title: str
    quality: str
    proper_count: int


@dataclass(frozen=True, slots=True)
class Best:
    """The best release so far, and since when there is one."""

    id: int
    identifier: str
    title: str
    quality: str
    proper_count: int
    first_seen: datetime
    updated: datetime


class UpgradeStore:
    """Look-ups and changes come in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def known(self, identifiers: Iterable[str]) -> dict[str, Best]:
        """What there is of these."""
        found = {}
        for batch in self.db.in_batches(identifiers):
            for row in self.db.rows(select(UPGRADES).where(UPGRADES.c.identifier.in_(batch))):
                found[row["identifier"]] = Best(**row)
        return found

    def learn(self, taken: Sequence[Taken]) -> None:
        """Remember releases, where they are better than what there is."""
        now = datetime.now(UTC)
        known = self.known(item.identifier for item in taken)
        rows = {}
        for item in taken:
            before = known.get(item.identifier)
            if before is None or _rank(item) > _rank(before):
                first = before.first_seen if before else now
                rows[item.identifier] = {**item._asdict(), "first_seen": first, "updated": now}
        self.db.put(UPGRADES, list(rows.values()), key=("identifier",))


def _rank(item: Taken | Best) -> tuple[Quality, int]:
    return Quality.parse(item.quality), item.proper_count
