"""What is remembered of feeds: how a server marked the last answer, and the items of feeds that are made here.

feeds = db.store(FeedStore)
known = feeds.answer("tv", "http://example.com/feed.xml")    # ask with known.etag, use known.body on 304
feeds.keep_answer("tv", url, Answer(etag, modified, body, first))
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, bindparam, delete, select, update

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy import Connection

ANSWERS = Table(
    "feed_answers",
    METADATA,
    Column("task", String, primary_key=True),
    Column("url", String, primary_key=True),
    Column("etag", String),
    Column("modified", String),
    Column("body", LargeBinary),
    Column("first", LargeBinary, nullable=False),
    Column("used", UtcDateTime, nullable=False),
)

MADE = Table(
    "made_feed_items",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("file", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("guid", Text, nullable=False),
    Column("published", UtcDateTime, nullable=False),
    Index("ix_made_feed_items_file", "file", "published"),
)


def _only_first(connection: Connection) -> None:
    """Before, the marks of all items were kept; which one came first is not known of them."""
    connection.exec_driver_sql("ALTER TABLE feed_answers RENAME COLUMN items TO first")


SCHEMA = Schema("feeds", version=2, tables=(ANSWERS, MADE), migrations={2: _only_first})

MAX_KEPT_BODY = 4 * 1024 * 1024
"""Bytes of a feed that are kept for the next 304; a larger one is asked for anew."""

KEPT = timedelta(days=30)
"""Answers that no run asked for that long are forgotten."""

NOTED_AFTER = timedelta(days=1)
"""How exactly it is noted when an answer was asked for."""

_USED = (
    update(ANSWERS)
    .where(ANSWERS.c.task == bindparam("of_task"), ANSWERS.c.url == bindparam("of_url"))
    .values(used=bindparam("now"))
)
_ANSWER = select(ANSWERS).where(ANSWERS.c.task == bindparam("task"), ANSWERS.c.url == bindparam("url"))
_MADE = select(MADE).where(MADE.c.file == bindparam("file")).order_by(MADE.c.published.desc(), MADE.c.id.desc())


@dataclass(frozen=True)
class Answer:
    """How the server marked a feed (``ETag``, ``Last-Modified``), its bytes, and the mark of its first item."""

    etag: str | None = None
    modified: str | None = None
    body: bytes = b""
    first: bytes = b""


@dataclass(frozen=True)
class MadeItem:
    """One item of a feed that is made here."""

    title: str
    link: str
    description: str
    guid: str
    published: datetime


class FeedStore:
    """The memory of feeds."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def answer(self, task: str, url: str) -> Answer | None:
        """What the server said last time; None when it was not asked before. It is noted that it is asked for still."""
        row = self._db.row(_ANSWER, {"task": task, "url": url})
        if row is None:
            return None
        now = datetime.now(UTC)
        if now - row["used"] > NOTED_AFTER:
            self._db.execute(_USED, {"of_task": task, "of_url": url, "now": now})
        body = zlib.decompress(row["body"]) if row["body"] else b""
        return Answer(row["etag"], row["modified"], body, row["first"])

    def keep_answer(self, task: str, url: str, answer: Answer) -> None:
        """Remember an answer in place of the one before, and forget those that nobody asks for any more."""
        now = datetime.now(UTC)
        marked = bool(answer.etag or answer.modified) and len(answer.body) <= MAX_KEPT_BODY
        row = {
            "task": task,
            "url": url,
            "etag": answer.etag if marked else None,
            "modified": answer.modified if marked else None,
            "body": zlib.compress(answer.body, 1) if marked and answer.body else None,
            "first": answer.first,
            "used": now,
        }
        with self._db.transaction():
            self._db.put(ANSWERS, [row], key=("task", "url"))
            self._db.execute(delete(ANSWERS).where(ANSWERS.c.used < now - KEPT))

    def made(self, file: str) -> list[MadeItem]:
        """The items of a feed that is made here, newest first."""
        rows = self._db.rows(_MADE, {"file": file})
        return [MadeItem(row["title"], row["link"], row["description"], row["guid"], row["published"]) for row in rows]

    def add_made(self, file: str, items: Iterable[MadeItem]) -> None:
        """Add items to a feed that is made here."""
        rows = [
            {
                "file": file,
                "title": item.title,
                "link": item.link,
                "description": item.description,
                "guid": item.guid,
                "published": item.published,
            }
            for item in items
        ]
        if rows:
            with self._db.transaction():
                self._db.insert(MADE, rows)

    def forget_made(self, file: str, *, before: datetime | None = None, beyond: int | None = None) -> None:
        """Forget the items of a feed that were published before a time, or are beyond so many of the newest."""
        with self._db.transaction():
            if before is not None:
                self._db.execute(delete(MADE).where(MADE.c.file == file, MADE.c.published < before))
            if beyond is not None:
                newest = select(MADE.c.id).where(MADE.c.file == file)
                newest = newest.order_by(MADE.c.published.desc(), MADE.c.id.desc()).limit(beyond)
                self._db.execute(delete(MADE).where(MADE.c.file == file, MADE.c.id.not_in(newest)))
