"""``radarr_list``"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.plugins.lists._arr import API_KEY, BASE_URL, Arr, Refused, flag, matches, number, port, rows
from server.storage.database import Database

logger = logging.getLogger("radarr_list")

IDS = ("tmdb_id", "imdb_id", "radarr_id")


class RadarrMovies(ManagedList):
    """The movies of a Radarr, asked for once."""

    online = True

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._radarr = Arr("Radarr", config)

    @cached_property
    def _movies(self) -> list[dict[str, Any]]:
        return rows(self._radarr.get("movie"))

    def entries(self) -> Iterator[Entry]:
        """Those that the options let through."""
        monitored = self._config.get("only_monitored", True)
        return (self._fresh(movie) for movie in self._movies if not monitored or movie.get("monitored"))

    def _fresh(self, movie: Mapping[str, Any]) -> Entry:
        fields = {
            "title": movie.get("title") or "",
            "url": "",
            "radarr_id": movie.get("id"),
            "movie_name": movie.get("title"),
            "movie_year": movie.get("year") or None,
            "imdb_id": movie.get("imdbId"),
            "tmdb_id": movie.get("tmdbId"),
        }
        if self._config.get("include_data"):
            allowed, cutoff = self._radarr.profiles.get(movie.get("qualityProfileId") or 0, ([], None))
            only_cutoff = self._config.get("only_use_cutoff_quality") and cutoff
            fields["quality_req"] = [cutoff] if only_cutoff else allowed
        return Entry(fields)

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By identifiers."""
        return matches(entries, [self._fresh(movie) for movie in self._movies], IDS)

    def add(self, entries: Sequence[Entry]) -> None:
        """What Radarr has already is left as it is; what it does not take fails."""
        known = self.match(entries)
        for entry in entries:
            if entry not in known:
                try:
                    self._add(entry)
                except Refused as error:
                    entry.fail(str(error))
        self.__dict__.pop("_movies", None)

    def _add(self, entry: Entry) -> None:
        movie = self._look_up(entry)
        if movie.get("id"):
            logger.info("%s is in Radarr already", movie.get("title"))
            return
        self._radarr.post(
            "movie",
            {
                **{name: movie.get(name) for name in ("title", "year", "titleSlug", "images", "tmdbId")},
                "qualityProfileId": self._config.get("profile_id", 1),
                "rootFolderPath": self._radarr.folder,
                "monitored": self._config.get("monitored", True),
                "tags": self._radarr.tag_ids(self._config.get("tags") or ()),
            },
        )
        logger.info("Radarr has %s now", movie.get("title"))

    def _look_up(self, entry: Entry) -> Mapping[str, Any]:
        tmdb_id, imdb_id = entry.get("tmdb_id"), entry.get("imdb_id")
        if tmdb_id:
            found = self._radarr.get("movie/lookup/tmdb", tmdbId=tmdb_id)
        elif imdb_id:
            found = self._radarr.get("movie/lookup/imdb", imdbId=imdb_id)
        else:
            name, year = entry.get("movie_name") or entry["title"], entry.get("movie_year")
            found = self._radarr.get("movie/lookup", term=f"{name} {year}" if year else name)
        movies = rows(found if isinstance(found, list) else [found])
        if not movies:
            raise Refused(f"Radarr knows no movie `{entry['title']}`")
        return movies[0]

    def remove(self, entries: Sequence[Entry]) -> int:
        """Their files stay."""
        numbers = {item["radarr_id"] for item in self.match(entries).values()}
        for each in sorted(numbers):
            self._radarr.delete(f"movie/{each}")
        self.__dict__.pop("_movies", None)
        return len(numbers)

    def clear(self) -> None:
        """All movies of Radarr that the options let through."""
        self.remove(list(self.entries()))


class RadarrList(ListPlugin):
    """The movies of a Radarr, as a list that tasks read, add to, and take from.

    Example::

        list_add:
          - radarr_list:
              base_url: http://localhost
              port: 7878
              api_key: "{? radarr_key ?}"
    """

    schema = {
        "type": "object",
        "properties": {
            "base_url": BASE_URL,
            "port": port(7878),
            "api_key": API_KEY,
            "only_monitored": flag(
                "Only monitored", "Whether movies that are not monitored are left out.", default=True
            ),
            "include_data": flag("Data", "Whether entries get the allowed qualities, as `quality_req`.", default=False),
            "only_use_cutoff_quality": flag(
                "Only the cutoff", "Whether `quality_req` holds the profile's cutoff only.", default=False
            ),
            "monitored": flag("Monitored", "Whether new movies are monitored.", default=True),
            "profile_id": number("Quality profile", "Number of the quality profile of new movies.", 1),
            "tags": {
                "type": "array",
                "items": {"type": ["integer", "string"]},
                "title": "Tags",
                "description": "Of new movies: numbers, or names; names that are not there yet are made.",
                "examples": [["flexget"]],
            },
        },
        "required": ["api_key", "base_url"],
        "additionalProperties": False,
        "title": "Radarr",
        "description": "Where it is, which movies count, and how new ones are set up.",
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The movies of that Radarr."""
        return RadarrMovies(config)
