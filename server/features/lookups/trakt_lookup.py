"""``trakt_lookup``"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any
from urllib.parse import quote

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.lookups import imdb_titles, trakt
from server.features.lookups._lazy import Asked, Fields, episode_of, is_show, known_id, movie_named
from server.features.lookups._read import (
    mapping,
    mappings,
    moment_or_none,
    number_or_none,
    text_or_none,
    whole,
    whole_or_none,
)
from server.features.lookups.client import LookupFailed, Sites
from server.features.lookups.imdb_lookup import known_imdb_id
from server.features.trakt._api import Trakt
from server.features.trakt._schema import ACCOUNT, USERNAME, WHO

IDS = {"imdb_id": "imdb_id", "tmdb_id": "tmdb_id"}
SERIES = {
    **IDS,
    "tvdb_id": "tvdb_id",
    "tvrage_id": "tvrage_id",
    "trakt_show_id": "id",
    "trakt_show_slug": "slug",
    "trakt_series_name": "title",
    "trakt_series_year": "year",
    "trakt_series_runtime": "runtime",
    "trakt_series_first_aired": "first_aired",
    "trakt_series_air_day": "air_day",
    "trakt_series_content_rating": "certification",
    "trakt_series_network": "network",
    "trakt_series_country": "country",
    "trakt_series_status": "status",
    "trakt_series_overview": "overview",
    "trakt_series_rating": "rating",
    "trakt_series_votes": "votes",
    "trakt_series_language": "language",
    "trakt_series_aired_episodes": "number_of_aired_episodes",
    "trakt_genres": "genres",
    "trakt_homepage": "homepage",
}
MADE = ("trakt_series_url", "trakt_series_air_time", "imdb_url")
EPISODE = ("ep_name", "ep_overview", "ep_first_aired", "ep_id", "ep_abs_number", "ep_rating", "ep_votes")
EPISODE_IDS = {"trakt_ep_imdb_id": "imdb", "trakt_ep_tmdb_id": "tmdb", "trakt_ep_tvdb_id": "tvdb"}
SEASON = ("name", "overview", "first_aired", "episode_count", "aired_episodes", "id", "tvdb_id", "tmdb_id")
MOVIE = {
    **IDS,
    "movie_name": "title",
    "movie_year": "year",
    "trakt_movie_name": "title",
    "trakt_movie_year": "year",
    "trakt_movie_id": "id",
    "trakt_movie_slug": "slug",
    "trakt_tagline": "tagline",
    "trakt_overview": "overview",
    "trakt_runtime": "runtime",
    "trakt_rating": "rating",
    "trakt_votes": "votes",
    "trakt_language": "language",
    "trakt_genres": "genres",
    "trakt_homepage": "homepage",
}
MARKS = ("trakt_collected", "trakt_watched")
LIST_OF = {"trakt_collected": "collection", "trakt_watched": "watched"}


class TraktLookup(Plugin):
    """Gives entries what Trakt knows of their show, season and episode, or of their movie, as lazy fields.

    Sets `trakt_series_...`, `trakt_season_...`, `trakt_ep_...`, `trakt_movie_...` and identifiers of other sites. With
    an account or the name of somebody it also tells whether they have it or saw it (`trakt_collected`, `trakt_watched`)
    and how they rated it. Needs a key: `lookups: {trakt: {key: ...}}`.

    Example::

        trakt_lookup:
          username: somebody
        if:
          - trakt_watched: reject
    """

    schema = {
        "oneOf": [
            {
                "type": "object",
                "properties": {"account": ACCOUNT, "username": USERNAME},
                "anyOf": WHO,
                "additionalProperties": False,
            },
            {"type": "boolean"},
        ],
        "title": "Trakt",
        "description": "Whether entries get the fields of Trakt, and whose marks.",
        "examples": [True],
    }
    category = "metainfo"

    @priority(110)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Entries that name a show are about it, all others about a movie."""
        if config is False:
            return
        asked = Asked.of(task, self)
        whose = _Person(asked, config) if isinstance(config, dict) else None
        shows = [entry for entry in task.entries if is_show(entry) or known_id(entry, "trakt_show_id", "tvdb_id")]
        about_shows = set(shows)
        movies = [entry for entry in task.entries if entry not in about_shows]
        asked.fill(shows, (*SERIES, *MADE), _with(_series, asked))
        asked.fill(movies, (*MOVIE, "trakt_released"), _with(_movie, asked))
        asked.fill(shows, ("trakt_series_episodes",), _with(_titles, asked))
        kinds: tuple[tuple[trakt.Kind, list[Entry]], ...] = (("show", shows), ("movie", movies))
        for kind, entries in kinds:
            asked.fill(entries, ("trakt_actors",), _actors(asked, kind))
            asked.fill(entries, ("trakt_translations",), _translations(asked, kind))
            asked.fill(entries, ("trakt_languages", "trakt_trailer"), _more_of(asked, kind))
        asked.fill([entry for entry in shows if episode_of(entry)], _episode_names(), _with(_episode, asked))
        packs = [entry for entry in shows if not episode_of(entry) and isinstance(entry.get("series_season"), int)]
        asked.fill(packs, [*(f"trakt_season_{name}" for name in SEASON), "trakt_season"], _with(_season, asked))
        if whose is not None:
            for mark in MARKS:
                asked.fill(task.entries, (mark,), whose.marked(mark))
            asked.fill(shows, ("trakt_series_user_rating", "trakt_ep_user_rating"), whose.ratings)
            asked.fill(movies, ("trakt_movie_user_rating",), whose.ratings)


