"""Named lists: what the kinds of lists (of entries, movies, expressions) have in common.

A kind has two tables, its lists (:func:`lists_table`) and what is on them (with a column ``list_id``)::

    class RegexpListStore(NamedListStore):
        schema = SCHEMA
        lists_table = LISTS
        items_table = REGEXPS
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, String, Table, and_, bindparam, delete, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime


class ListConflict(ValueError):
    """A list of that name, or one of the same on the list, is there already."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list."""

    id: int
    name: str
    added: datetime


def lists_table(kind: str) -> Table:
    """The table of the lists of one kind."""
    return Table(
        f"{kind}_lists",
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("name", String, nullable=False),
        Column("key", String, nullable=False, unique=True),  # the name without case
        Column("added", UtcDateTime, nullable=False),
    )


class NamedListStore:
    """Lists of one kind, by name (without case)."""

    schema: Schema
    lists_table: ClassVar[Table]
    items_table: ClassVar[Table]

    def __init__(self, db: Database) -> None:
        self.db = db
        lists = self.lists_table
        self._lists = select(lists.c.id, lists.c.name, lists.c.added)
        self._by_id = self._lists.where(lists.c.id == bindparam("id"))
        self._by_key = self._lists.where(lists.c.key == bindparam("key"))

    def lists(self, part: str | None = None) -> list[NamedList]:
        """All lists, or those whose name holds a text."""
        statement = self._lists.order_by(self.lists_table.c.id)
        if part:
            statement = statement.where(self.lists_table.c.key.contains(part.lower(), autoescape=True))
        return [NamedList(**row) for row in self.db.rows(statement)]

    def get(self, list_id: int) -> NamedList | None:
        """A list by its id."""
        row = self.db.row(self._by_id, {"id": list_id})
        return NamedList(**row) if row else None

    def find(self, name: str) -> NamedList | None:
        """A list by its name, in any case."""
        row = self.db.row(self._by_key, {"key": name.lower()})
        return NamedList(**row) if row else None

    def create(self, name: str) -> NamedList:
        """A new list; raises :class:`ListConflict`."""
        with self.db.transaction():
            if self.find(name):
                raise ListConflict(f"list with name '{name}' already exists")
            return self._insert(name)

    def ensure(self, name: str) -> NamedList:
        """The list of that name, made when there is none."""
        found = self.find(name)
        if found is not None:
            return found
        with self.db.transaction():
            return self.find(name) or self._insert(name)

    def delete(self, list_id: int) -> None:
        """Delete a list with everything on it."""
        with self.db.transaction():
            self.remove(list_id)
            self.db.execute(delete(self.lists_table).where(self.lists_table.c.id == list_id))

    def remove(self, list_id: int, ids: Iterable[int] | None = None) -> int:
        """Take items by their ids (None: all) off a list; returns how many were on it."""
        of_list = self.items_table.c.list_id == list_id
        with self.db.transaction():
            if ids is None:
                return self._delete_items(of_list)
            return sum(
                self._delete_items(and_(of_list, self.items_table.c.id.in_(batch))) for batch in self.db.in_batches(ids)
            )

    def _delete_items(self, condition: Any) -> int:
        return self.db.execute(delete(self.items_table).where(condition)).rowcount

    def _insert(self, name: str) -> NamedList:
        now = datetime.now(UTC)
        list_id = self.db.insert_one(self.lists_table, {"name": name, "key": name.lower(), "added": now})
        return NamedList(list_id, name, now)
