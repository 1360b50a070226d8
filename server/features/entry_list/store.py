"""Named lists of entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    select,
    update,
)

from server.storage.database import Database
from server.storage.named_lists import ListConflict, NamedListStore, lists_table
from server.storage.schema import METADATA, Json, Schema, UtcDateTime
from server.storage.words import holds_words


def tables(prefix: str) -> tuple[Table, Table]:
    """The tables of one kind of lists: the lists, and what is on them."""
    lists = lists_table(prefix)
    entries = Table(
        f"{prefix}_list_entries",
        METADATA,
        Column("id", Integer, primary_key=True),
        Column("list_id", ForeignKey(lists.c.id, ondelete="CASCADE"), nullable=False),
        Column("title", String, nullable=False),
        Column("original_url", String, nullable=False, default=""),
        Column("entry", Json, nullable=False),
        Column("added", UtcDateTime, nullable=False),
        Column("approved", Boolean, nullable=False, default=False),
        UniqueConstraint("list_id", "title"),
        Index(f"ix_{prefix}_list_entries_url", "list_id", "original_url"),
        Index(f"ix_{prefix}_list_entries_added", "list_id", "added"),
    )
    return lists, entries


LISTS, ENTRIES = tables("entry")
SCHEMA = Schema("entry_list", version=1, tables=(LISTS, ENTRIES))


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry on a list; ``entry`` holds all its fields."""

    id: int
    list_id: int
    title: str
    original_url: str
    entry: dict[str, Any]
    added: datetime
    approved: bool


class EntryListStore(NamedListStore):
    """Lists by name (without case), entries by title within a list."""

    schema = SCHEMA
    lists_table = LISTS
    items_table = ENTRIES
    approves = False
    """Whether entries need to be approved before they count."""

    def __init__(self, db: Database) -> None:
        super().__init__(db)
        entries = self.items_table
        self._entry = select(entries).where(entries.c.list_id == bindparam("list_id"), entries.c.id == bindparam("id"))

    def page(
        self,
        list_id: int,
        *,
        sort_by: str = "title",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
        part: str | None = None,
    ) -> tuple[list[ListEntry], int]:
        """Entries of a list, and how many there are; ``part``: only those whose title holds a text."""
        entries = self.items_table
        statement = select(entries).where(entries.c.list_id == list_id)
        if part:
            statement = statement.where(func.lower(entries.c.title).contains(part.lower(), autoescape=True))
        column = entries.c[sort_by]
        order = (column.desc(), entries.c.id.desc()) if descending else (column.asc(), entries.c.id.asc())
        rows, total = self.db.page(statement.order_by(*order), limit=limit, offset=offset)
        return [ListEntry(**row) for row in rows], total

    def search(self, text: str, *, list_id: int | None = None, limit: int = 50) -> list[ListEntry]:
        """Entries of any list, or of one, whose title holds every word of a text, newest first."""
        entries = self.items_table
        statement = select(entries).where(*holds_words(entries.c.title, text))
        if list_id is not None:
            statement = statement.where(entries.c.list_id == list_id)
        rows = self.db.rows(statement.order_by(entries.c.added.desc(), entries.c.id.desc()).limit(limit))
        return [ListEntry(**row) for row in rows]

    def all(self, list_id: int, *, approved: bool | None = None) -> list[ListEntry]:
        """Everything on a list, newest first."""
        entries = self.items_table
        statement = select(entries).where(entries.c.list_id == list_id).order_by(entries.c.id.desc())
        if approved is not None:
            statement = statement.where(entries.c.approved.is_(approved))
        return [ListEntry(**row) for row in self.db.rows(statement)]

    def entry(self, list_id: int, entry_id: int) -> ListEntry | None:
        """One entry by its id."""
        row = self.db.row(self._entry, {"list_id": list_id, "id": entry_id})
        return ListEntry(**row) if row else None

    def entries_by_id(self, list_id: int, ids: Iterable[int]) -> list[ListEntry]:
        """Entries of a list by their ids; unknown ones are passed over."""
        found: list[ListEntry] = []
        table = self.items_table
        for batch in self.db.in_batches(ids):
            rows = self.db.rows(select(table).where(table.c.list_id == list_id, table.c.id.in_(batch)))
            found += [ListEntry(**row) for row in rows]
        return found

    def find_entries(self, list_id: int, titles: Iterable[str]) -> dict[str, ListEntry]:
        """Those of these titles that are on a list, by title."""
        table = self.items_table
        found: dict[str, ListEntry] = {}
        for batch in self.db.in_batches(titles):
            rows = self.db.rows(select(table).where(table.c.list_id == list_id, table.c.title.in_(batch)))
            found.update((row["title"], ListEntry(**row)) for row in rows)
        return found

    def add(self, list_id: int, entry: dict[str, Any], *, replace: bool = True, approved: bool = False) -> ListEntry:
        """Put one entry on a list; raises :class:`ListConflict` for a known title unless ``replace``."""
        with self.db.transaction():
            if not replace and self.find_entries(list_id, [entry["title"]]):
                raise ListConflict(f"an entry with the title '{entry['title']}' is on the list already")
            self.add_all(list_id, [entry], approved=approved)
            found = self.find_entries(list_id, [entry["title"]])
        return found[entry["title"]]

    def add_all(self, list_id: int, entries: Sequence[dict[str, Any]], *, approved: bool = False) -> None:
        """Put entries on a list; of a title that is there already the fields are replaced."""
        now = datetime.now(UTC)
        rows = {
            entry["title"]: {
                "list_id": list_id,
                "title": entry["title"],
                "original_url": entry.get("original_url") or entry.get("url") or "",
                "entry": entry,
                "added": now,
                "approved": approved,
            }
            for entry in entries
        }
        table = self.items_table
        with self.db.transaction():
            known = {item.id: rows.pop(title) for title, item in self.find_entries(list_id, rows).items()}
            if known:
                change = update(table).where(table.c.id == bindparam("of"))
                change = change.values(entry=bindparam("data"), original_url=bindparam("address"))
                changed = [
                    {"of": of, "data": row["entry"], "address": row["original_url"]} for of, row in known.items()
                ]
                self.db.execute(change, changed)
            self.db.insert(table, list(rows.values()))

    def replace(self, list_id: int, entry_id: int, entry: dict[str, Any]) -> ListEntry | None:
        """Replace all fields of an entry; raises :class:`ListConflict` when another has the new title."""
        table = self.items_table
        with self.db.transaction():
            other = self.find_entries(list_id, [entry["title"]]).get(entry["title"])
            if other is not None and other.id != entry_id:
                raise ListConflict(f"an entry with the title '{entry['title']}' is on the list already")
            change = {"title": entry["title"], "original_url": entry.get("original_url", ""), "entry": entry}
            fits = and_(table.c.list_id == list_id, table.c.id == entry_id)
            self.db.execute(update(table).where(fits).values(**change))
        return self.entry(list_id, entry_id)

    def approve(self, list_id: int, ids: Iterable[int], approved: bool = True) -> None:
        """Approve entries, or take the approval back."""
        table = self.items_table
        with self.db.transaction():
            for batch in self.db.in_batches(ids):
                fits = and_(table.c.list_id == list_id, table.c.id.in_(batch))
                self.db.execute(update(table).where(fits).values(approved=approved))
