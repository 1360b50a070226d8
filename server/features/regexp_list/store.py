"""Named lists of regular expressions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint, bindparam, delete, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

LISTS = Table(
    "regexp_lists",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("added", UtcDateTime, nullable=False),
)
REGEXPS = Table(
    "regexp_list_regexps",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey(LISTS.c.id, ondelete="CASCADE"), nullable=False),
    Column("regexp", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    UniqueConstraint("list_id", "regexp"),
)
SCHEMA = Schema("regexp_list", version=1, tables=(LISTS, REGEXPS))


@dataclass(frozen=True, slots=True)
class Regexp:
    """One expression on a list."""

    id: int
    list_id: int
    regexp: str
    added: datetime


class RegexpListStore:
    """Lists by name (without case)."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def lists(self) -> list[tuple[int, str]]:
        """Ids and names."""
        return [(row["id"], row["name"]) for row in self.db.rows(select(LISTS).order_by(LISTS.c.id))]

    def find(self, name: str) -> int | None:
        """A list's id by its name."""
        row = self.db.row(_BY_KEY, {"key": name.lower()})
        return row["id"] if row else None

    def ensure(self, name: str) -> int:
        """The id of the list of that name, made when there is none."""
        with self.db.transaction():
            found = self.find(name)
            if found is not None:
                return found
            return self.db.insert_one(LISTS, {"name": name, "key": name.lower(), "added": datetime.now(UTC)})

    def regexps(self, list_id: int) -> list[Regexp]:
        """What is on a list, oldest first."""
        return [Regexp(**row) for row in self.db.rows(_OF_LIST, {"list_id": list_id})]

    def add(self, list_id: int, regexps: Iterable[str]) -> None:
        """Put expressions on a list; known ones stay as they are."""
        now = datetime.now(UTC)
        rows: list[dict[str, Any]] = [
            {"list_id": list_id, "regexp": text, "added": now} for text in dict.fromkeys(regexps)
        ]
        with self.db.transaction():
            known = {item.regexp for item in self.regexps(list_id)}
            self.db.insert(REGEXPS, [row for row in rows if row["regexp"] not in known])

    def remove(self, list_id: int, ids: Iterable[int] | None = None) -> int:
        """Take expressions (None: all) off a list; returns how many there were."""
        statement = delete(REGEXPS).where(REGEXPS.c.list_id == list_id)
        if ids is not None:
            statement = statement.where(REGEXPS.c.id.in_(list(ids)))
        return self.db.execute(statement).rowcount

    def delete(self, list_id: int) -> None:
        """Delete a list with everything on it."""
        with self.db.transaction():
            self.remove(list_id)
            self.db.execute(delete(LISTS).where(LISTS.c.id == list_id))


_BY_KEY = select(LISTS).where(LISTS.c.key == bindparam("key"))
_OF_LIST = select(REGEXPS).where(REGEXPS.c.list_id == bindparam("list_id")).order_by(REGEXPS.c.id)
