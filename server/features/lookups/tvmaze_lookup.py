"""``tvmaze_lookup``"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.lookups import tvmaze
from server.features.lookups._lazy import Asked, Fields, episode_of, is_show, known_id
from server.features.lookups.client import NothingFound

SERIES = {
    "tvmaze_series_name": "name",
    "tvmaze_series_year": "year",
    "tvmaze_series_id": "tvmaze_id",
    "tvmaze_series_show_id": "tvmaze_id",
    "tvmaze_series_tvrage": "tvrage_id",
    "tvmaze_series_runtime": "runtime",
    "tvmaze_series_premiered": "premiered",
    "tvmaze_series_airdays": "schedule",
    "tvmaze_series_weight": "weight",
    "tvmaze_series_update_date": "updated",
    "tvmaze_series_language": "language",
    "tvmaze_series_original_image": "original_image",
    "tvmaze_series_medium_image": "medium_image",
    "tvmaze_series_summary": "summary",
    "tvmaze_series_webchannel": "webchannel",
    "tvmaze_series_show_type": "show_type",
    "tvmaze_genres": "genres",
    "tvmaze_series_network": "network",
    "tvmaze_series_url": "url",
    "tvmaze_series_status": "status",
    "tvmaze_series_rating": "rating",
}
IDS = {"tvdb_id": "tvdb_id", "tvrage_id": "tvrage_id", "tvmaze_id": "tvmaze_id"}
EPISODE = {
    "tvmaze_episode_name": "title",
    "tvmaze_episode_season": "season_number",
    "tvmaze_episode_number": "number",
    "tvmaze_episode_id": "tvmaze_id",
    "tvmaze_episode_airdate": "airdate",
    "tvmaze_episode_url": "url",
    "tvmaze_episode_original_image": "original_image",
    "tvmaze_episode_medium_image": "medium_image",
    "tvmaze_episode_airstamp": "airstamp",
    "tvmaze_episode_summary": "summary",
    "tvmaze_episode_runtime": "runtime",
}
"""Field of an entry -> what the lookup calls it."""


class TvmazeLookup(Plugin):
    """Gives entries what TVmaze knows of their show and episode, as fields that are looked up when something asks.

    Sets `tvmaze_series_...`, `tvmaze_episode_...`, `tvmaze_genres`, `tvdb_id` and `tvrage_id`. Needs `series_name`, as
    `series` or `metainfo_series` set it, or `tvmaze_id` or `tvdb_id`.

    Example::

        tvmaze_lookup: yes
    """

    schema = {
        "type": "boolean",
        "title": "TVmaze",
        "description": "Whether entries get the fields of TVmaze.",
        "examples": [True],
    }
    category = "metainfo"

    @priority(110)
    def on_task_metainfo(self, task: Task, config: bool) -> None:
        """For entries that are about a show."""
        if not config:
            return
        asked = Asked.of(task, self)
        shows = [entry for entry in task.entries if is_show(entry) or known_id(entry, "tvmaze_id", "tvdb_id")]
        asked.fill(shows, (*SERIES, *IDS), lambda entry: picked(show_of(asked, entry), SERIES | IDS))
        asked.fill(shows, ("tvmaze_series_episodes",), lambda entry: _names(asked, entry))
        episodes = [entry for entry in shows if episode_of(entry) or _day(entry)]
        asked.fill(episodes, EPISODE, lambda entry: picked(episode_for(asked, entry), EPISODE))


def picked(found: Fields, names: Fields) -> Fields:
    """The fields of an entry, by what the lookup calls them; what is not known is left out."""
    return {field: found[name] for field, name in names.items() if found.get(name) not in (None, "")}


def show_of(asked: Asked, entry: Entry) -> dict[str, Any]:
    """The show of an entry: by a number, else by its name."""
    kind, value = asked.question(entry, _question)
    if kind == "tvmaze":
        return asked.once("tvmaze", (kind, value), lambda sites: tvmaze.series_by_id(sites, value))
    if kind == "tvdb":
        return asked.once("tvmaze", (kind, value), lambda sites: tvmaze.series_by_tvdb_id(sites, value))
    if not value:
        raise NothingFound("it names no show")
    return asked.once("tvmaze", (kind, value.lower()), lambda sites: tvmaze.series(sites, value))


def _question(entry: Entry) -> tuple[str, Any]:
    number, other = known_id(entry, "tvmaze_id", "tvmaze_series_id"), known_id(entry, "tvdb_id")
    if number:
        return "tvmaze", number
    return ("tvdb", other) if other else ("name", str(entry.get("series_name") or ""))


def episode_for(asked: Asked, entry: Entry) -> dict[str, Any]:
    """The episode of an entry, by its numbers or its day."""
    show, place, day = show_of(asked, entry)["tvmaze_id"], episode_of(entry), _day(entry)
    season, number = place if place and day is None else (None, None)
    return asked.once(
        "tvmaze", (show, season, number, day), lambda sites: tvmaze.episode(sites, show, season, number, day)
    )


def _names(asked: Asked, entry: Entry) -> Fields:
    show = show_of(asked, entry)["tvmaze_id"]
    names = asked.once("tvmaze", ("names", show), lambda sites: tvmaze.episode_names(sites, show))
    return {"tvmaze_series_episodes": names}


def _day(entry: Entry) -> date | None:
    value = entry.get("series_date")
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
