"""``sonarr_list``"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.parsing.names import normalize_name
from server.plugins.lists._arr import API_KEY, BASE_URL, Arr, Refused, flag, matches, number, port, rows
from server.storage.database import Database

logger = logging.getLogger("sonarr_list")

IDS = ("tvdb_id", "tvrage_id", "tvmaze_id", "imdb_id", "sonarr_id")


class SonarrShows(ManagedList):
    """The shows of a Sonarr, asked for once."""

    online = True

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._sonarr = Arr("Sonarr", config)

    @cached_property
    def _shows(self) -> list[dict[str, Any]]:
        return rows(self._sonarr.get("series"))

    def entries(self) -> Iterator[Entry]:
        """Those that the options let through."""
        ended, monitored = self._config.get("include_ended", True), self._config.get("only_monitored", True)
        for show in self._shows:
            if (ended or show.get("status") != "ended") and (not monitored or show.get("monitored")):
                yield self._fresh(show)

    def _fresh(self, show: Mapping[str, Any]) -> Entry:
        fields = {
            "title": show.get("title") or "",
            "url": "",
            "series_name": show.get("title"),
            "tvdb_id": show.get("tvdbId"),
            "tvrage_id": show.get("tvRageId"),
            "tvmaze_id": show.get("tvMazeId"),
            "imdb_id": show.get("imdbId"),
            "slug": show.get("titleSlug"),
            "sonarr_id": show.get("id"),
        }
        if self._config.get("include_data"):
            fields.update(self._settings(show))
        return Entry(fields)

    def _settings(self, show: Mapping[str, Any]) -> dict[str, Any]:
        """Options for `configure_series`."""
        allowed, cutoff = self._sonarr.profiles.get(show.get("qualityProfileId") or 0, ([], None))
        settings = {"path": show.get("path"), "target": cutoff}
        if len(allowed) > 1:
            settings["qualities"] = allowed
        elif allowed:
            settings["quality"] = allowed[0]
        return {f"configure_series_{name}": value for name, value in settings.items() if value}

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By identifiers."""
        return matches(entries, [self._fresh(show) for show in self._shows], IDS)

    def add(self, entries: Sequence[Entry]) -> None:
        """What Sonarr has already is left as it is; what it does not take fails."""
        known = self.match(entries)
        for entry in entries:
            if entry not in known:
                try:
                    self._add(entry)
                except Refused as error:
                    entry.fail(str(error))
        self.__dict__.pop("_shows", None)

    def _add(self, entry: Entry) -> None:
        config, tvdb_id = self._config, entry.get("tvdb_id")
        term = f"tvdb:{tvdb_id}" if tvdb_id else str(entry.get("series_name") or entry["title"])
        found = rows(self._sonarr.get("series/lookup", term=term))
        if not tvdb_id:  # the first that is called something like it may be another show
            found = [show for show in found if normalize_name(str(show.get("title"))) == normalize_name(term)]
        if not found:
            raise Refused(f"Sonarr knows no show `{term}`")
        show = found[0]
        if show.get("id"):
            logger.info("%s is in Sonarr already", show.get("title"))
            return
        profile = config.get("profile_id", 1)
        self._sonarr.post(
            "series",
            {
                **show,
                "profileId": profile,
                "qualityProfileId": profile,
                "languageProfileId": config.get("language_id", 1),
                "seasonFolder": config.get("season_folder", False),
                "monitored": config.get("monitored", True),
                "seriesType": config.get("series_type", "standard"),
                "tags": self._sonarr.tag_ids(config.get("tags") or ()),
                "rootFolderPath": config.get("root_folder_path") or self._sonarr.folder,
                "addOptions": {
                    "ignoreEpisodesWithFiles": config.get("ignore_episodes_with_files", False),
                    "ignoreEpisodesWithoutFiles": config.get("ignore_episodes_without_files", False),
                    "searchForMissingEpisodes": config.get("search_missing_episodes", True),
                },
            },
        )
        logger.info("Sonarr has %s now", show.get("title"))

    def remove(self, entries: Sequence[Entry]) -> int:
        """Their files stay."""
        numbers = {item["sonarr_id"] for item in self.match(entries).values()}
        for each in sorted(numbers):
            self._sonarr.delete(f"series/{each}")
        self.__dict__.pop("_shows", None)
        return len(numbers)

    def clear(self) -> None:
        """All shows of Sonarr that the options let through."""
        self.remove(list(self.entries()))


class SonarrList(ListPlugin):
    """The shows of a Sonarr, as a list that tasks read, add to, and take from.

    Example::

        configure_series:
          from:
            sonarr_list:
              base_url: http://localhost
              port: 8989
              api_key: "{? sonarr_key ?}"
              include_data: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "base_url": {**BASE_URL, "default": "http://localhost"},
            "base_path": {
                "type": "string",
                "default": "",
                "title": "Path",
                "description": "Below which Sonarr is served, behind a proxy.",
                "examples": ["/sonarr"],
            },
            "port": port(8989),
            "api_key": API_KEY,
            "include_ended": flag("Ended", "Whether shows that have ended are given.", default=True),
            "only_monitored": flag(
                "Only monitored", "Whether shows that are not monitored are left out.", default=True
            ),
            "include_data": flag("Data", "Whether `configure_series` gets path and qualities of each.", default=False),
            "search_missing_episodes": flag(
                "Search", "Whether Sonarr searches for episodes of new shows.", default=True
            ),
            "ignore_episodes_without_files": flag(
                "Ignore missing", "Whether episodes without files are not monitored.", default=False
            ),
            "ignore_episodes_with_files": flag(
                "Ignore present", "Whether episodes with files are not monitored.", default=False
            ),
            "profile_id": number("Quality profile", "Number of the quality profile of new shows.", 1),
            "language_id": number("Language profile", "Number of the language profile of new shows.", 1),
            "season_folder": flag("Season folders", "Whether new shows have a folder a season.", default=False),
            "monitored": flag("Monitored", "Whether new shows are monitored.", default=True),
            "root_folder_path": {
                "type": "string",
                "title": "Folder",
                "description": "Root folder of new shows; Sonarr's first one where it is left out.",
                "examples": ["/tv"],
            },
            "series_type": {
                "type": "string",
                "enum": ["standard", "daily", "anime"],
                "default": "standard",
                "title": "Type",
                "description": "Of new shows.",
                "examples": ["anime"],
            },
            "tags": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Tags",
                "description": "Of new shows; those that are not there yet are made.",
                "examples": [["flexget"]],
            },
        },
        "required": ["api_key"],
        "additionalProperties": False,
        "title": "Sonarr",
        "description": "Where it is, which shows count, and how new ones are set up.",
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The shows of that Sonarr."""
        return SonarrShows(config)
