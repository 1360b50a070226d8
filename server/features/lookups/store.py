"""Answers of public sites, kept with their age.

store = db.store(LookupStore)
store.keep("tvmaze", "/shows/13", {"id": 13, ...})
store.get("tvmaze", "/shows/13")            # Kept(answer=..., fetched=...)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint, bindparam, select

from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

ANSWERS = Table(
    "lookup_answers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("site", String, nullable=False),
    Column("request", String, nullable=False),
    Column("fetched", UtcDateTime, nullable=False),
    Column("answer", Json),  # None: the site knows nothing of it
    UniqueConstraint("site", "request"),
    Index("ix_lookup_answers_fetched", "fetched"),
)

SCHEMA = Schema("lookups", version=1, tables=(ANSWERS,))

KEPT_DAYS = 60
"""Days after which an answer is dropped. Until then it stands in where its site cannot be reached."""

_GET = select(ANSWERS.c.answer, ANSWERS.c.fetched).where(
    ANSWERS.c.site == bindparam("site"), ANSWERS.c.request == bindparam("request")
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a site answered, and when; None: it knows nothing of it."""

    answer: Any
    fetched: datetime


class LookupStore:
    """Answers by site and request."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db
        self._purged: datetime | None = None

    def get(self, site: str, request: str) -> Kept | None:
        """The answer to a request, however old."""
        row = self.db.row(_GET, {"site": site, "request": request})
        return Kept(**row) if row else None

    def keep(self, site: str, request: str, answer: Any) -> Kept:
        """Remember an answer as of now; once a day those that are too old go."""
        now = datetime.now(UTC)
        if self._purged is None or now - self._purged > timedelta(days=1):
            self._purged = now
            self.purge()
        row = {"site": site, "request": request, "fetched": now, "answer": answer}
        self.db.put(ANSWERS, [row], key=("site", "request"))
        return Kept(answer, now)

    def purge(self) -> int:
        """Drop what is older than :data:`KEPT_DAYS`; returns how many went."""
        return self.db.purge(ANSWERS, ANSWERS.c.fetched < datetime.now(UTC) - timedelta(days=KEPT_DAYS))
