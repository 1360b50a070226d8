"""``sonarr_list``"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.parsing.names import normalize_name
from server.plugins.lists._arr import API_KEY, BASE_URL, ArrList, Refused, flag, number, port, rows
from server.storage.database import Database


class SonarrShows(ArrList):
    """The shows of a Sonarr."""

    title = "Sonarr"
    things = "series"
    ids = ("tvdb_id", "tvrage_id", "tvmaze_id", "imdb_id", "sonarr_id")

    def wanted(self, thing: Mapping[str, Any]) -> bool:
        """Monitored, and still going on, as the options say."""
        return super().wanted(thing) and (self.config.get("include_ended", True) or thing.get("status") != "ended")

    def fresh(self, thing: Mapping[str, Any]) -> Entry:
        """A show, with options for `configure_series` where they are asked for."""
        fields = {
            "title": thing.get("title") or "",
            "url": "",
            "series_name": thing.get("title"),
            "tvdb_id": thing.get("tvdbId"),
            "tvrage_id": thing.get("tvRageId"),
            "tvmaze_id": thing.get("tvMazeId"),
            "imdb_id": thing.get("imdbId"),
            "slug": thing.get("titleSlug"),
            "sonarr_id": thing.get("id"),
        }
        if self.config.get("include_data"):
            fields.update(self._settings(thing))
        return Entry(fields)

    def _settings(self, show: Mapping[str, Any]) -> dict[str, Any]:
        allowed, cutoff = self.arr.profiles.get(show.get("qualityProfileId") or 0, ([], None))
        settings = {"path": show.get("path"), "target": cutoff}
        if len(allowed) > 1:
            settings["qualities"] = allowed
        elif allowed:
            settings["quality"] = allowed[0]
        return {f"configure_series_{name}": value for name, value in settings.items() if value}

    def new(self, entry: Entry) -> Mapping[str, Any] | None:
        """What Sonarr finds by TheTVDB's number, else by exactly this name."""
        config, tvdb_id = self.config, entry.get("tvdb_id")
        term = f"tvdb:{tvdb_id}" if tvdb_id else str(entry.get("series_name") or entry["title"])
        found = rows(self.arr.get("series/lookup", term=term))
        if not tvdb_id:  # the first that is called something like it may be another show
            found = [show for show in found if normalize_name(str(show.get("title"))) == normalize_name(term)]
        if not found:
            raise Refused(f"Sonarr knows no show `{term}`")
        if found[0].get("id"):
            return None
        profile = config.get("profile_id", 1)
        return {
            **found[0],
            "profileId": profile,
            "qualityProfileId": profile,
            "languageProfileId": config.get("language_id", 1),
            "seasonFolder": config.get("season_folder", False),
            "monitored": config.get("monitored", True),
            "seriesType": config.get("series_type", "standard"),
            "tags": self.arr.tag_ids(config.get("tags") or ()),
            "rootFolderPath": config.get("root_folder_path") or self.arr.folder,
            "addOptions": {
                "ignoreEpisodesWithFiles": config.get("ignore_episodes_with_files", False),
                "ignoreEpisodesWithoutFiles": config.get("ignore_episodes_without_files", False),
                "searchForMissingEpisodes": config.get("search_missing_episodes", True),
            },
        }


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
