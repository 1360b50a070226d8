"""``thetvdb_lookup``"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.lookups import imdb_titles, tvdb
from server.features.lookups._language import language_of, language_schema
from server.features.lookups._lazy import Asked, Fields, episode_of, is_show, known_id
from server.features.lookups._read import moment_or_none
from server.features.lookups.client import NothingFound

SERIES = {
    "tvdb_series_name": "series_name",
    "tvdb_rating": "rating",
    "tvdb_status": "status",
    "tvdb_runtime": "runtime",
    "tvdb_air_time": "airs_time",
    "tvdb_content_rating": "content_rating",
    "tvdb_genres": "genres",
    "tvdb_network": "network",
    "tvdb_overview": "overview",
    "tvdb_banner": "banner",
    "tvdb_airs_day_of_week": "airs_dayofweek",
    "tvdb_language": "language",
    "tvdb_id": "tvdb_id",
    "zap2it_id": "zap2it_id",
}
MADE = ("tvdb_first_air_date", "tvdb_url", "imdb_id", "imdb_url")
EPISODE = {
    "tvdb_ep_name": "episode_name",
    "tvdb_ep_overview": "overview",
    "tvdb_ep_directors": "director",
    "tvdb_ep_rating": "rating",
    "tvdb_ep_image": "image",
    "tvdb_absolute_number": "absolute_number",
    "tvdb_season": "season_number",
    "tvdb_episode": "episode_number",
}
MADE_OF_EPISODE = ("tvdb_ep_air_date", "tvdb_ep_id")
PAGE = "http://thetvdb.com/index.php?tab=series&id={}"


class ThetvdbLookup(Plugin):
    """Gives entries what TheTVDB knows of their show and episode, as fields that are looked up when something asks.

    Sets `tvdb_...`, `tvdb_ep_...`, `imdb_id`, `imdb_url` and `zap2it_id`. Needs `series_name`, as `series` or
    `metainfo_series` set it, or `tvdb_id`; and a key: `lookups: {tvdb: {key: ...}}`.

    Example::

        thetvdb_lookup:
          language: de
    """

    schema = language_schema("TheTVDB", "names")
    category = "metainfo"

    @priority(110)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """For entries that are about a show."""
        if config is False:
            return
        asked = Asked.of(task, self)
        language = language_of(config)
        shows = [entry for entry in task.entries if is_show(entry) or known_id(entry, "tvdb_id")]
        asked.fill(shows, (*SERIES, *MADE), lambda entry: _series(_show(asked, entry, language)))
        asked.fill(shows, ("tvdb_actors",), lambda entry: _more(asked, entry, language, "tvdb_actors"))
        asked.fill(shows, ("tvdb_posters",), lambda entry: _more(asked, entry, language, "tvdb_posters"))
        episodes = [entry for entry in shows if _place(entry)]
        asked.fill(episodes, (*EPISODE, *MADE_OF_EPISODE), lambda entry: _episode(asked, entry, language))


def _show(asked: Asked, entry: Entry, language: str) -> dict[str, Any]:
    name = asked.question(entry, lambda entry: str(known_id(entry, "tvdb_id") or entry.get("series_name") or ""))
    if not name:
        raise NothingFound("it names no show")
    return asked.once("tvdb", (language, name.lower()), lambda sites: tvdb.show(sites, name, language))


def _series(show: Fields) -> Fields:
    fields = {field: show.get(name) for field, name in SERIES.items()}
    imdb_id = imdb_titles.id_in(show["imdb_id"])
    return {
        **fields,
        "tvdb_first_air_date": moment_or_none(show["first_aired"]),
        "tvdb_url": PAGE.format(show["tvdb_id"]),
        "imdb_id": imdb_id,
        "imdb_url": imdb_titles.URL.format(imdb_id) if imdb_id else None,
    }


def _more(asked: Asked, entry: Entry, language: str, field: str) -> Fields:
    number = _show(asked, entry, language)["tvdb_id"]
    ask = tvdb.actors_of if field == "tvdb_actors" else tvdb.posters
    return {field: asked.once("tvdb", (field, language, number), lambda sites: ask(sites, number, language))}


def _episode(asked: Asked, entry: Entry, language: str) -> Fields:
    number, by = _show(asked, entry, language)["tvdb_id"], _place(entry)
    found = asked.once(
        "tvdb", (language, number, *by.items()), lambda sites: tvdb.episode(sites, number, language, **by)
    )
    fields = {field: found.get(name) for field, name in EPISODE.items()}
    return {
        **fields,
        "tvdb_ep_air_date": moment_or_none(found["first_aired"]),
        "tvdb_ep_id": f"S{found['season_number']:02}E{found['episode_number']:02}",
    }


def _place(entry: Entry) -> dict[str, Any]:
    """How the episode of an entry is asked for; empty where it names none."""
    kind, day, number = entry.get("series_id_type"), entry.get("series_date"), entry.get("series_id")
    if kind == "sequence" and isinstance(number, int):
        return {"absolute_number": number}
    if kind == "date" and isinstance(day, date):
        return {"air_date": day.date() if isinstance(day, datetime) else day}
    place = episode_of(entry)
    return {"season": place[0], "episode_number": place[1]} if place else {}