def _with(look: Callable[[Asked, Entry], Fields], asked: Asked) -> Callable[[Entry], Fields]:
    return lambda entry: look(asked, entry)


def _question(entry: Entry, kind: str) -> trakt.Question:
    own = ("trakt_show_id", "trakt_id") if kind == "show" else ("trakt_movie_id", "trakt_id")
    number = known_id(entry, *own)
    if number:
        return trakt.Question(trakt_id=number)
    slug = text_or_none(entry.get(f"trakt_{kind}_slug", None, False))
    if slug:
        return trakt.Question(trakt_slug=slug)
    if kind == "movie":
        others = trakt.Question(imdb_id=known_imdb_id(entry), tmdb_id=known_id(entry, "tmdb_id"))
        if others != trakt.Question():
            return others
        name, year = movie_named(entry)
        return trakt.Question(title=name, year=year)
    tvdb_id = known_id(entry, "tvdb_id")
    return trakt.Question(tvdb_id=tvdb_id) if tvdb_id else trakt.Question(title=str(entry.get("series_name") or ""))


def _found(
    asked: Asked, entry: Entry, kind: str, *, actors: bool = False, translations: bool = False
) -> dict[str, Any]:
    """The show or movie that an entry is about."""
    asks = asked.question(entry, lambda entry: _question(entry, kind))
    question = replace(asks, actors=actors, translations=translations)
    look = trakt.series if kind == "show" else trakt.movie
    return asked.once("trakt", (kind, question), lambda sites: look(sites, question))


def _series(asked: Asked, entry: Entry) -> Fields:
    found = _found(asked, entry, "show")
    imdb_id = imdb_titles.id_in(found["imdb_id"])
    return {
        **{field: found.get(name) for field, name in SERIES.items()},
        "trakt_series_air_time": _time(found["air_time"]),
        "trakt_series_url": f"https://trakt.tv/shows/{found['slug'] or found['id']}",
        "imdb_url": imdb_titles.URL.format(imdb_id) if imdb_id else None,
    }


def _time(value: str | None) -> time | None:
    try:
        return time.fromisoformat(value or "")
    except ValueError:
        return None


def _movie(asked: Asked, entry: Entry) -> Fields:
    found = _found(asked, entry, "movie")
    fields = {field: found.get(name) for field, name in MOVIE.items()}
    try:
        released = date.fromisoformat(found["released"])
    except ValueError:
        released = None
    return {**fields, "trakt_released": released}


def _actors(asked: Asked, kind: str) -> Callable[[Entry], Fields]:
    return lambda entry: {"trakt_actors": _found(asked, entry, kind, actors=True)["actors"]}


def _translations(asked: Asked, kind: str) -> Callable[[Entry], Fields]:
    return lambda entry: {"trakt_translations": _found(asked, entry, kind, translations=True)["translations"]}


def _more_of(asked: Asked, kind: trakt.Kind) -> Callable[[Entry], Fields]:
    def look(entry: Entry) -> Fields:
        number = _found(asked, entry, kind)["id"]
        return asked.once("trakt", ("more", kind, number), lambda sites: trakt.more_of(sites, kind, number))

    return look


def _titles(asked: Asked, entry: Entry) -> Fields:
    number = _found(asked, entry, "show")["id"]
    titles = asked.once("trakt", ("titles", number), lambda sites: trakt.episode_titles(sites, number))
    return {"trakt_series_episodes": titles}


def _episode_names() -> list[str]:
    made = [f"trakt_{name}" for name in EPISODE]
    return [*made, *EPISODE_IDS, "trakt_season", "trakt_episode", "trakt_episode_id"]


