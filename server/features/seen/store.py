"""What was taken before, by the values of its fields: titles, addresses, hashes, movie ids.

    seen = db.store(SeenStore)
    seen.learn([Sighting("Some.Show.S01E01", "tv", {"title": "Some.Show.S01E01", "url": "http://example.com/1"})])
    seen.known(["http://example.com/1"], task="other")      # {'http://example.com/1': Known('tv', None, 'url', ...)}

What was learned *locally* counts only in its own task. Nothing is purged: forgetting what was downloaded would download
it again; ``forget`` and the API's DELETE are the ways to make room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from server.storage.database import Database
from server.storage.paging import sorted_page
from server.storage.schema import METADATA, Schema, UtcDateTime

ENTRIES = Table(
    "seen_entries",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("title", String, nullable=False),
    Column("reason", String),
    Column("task", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Column("local", Boolean, nullable=False),
    Index("ix_seen_entries_title", "title"),
    Index("ix_seen_entries_task", "task"),
    Index("ix_seen_entries_added", "added"),
    Index("ix_seen_entries_reason", "reason"),
    Index("ix_seen_entries_local", "local"),
)

FIELDS = Table(
    "seen_fields",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", ForeignKey("seen_entries.id", ondelete="CASCADE"), nullable=False),
    Column("field", String, nullable=False),
    Column("value", String, nullable=False),
    Index("ix_seen_fields_value", "value"),
    Index("ix_seen_fields_entry", "entry_id"),
)

SCHEMA = Schema("seen", version=1, tables=(ENTRIES, FIELDS))

SORT_KEYS = ("title", "task", "added", "local", "reason", "id")

CHUNK = 2000
"""Entries that are written in one transaction: some hundredths of a second, so that nobody waits long."""

LOOKUP = 5000
"""Values that one look-up asks for."""

# Only the value is asked for: with a condition on the entries SQLite would begin at their indexes, which fit too many.
_KNOWN = (
    select(FIELDS.c.value, FIELDS.c.field, ENTRIES.c.task, ENTRIES.c.reason, ENTRIES.c.added, ENTRIES.c.local)
    .join(ENTRIES, ENTRIES.c.id == FIELDS.c.entry_id)
    .where(FIELDS.c.value.in_(bindparam("values", expanding=True)))
)
_BY_ID = select(ENTRIES).where(ENTRIES.c.id == bindparam("id"))
_FIELDS_OF = select(FIELDS).where(FIELDS.c.entry_id.in_(bindparam("ids", expanding=True))).order_by(FIELDS.c.id)
_HIGHEST_ENTRY = select(func.coalesce(func.max(ENTRIES.c.id), 0))
_HIGHEST_FIELD = select(func.coalesce(func.max(FIELDS.c.id), 0))
_FORGET = delete(ENTRIES).where(ENTRIES.c.id.in_(bindparam("ids", expanding=True)))
_FORGET_FIELDS = delete(FIELDS).where(FIELDS.c.entry_id.in_(bindparam("ids", expanding=True)))


class Known(NamedTuple):
    """Who learned a value, in which field and when, and the reason given then."""

    task: str
    reason: str | None
    field: str
    added: datetime


class Sighting(NamedTuple):
    """Something to learn: ``fields`` maps names to values; what is empty is left out."""

    title: str
    task: str
    fields: Mapping[str, str]
    reason: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class SeenField:
    """A value by which something is recognised."""

    id: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """Something remembered, with its fields."""

    id: int
    title: str
    reason: str | None
    task: str
    added: datetime
    local: bool
    fields: tuple[SeenField, ...]


class SeenStore:
    """Look-ups and learning come in batches: a task asks once for all of its entries."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def known(self, values: Iterable[str], task: str, *, local: bool = False) -> dict[str, Known]:
        """Which of these values were learned, in any field: by ``task``, or (if not ``local``) globally by another."""
        found: dict[str, Known] = {}
        for batch in self.db.in_batches(values, LOOKUP):
            for row in self.db.rows(_KNOWN, {"values": batch}):
                foreign = row.pop("local") or local
                if row["task"] == task or not foreign:
                    found.setdefault(row.pop("value"), Known(**row))
        return found

    def learn(self, sightings: Sequence[Sighting]) -> None:
        """Remember, some thousand at a time. A value that several fields of one entry share is kept once."""
        now = datetime.now(UTC)
        for start in range(0, len(sightings), CHUNK):
            with self.db.transaction():
                self._write(sightings[start : start + CHUNK], now)

    def _write(self, sightings: Sequence[Sighting], now: datetime) -> None:
        entry_id = self.db.scalar(_HIGHEST_ENTRY)
        field_id = self.db.scalar(_HIGHEST_FIELD)
        entries: list[dict[str, Any]] = []
        fields: list[dict[str, Any]] = []
        for title, task, values, reason, local in sightings:
            entry_id += 1
            entries.append(
                {"id": entry_id, "title": title, "reason": reason, "task": task, "added": now, "local": local}
            )
            taken = set()
            for field, value in values.items():
                if value and value not in taken:
                    taken.add(value)
                    field_id += 1
                    fields.append({"id": field_id, "entry_id": entry_id, "field": field, "value": value})
        self.db.insert(ENTRIES, entries)
        self.db.insert(FIELDS, fields)

    # -- looking ------------------------------------------------------------------------------------------------------

    def get(self, entry_id: int) -> SeenEntry | None:
        """One by its id."""
        row = self.db.row(_BY_ID, {"id": entry_id})
        return self._with_fields([row])[0] if row else None

    def page(
        self,
        *,
        value: str | None = None,
        local: bool | None = None,
        sort_by: str = "title",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[SeenEntry], int]:
        """Those that fit, and how many there are. ``value``: a part of any remembered value, without case."""
        columns = (ENTRIES.c[sort_by], ENTRIES.c.id)
        rows, total = sorted_page(
            self.db, self._fitting(value, local), columns, descending=descending, limit=limit, offset=offset
        )
        return self._with_fields(rows), total

    def search(self, value: str) -> list[SeenEntry]:
        """All that have ``value`` in one of their fields, newest first."""
        statement = self._fitting(value, None).order_by(ENTRIES.c.added.desc(), ENTRIES.c.id.desc())
        return self._with_fields(self.db.rows(statement))

    def _fitting(self, value: str | None, local: bool | None) -> Select[Any]:
        statement = select(ENTRIES)
        if value:
            column = FIELDS.c.value
            fits = column.contains if self.db.path else column.icontains  # SQLite's LIKE is without case anyway
            statement = statement.where(ENTRIES.c.id.in_(select(FIELDS.c.entry_id).where(fits(value, autoescape=True))))
        if local is not None:
            statement = statement.where(ENTRIES.c.local.is_(local))
        return statement

    def _with_fields(self, rows: list[dict[str, Any]]) -> list[SeenEntry]:
        fields: dict[int, list[SeenField]] = {}
        for batch in self.db.in_batches(row["id"] for row in rows):
            for row in self.db.rows(_FIELDS_OF, {"ids": batch}):
                fields.setdefault(row["entry_id"], []).append(SeenField(row["id"], row["field"], row["value"]))
        return [SeenEntry(**row, fields=tuple(fields.get(row["id"], ()))) for row in rows]

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def forget(self, entry_id: int) -> bool:
        """Forget one by its id; tells whether it was there."""
        return self._forget([entry_id]) > 0

    def forget_value(self, value: str, task: str | None = None) -> int:
        """Forget all with this title or with exactly this value in a field; returns how many fields went."""
        holders = select(FIELDS.c.entry_id).where(FIELDS.c.value == value)
        ids = select(ENTRIES.c.id).where(or_(ENTRIES.c.title == value, ENTRIES.c.id.in_(holders)))
        if task is not None:
            ids = ids.where(ENTRIES.c.task == task)
        return self._forget_fields([row["id"] for row in self.db.rows(ids)])

    def forget_all(self, value: str, tasks: Sequence[str] | None = None) -> tuple[int, int]:
        """Forget all with this title, with this value in a field, or of the task of this name, within ``tasks``.

        Returns how many entries and how many fields went.
        """
        holders = select(FIELDS.c.entry_id).where(FIELDS.c.value == value)
        ids = select(ENTRIES.c.id).where(
            or_(ENTRIES.c.title == value, ENTRIES.c.task == value, ENTRIES.c.id.in_(holders))
        )
        if tasks is not None:
            ids = ids.where(ENTRIES.c.task.in_(tasks))
        found = [row["id"] for row in self.db.rows(ids)]
        return len(found), self._forget_fields(found)

    def forget_values(self, values: Iterable[str]) -> int:
        """Forget all with one of these titles or values; returns how many entries went."""
        ids: set[int] = set()
        for batch in self.db.in_batches(values):
            by_title = select(ENTRIES.c.id).where(ENTRIES.c.title.in_(batch))
            by_value = select(FIELDS.c.entry_id.label("id")).where(FIELDS.c.value.in_(batch))
            ids.update(row["id"] for statement in (by_title, by_value) for row in self.db.rows(statement))
        return self._forget(sorted(ids))

    def forget_fitting(self, *, value: str | None = None, local: bool | None = None) -> int:
        """Forget what :meth:`page` would show; without conditions everything. Returns how many entries went."""
        found = self._fitting(value, local).with_only_columns(ENTRIES.c.id)
        return self._forget([row["id"] for row in self.db.rows(found)])

    def _forget_fields(self, ids: list[int]) -> int:
        count = sum(len(self.db.rows(_FIELDS_OF, {"ids": batch})) for batch in self.db.in_batches(ids))
        self._forget(ids)
        return count

    def _forget(self, ids: Iterable[int]) -> int:
        gone = 0
        for batch in self.db.in_batches(ids, CHUNK):
            with self.db.transaction():
                self.db.execute(_FORGET_FIELDS, {"ids": batch})
                gone += self.db.execute(_FORGET, {"ids": batch}).rowcount
        return gone
