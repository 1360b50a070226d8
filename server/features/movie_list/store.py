"""Named lists of movies with their identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    select,
    tuple_,
)

from server.storage.named_lists import ListConflict, NamedListStore, lists_table
from server.storage.schema import METADATA, Schema, UtcDateTime
from server.storage.words import holds_words

IDENTIFIERS = ("bluray_id", "rt_id", "imdb_id", "trakt_movie_id", "emby_movie_id", "tmdb_id")
"""Fields that tell which movie an entry is."""

LISTS = lists_table("movie")
MOVIES = Table(
    "movie_list_movies",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey(LISTS.c.id, ondelete="CASCADE"), nullable=False),
    Column("title", String, nullable=False),
    Column("key", String, nullable=False),  # the title without case
    Column("year", Integer),
    Column("added", UtcDateTime, nullable=False),
    Index("ix_movie_list_movies_title", "list_id", "title"),
    Index("ix_movie_list_movies_key", "list_id", "key", "year"),
    Index("ix_movie_list_movies_added", "list_id", "added"),
    Index("ix_movie_list_movies_year", "list_id", "year"),
)
IDS = Table(
    "movie_list_ids",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("movie_id", ForeignKey(MOVIES.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("id_name", String, nullable=False),
    Column("id_value", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    Index("ix_movie_list_ids_value", "id_name", "id_value"),
)
SCHEMA = Schema("movie_list", version=1, tables=(LISTS, MOVIES, IDS))


@dataclass(frozen=True, slots=True)
class MovieId:
    """How a service calls a movie."""

    id: int
    movie_id: int
    id_name: str
    id_value: str
    added: datetime


@dataclass(frozen=True, slots=True)
class Movie:
    """One movie on a list."""

    id: int
    list_id: int
    title: str
    key: str
    year: int | None
    added: datetime
    ids: tuple[MovieId, ...] = field(default=())


class MovieListStore(NamedListStore):
    """Lists by name (without case), movies by an identifier, else by title (without case) and year."""

    schema = SCHEMA
    lists_table = LISTS
    items_table = MOVIES

    def page(
        self, list_id: int, *, sort_by: str = "title", descending: bool = True, limit: int = 50, offset: int = 0
    ) -> tuple[list[Movie], int]:
        """Movies of a list, and how many there are."""
        column = MOVIES.c[sort_by]
        order = (column.desc(), MOVIES.c.id.desc()) if descending else (column.asc(), MOVIES.c.id.asc())
        statement = select(MOVIES).where(MOVIES.c.list_id == list_id).order_by(*order)
        rows, total = self.db.page(statement, limit=limit, offset=offset)
        return self._with_ids(rows), total

    def search(self, text: str, *, limit: int = 50) -> list[Movie]:
        """Movies of any list whose title holds every word of a text, newest first."""
        statement = select(MOVIES).where(*holds_words(MOVIES.c.title, text))
        return self._with_ids(self.db.rows(statement.order_by(MOVIES.c.added.desc(), MOVIES.c.id.desc()).limit(limit)))

    def all(self, list_id: int) -> list[Movie]:
        """Everything on a list, oldest first."""
        return self._with_ids(self.db.rows(select(MOVIES).where(MOVIES.c.list_id == list_id).order_by(MOVIES.c.id)))

    def movie(self, list_id: int, movie_id: int) -> Movie | None:
        """A movie by its id."""
        rows = self.db.rows(_MOVIE, {"list_id": list_id, "id": movie_id})
        return next(iter(self._with_ids(rows)), None)

    def find_by_ids(self, list_id: int, ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Movie]:
        """Movies by (name, value) of an identifier."""
        found: dict[tuple[str, str], Movie] = {}
        wanted = set(ids)
        for batch in self.db.in_batches(wanted, 200):
            rows = self.db.rows(
                select(MOVIES)
                .where(MOVIES.c.list_id == list_id)
                .where(MOVIES.c.id.in_(select(IDS.c.movie_id).where(tuple_(IDS.c.id_name, IDS.c.id_value).in_(batch))))
            )
            for movie in self._with_ids(rows):
                for item in movie.ids:
                    if (item.id_name, item.id_value) in wanted:
                        found[item.id_name, item.id_value] = movie
        return found

    def find_by_titles(
        self, list_id: int, titles: Iterable[tuple[str, int | None]]
    ) -> dict[tuple[str, int | None], Movie]:
        """Movies by (title in lower case, year); a movie without year fits only where no year is asked for."""
        found: dict[tuple[str, int | None], Movie] = {}
        wanted = set(titles)
        for batch in self.db.in_batches(title for title, _ in wanted):
            rows = self.db.rows(select(MOVIES).where(MOVIES.c.list_id == list_id, MOVIES.c.key.in_(batch)))
            for movie in self._with_ids(rows):
                if (movie.key, movie.year) in wanted:
                    found[movie.key, movie.year] = movie
        return found

    def add(
        self, list_id: int, title: str, year: int | None, ids: Sequence[tuple[str, str]], *, replace: bool = False
    ) -> Movie:
        """Put a movie on a list.

        Raises :class:`ListConflict` for a known one unless ``replace``: then this one takes its place, with those of
        its identifiers that it lacks.
        """
        with self.db.transaction():
            known = self.find_by_titles(list_id, [(title.lower(), year)]).get((title.lower(), year))
            if replace:
                known = next(iter(self.find_by_ids(list_id, ids).values()), known)
            if known is not None and not replace:
                raise ListConflict(f'movie with name "{title}" already exist in list {list_id}')
            row = {"list_id": list_id, "title": title, "key": title.lower(), "year": year, "added": datetime.now(UTC)}
            movie_id = self.db.insert_one(MOVIES, row)
            kept = {item.id_name: item.id_value for item in known.ids} if known else {}
            self._add_ids(movie_id, list({**kept, **dict(ids)}.items()))
            if known is not None:
                self.remove(list_id, [known.id])
            movie = self.movie(list_id, movie_id)
        if movie is None:
            raise ListConflict(f'movie "{title}" was removed from list {list_id} meanwhile')
        return movie

    def set_ids(self, list_id: int, movie_id: int, ids: Sequence[tuple[str, str]]) -> Movie | None:
        """Replace the identifiers of a movie."""
        with self.db.transaction():
            self.db.execute(delete(IDS).where(IDS.c.movie_id == movie_id))
            self._add_ids(movie_id, ids)
            return self.movie(list_id, movie_id)

    def _add_ids(self, movie_id: int, ids: Sequence[tuple[str, str]]) -> None:
        now = datetime.now(UTC)
        self.db.insert(
            IDS, [{"movie_id": movie_id, "id_name": name, "id_value": value, "added": now} for name, value in ids]
        )

    def _delete_items(self, condition: Any) -> int:
        self.db.execute(delete(IDS).where(IDS.c.movie_id.in_(select(MOVIES.c.id).where(condition))))
        return super()._delete_items(condition)

    def _with_ids(self, rows: Sequence[dict[str, Any]]) -> list[Movie]:
        ids: dict[int, list[MovieId]] = {}
        for batch in self.db.in_batches(row["id"] for row in rows):
            for row in self.db.rows(select(IDS).where(IDS.c.movie_id.in_(batch)).order_by(IDS.c.id)):
                ids.setdefault(row["movie_id"], []).append(MovieId(**row))
        return [Movie(**row, ids=tuple(ids.get(row["id"], ()))) for row in rows]


_MOVIE = select(MOVIES).where(MOVIES.c.list_id == bindparam("list_id"), MOVIES.c.id == bindparam("id"))