def _episode(asked: Asked, entry: Entry) -> Fields:
    show, place = _found(asked, entry, "show")["id"], episode_of(entry)
    season, number = place or (0, 0)
    found = asked.once("trakt", (show, season, number), lambda sites: trakt.episode(sites, show, season, number))
    ids = mapping(found.get("ids"))
    return {
        "trakt_ep_name": text_or_none(found.get("title")),
        "trakt_ep_overview": text_or_none(found.get("overview")),
        "trakt_ep_first_aired": moment_or_none(found.get("first_aired")),
        "trakt_ep_abs_number": whole_or_none(found.get("number_abs")),
        "trakt_ep_rating": number_or_none(found.get("rating")),
        "trakt_ep_votes": whole_or_none(found.get("votes")),
        "trakt_ep_id": f"S{season:02}E{number:02}",
        "trakt_season": season,
        "trakt_episode": number,
        "trakt_episode_id": whole_or_none(ids.get("trakt")),
        **{field: ids.get(name) for field, name in EPISODE_IDS.items()},
    }


def _season(asked: Asked, entry: Entry) -> Fields:
    show, number = _found(asked, entry, "show")["id"], whole(entry.get("series_season"))
    found = asked.once("trakt", ("season", show, number), lambda sites: trakt.season(sites, show, number))
    ids = mapping(found.get("ids"))
    return {
        "trakt_season": number,
        "trakt_season_name": text_or_none(found.get("title")),
        "trakt_season_overview": text_or_none(found.get("overview")),
        "trakt_season_first_aired": moment_or_none(found.get("first_aired")),
        "trakt_season_episode_count": whole_or_none(found.get("episode_count")),
        "trakt_season_aired_episodes": whole_or_none(found.get("aired_episodes")),
        "trakt_season_id": whole_or_none(ids.get("trakt")),
        "trakt_season_tvdb_id": whole_or_none(ids.get("tvdb")),
        "trakt_season_tmdb_id": whole_or_none(ids.get("tmdb")),
    }


class _Person:
    """What somebody has, saw and rated; each list of it is asked for once a run."""

    def __init__(self, asked: Asked, config: Mapping[str, Any]) -> None:
        self._asked = asked
        self._trakt = Trakt(asked.sites, account=config.get("account"), username=config.get("username"))

    def marked(self, field: str) -> Callable[[Entry], Fields]:
        """Whether it is in their collection, or was watched by them."""

        def look(entry: Entry) -> Fields:
            kind = "show" if is_show(entry) else "movie"
            number = _found(self._asked, entry, kind)["id"]
            row = self._rows(f"{LIST_OF[field]}/{kind}s", kind).get(number)
            return {field: row is not None and _has(row, entry)}

        return look

    def ratings(self, entry: Entry) -> Fields:
        """Their ratings, of ten."""
        if not is_show(entry):
            number = _found(self._asked, entry, "movie")["id"]
            return {"trakt_movie_user_rating": self._rating("movie", number)}
        number = _found(self._asked, entry, "show")["id"]
        fields = {"trakt_series_user_rating": self._rating("show", number)}
        if episode_of(entry):
            of_episode = _episode(self._asked, entry)["trakt_episode_id"]
            fields["trakt_ep_user_rating"] = self._rating("episode", of_episode)
        return fields

    def _rating(self, kind: str, number: Any) -> int | None:
        return whole_or_none(self._rows(f"ratings/{kind}s", kind).get(number, {}).get("rating"))

    def _rows(self, what: str, kind: str) -> dict[int, Mapping[str, Any]]:
        """A list of theirs, by the numbers of what is on it."""

        def ask(_: Sites) -> dict[int, Mapping[str, Any]]:
            try:
                rows = self._trakt.rows(f"/users/{quote(self._trakt.user, safe='')}/{what}")
                return {_number(row, kind): row for row in rows}
            except PluginError as error:
                raise LookupFailed(f"{what} of {self._trakt.user}: {error}") from None

        return self._asked.once("trakt's people", what, ask)


def _number(row: Mapping[str, Any], kind: str) -> int:
    return whole(mapping(mapping(row.get(kind)).get("ids")).get("trakt"))


def _has(row: Mapping[str, Any], entry: Entry) -> bool:
    """Whether a row of what somebody has or saw holds the entry's episode or season, or is its movie or show."""
    season = entry.get("series_season")
    if not is_show(entry) or not isinstance(season, int):
        return True
    place = episode_of(entry)
    numbers = {
        whole(episode.get("number"))
        for each in mappings(row.get("seasons"))
        if each.get("number") == season
        for episode in mappings(each.get("episodes"))
    }
    return place[1] in numbers if place else bool(numbers)
