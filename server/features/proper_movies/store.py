"""Movies that were downloaded, by identifier, with quality and number of repairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

MOVIES = Table(
    "proper_movies",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("movie", String, nullable=False),
    Column("quality", String, nullable=False),
    Column("title", String, nullable=False),
    Column("proper_count", Integer, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    UniqueConstraint("movie", "quality"),
)

SCHEMA = Schema("proper_movies", version=1, tables=(MOVIES,))


class Download(NamedTuple):
    """A movie that was downloaded: ``movie`` is its identifier."""

    movie: str
    quality: str
    title: str
    proper_count: int


@dataclass(frozen=True, slots=True)
class Downloaded:
    """The first download of a movie in a quality, and its best repair since."""

    id: int
    movie: str
    quality: str
    title: str
    proper_count: int
    added: datetime


class ProperMovieStore:
    """Look-ups and changes come in batches."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def known(self, movies: Iterable[str]) -> dict[tuple[str, str], Downloaded]:
        """Downloads of these movies by (movie, quality)."""
        found = {}
        for batch in self.db.in_batches(movies):
            for row in self.db.rows(select(MOVIES).where(MOVIES.c.movie.in_(batch))):
                found[row["movie"], row["quality"]] = Downloaded(**row)
        return found

    def learn(self, downloads: Sequence[Download]) -> None:
        """Remember downloads; the time of the first stays, and the best repair."""
        now = datetime.now(UTC)
        known = self.known(item.movie for item in downloads)
        rows = {}
        for item in sorted(downloads, key=lambda item: item.proper_count):
            before = known.get((item.movie, item.quality))
            if before is None or item.proper_count > before.proper_count:
                rows[item.movie, item.quality] = {**item._asdict(), "added": before.added if before else now}
        self.db.put(MOVIES, list(rows.values()), key=("movie", "quality"))
