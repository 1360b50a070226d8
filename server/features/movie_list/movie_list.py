"""``movie_list``"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.features.lookups._read import whole_or_none
from server.features.movie_list.store import IDENTIFIERS, Movie, MovieListStore
from server.storage.database import Database
from server.storage.named_lists import NamedList

CHUNK = 100
"""Movies that are added in one transaction."""


class StoredMovies(ManagedList):
    """A movie is on the list when one of its identifiers is, else by name and year."""

    def __init__(self, store: MovieListStore, name: str, *, strip_year: bool = False) -> None:
        self._store = store
        self._name = name
        self._strip_year = strip_year

    @property
    def _list(self) -> NamedList:  # each time anew: by the API it may be deleted while a task runs
        return self._store.ensure(self._name)

    def entries(self) -> Iterator[Entry]:
        """One for each movie: ``movie_name``, ``movie_year`` and the identifiers."""
        return (self._fresh(movie) for movie in self._store.all(self._list.id))

    def _fresh(self, movie: Movie) -> Entry:
        title = movie.title if self._strip_year or movie.year is None else f"{movie.title} ({movie.year})"
        fields: dict[str, Any] = {
            "title": title,
            "url": f"mock://localhost/movie_list/{movie.id}",
            "original_title": movie.title,
            "movie_name": movie.title,
            "added": movie.added,
        }
        if movie.year is not None:
            fields["movie_year"] = movie.year
        return Entry({**fields, **{item.id_name: item.id_value for item in movie.ids}})

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By identifier, else by name and year."""
        return {entry: self._fresh(movie) for entry, movie in self._find(entries).items()}

    def _find(self, entries: Sequence[Entry]) -> dict[Entry, Movie]:
        ids = {entry: ids_of(entry) for entry in entries}
        by_id = self._store.find_by_ids(self._list.id, {item for items in ids.values() for item in items})
        found = {entry: by_id[item] for entry, items in ids.items() for item in reversed(items) if item in by_id}
        named = {
            entry: (name.lower(), year) for entry in entries if entry not in found for name, year in [named_by(entry)]
        }
        by_title = self._store.find_by_titles(self._list.id, named.values())
        found.update({entry: by_title[key] for entry, key in named.items() if key in by_title})
        return found

    def add(self, entries: Sequence[Entry]) -> None:
        """With the identifiers they have."""
        movies = [(*named_by(entry), ids_of(entry)) for entry in entries]
        for start in range(0, len(movies), CHUNK):
            with self._store.db.transaction():
                list_id = self._list.id
                for name, year, ids in movies[start : start + CHUNK]:
                    self._store.add(list_id, name, year, ids, replace=True)

    def remove(self, entries: Sequence[Entry]) -> int:
        """Those that match."""
        return self._store.remove(self._list.id, {movie.id for movie in self._find(entries).values()})

    def clear(self) -> None:
        """The list itself stays."""
        self._store.remove(self._list.id)


def ids_of(entry: Entry) -> list[tuple[str, str]]:
    """The identifiers that an entry has already; lazy ones are not looked up."""
    values = ((name, entry.get(name, None, False)) for name in IDENTIFIERS)
    return [(name, str(value)) for name, value in values if value]


def named_by(entry: Entry) -> tuple[str, int | None]:
    """Name and year of the movie that an entry is about; they are read from the title where nobody did that before."""
    if not entry.get("movie_name"):
        from server.parsing.movies import parse_movie

        parsed = parse_movie(entry["title"])
        entry["movie_name"], entry["movie_year"] = parsed.name, parsed.year
    return str(entry["movie_name"]), whole_or_none(entry.get("movie_year")) or None


class MovieListPlugin(ListPlugin):
    """A named list of movies with their identifiers, kept in the database.

    Example::

        movie_list: wanted
    """

    schema = {
        "title": "Movie list",
        "description": "The list's name; it is made when there is none of that name.",
        "oneOf": [
            {"type": "string", "minLength": 1},
            {
                "type": "object",
                "properties": {
                    "list_name": {"type": "string", "title": "Name", "description": "The list's name.", "minLength": 1},
                    "strip_year": {
                        "type": "boolean",
                        "title": "Strip year",
                        "description": "Leave the year out of the titles of the list's entries.",
                        "default": False,
                    },
                },
                "required": ["list_name"],
                "additionalProperties": False,
            },
        ],
        "examples": ["wanted"],
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        settings = config if isinstance(config, dict) else {"list_name": config}
        strip_year = settings.get("strip_year", False)
        return StoredMovies(db.store(MovieListStore), settings["list_name"], strip_year=strip_year)
