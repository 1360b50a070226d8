"""Entries that tasks saw, kept for searching.

archive = db.store(ArchiveStore)
archive.add([Kept("Some.Film", "http://example.com/1", "text", "films")], tags=["2024"])
archive.search("some film", tags=["2024"])
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint, func, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy import Select

ENTRIES = Table(
    "archive_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String, nullable=False),
    Column("url", String, nullable=False),
    Column("description", Text),
    Column("task", String, nullable=False, index=True),
    Column("added", UtcDateTime, nullable=False),
    UniqueConstraint("title", "url"),
)

SOURCES = Table(
    "archive_sources",
    METADATA,
    Column("title", String, primary_key=True),
    Column("url", String, primary_key=True),
    Column("source", String, primary_key=True, index=True),
)

TAGS = Table(
    "archive_tags",
    METADATA,
    Column("title", String, primary_key=True),
    Column("url", String, primary_key=True),
    Column("tag", String, primary_key=True, index=True),
)

SCHEMA = Schema("archive", version=1, tables=(ENTRIES, SOURCES, TAGS))

FOUND = 500
"""The most that a search gives."""

_WORD = re.compile(r"\w+")


class Kept(NamedTuple):
    """What is kept of an entry."""

    title: str
    url: str
    description: str | None
    task: str


@dataclass(frozen=True, slots=True)
class ArchivedEntry:
    """An entry of the archive. ``task``: the one that brought it first."""

    id: int
    title: str
    url: str
    description: str | None
    task: str
    added: datetime


class ArchiveStore:
    """Additions come in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, items: Sequence[Kept], tags: Iterable[str] = ()) -> int:
        """Keep entries; those that are there get the task as a further source, and the tags. Returns the new ones."""
        distinct = list({(item.title, item.url): item for item in items}.values())
        if not distinct:
            return 0
        now = datetime.now(UTC)
        with self._db.transaction():
            known = self._known([item.title for item in distinct])
            fresh = [item for item in distinct if (item.title, item.url) not in known]
            self._db.insert(ENTRIES, [{**item._asdict(), "added": now} for item in fresh])
            sources = [{"title": item.title, "url": item.url, "source": item.task} for item in distinct]
            self._db.put(SOURCES, sources, key=("title", "url", "source"))
            self._tag([(item.title, item.url) for item in distinct], tags)
        return len(fresh)

    def _known(self, titles: Iterable[str]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for batch in self._db.in_batches(titles):
            rows = self._db.rows(select(ENTRIES.c.title, ENTRIES.c.url).where(ENTRIES.c.title.in_(batch)))
            found.update((row["title"], row["url"]) for row in rows)
        return found

    def _tag(self, keys: Iterable[tuple[str, str]], tags: Iterable[str]) -> None:
        rows = [{"title": title, "url": url, "tag": tag.lower()} for title, url in keys for tag in tags]
        if rows:
            self._db.put(TAGS, rows, key=("title", "url", "tag"))

    def tag_source(self, source: str, tags: Iterable[str]) -> int:
        """Tag everything that a task brought; returns how much that is."""
        with self._db.transaction():
            rows = self._db.rows(select(SOURCES.c.title, SOURCES.c.url).where(SOURCES.c.source == source))
            self._tag([(row["title"], row["url"]) for row in rows], list(tags))
        return len(rows)

    def search(self, text: str, *, tags: Iterable[str] = (), sources: Iterable[str] = ()) -> list[ArchivedEntry]:
        """Entries whose titles hold these words in this order, newest first; with one of the tags, from one source."""
        words = _WORD.findall(text.replace("_", " ").lower())
        if not words:
            return []
        statement = select(ENTRIES).order_by(ENTRIES.c.id.desc())
        for word in words:
            statement = statement.where(func.lower(ENTRIES.c.title).contains(word, autoescape=True))
        for table, column, wanted in ((TAGS, "tag", [tag.lower() for tag in tags]), (SOURCES, "source", list(sources))):
            if wanted:
                same = (table.c.title == ENTRIES.c.title) & (table.c.url == ENTRIES.c.url)
                statement = statement.where(select(table.c.title).where(same, table.c[column].in_(wanted)).exists())
        whole = [re.compile(rf"\b{re.escape(word)}\b") for word in words]
        rows = self._all(statement)
        return list(islice((row for row in rows if _in_order(whole, row.title.replace("_", " ").lower())), FOUND))

    def _all(self, statement: Select[Any]) -> Iterator[ArchivedEntry]:
        """What a statement (newest first) gives, in parts."""
        part = statement
        while rows := self._db.rows(part.limit(FOUND)):
            yield from (ArchivedEntry(**row) for row in rows)
            part = statement.where(ENTRIES.c.id < rows[-1]["id"])


def _in_order(words: Sequence[re.Pattern[str]], text: str) -> bool:
    place = 0
    for word in words:
        found = word.search(text, place)
        if found is None:
            return False
        place = found.end()
    return True
