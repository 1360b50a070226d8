"""``radarr_list``"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.plugins.lists._arr import API_KEY, BASE_URL, ArrList, Refused, flag, number, port, rows
from server.storage.database import Database


class RadarrMovies(ArrList):
    """The movies of a Radarr."""

    title = "Radarr"
    things = "movie"
    ids = ("tmdb_id", "imdb_id", "radarr_id")

    def fresh(self, thing: Mapping[str, Any]) -> Entry:
        """A movie, with its qualities where they are asked for."""
        fields = {
            "title": thing.get("title") or "",
            "url": "",
            "radarr_id": thing.get("id"),
            "movie_name": thing.get("title"),
            "movie_year": thing.get("year") or None,
            "imdb_id": thing.get("imdbId"),
            "tmdb_id": thing.get("tmdbId"),
        }
        if self.config.get("include_data"):
            allowed, cutoff = self.arr.profiles.get(thing.get("qualityProfileId") or 0, ([], None))
            only_cutoff = self.config.get("only_use_cutoff_quality") and cutoff
            fields["quality_req"] = [cutoff] if only_cutoff else allowed
        return Entry(fields)

    def new(self, entry: Entry) -> Mapping[str, Any] | None:
        """What Radarr finds by the identifiers, else by name and year."""
        movie = self._look_up(entry)
        if movie.get("id"):
            return None
        return {
            **{name: movie.get(name) for name in ("title", "year", "titleSlug", "images", "tmdbId")},
            "qualityProfileId": self.config.get("profile_id", 1),
            "rootFolderPath": self.arr.folder,
            "monitored": self.config.get("monitored", True),
            "tags": self.arr.tag_ids(self.config.get("tags") or ()),
        }

    def _look_up(self, entry: Entry) -> Mapping[str, Any]:
        tmdb_id, imdb_id = entry.get("tmdb_id"), entry.get("imdb_id")
        if tmdb_id:
            found = self.arr.get("movie/lookup/tmdb", tmdbId=tmdb_id)
        elif imdb_id:
            found = self.arr.get("movie/lookup/imdb", imdbId=imdb_id)
        else:
            name, year = entry.get("movie_name") or entry["title"], entry.get("movie_year")
            found = self.arr.get("movie/lookup", term=f"{name} {year}" if year else name)
        movies = rows(found if isinstance(found, list) else [found])
        if not movies:
            raise Refused(f"Radarr knows no movie `{entry['title']}`")
        return movies[0]


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
