"""``tmdb_lookup``"""

from __future__ import annotations

from datetime import date
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.lookups import tmdb
from server.features.lookups._language import language_of, language_schema
from server.features.lookups._lazy import Asked, Fields, is_show, known_id, movie_named
from server.features.lookups.imdb_lookup import known_imdb_id

FIELDS = {
    "tmdb_name": "name",
    "tmdb_id": "id",
    "imdb_id": "imdb_id",
    "tmdb_year": "year",
    "tmdb_popularity": "popularity",
    "tmdb_rating": "rating",
    "tmdb_genres": "genres",
    "tmdb_votes": "votes",
    "tmdb_runtime": "runtime",
    "tmdb_tagline": "tagline",
    "tmdb_budget": "budget",
    "tmdb_revenue": "revenue",
    "tmdb_homepage": "homepage",
    "movie_name": "name",
    "movie_year": "year",
}
PICTURES = {"tmdb_posters": "posters", "tmdb_backdrops": "backdrops"}


class TmdbLookup(Plugin):
    """Gives entries what TMDB knows of their movie, as fields that are looked up when something asks for them.

    By `tmdb_id` or `imdb_id` where an entry has one, else by name and year. Needs a key: `lookups: {tmdb: {key: ...}}`.

    Example::

        tmdb_lookup:
          language: de
    """

    schema = language_schema("TMDB", "titles")
    category = "metainfo"

    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Shows are none of its movies."""
        if config is False:
            return
        asked = Asked.of(task, self)
        language = language_of(config)
        movies = [entry for entry in task.entries if not is_show(entry)]
        asked.fill(movies, (*FIELDS, "tmdb_released"), lambda entry: _movie(asked, entry, language))
        asked.fill(movies, PICTURES, lambda entry: _pictures(asked, entry, language))


def _question(entry: Entry, language: str) -> tmdb.Question:
    number, imdb_id = known_id(entry, "tmdb_id"), known_imdb_id(entry)
    if number:
        return tmdb.Question(tmdb_id=str(number), language=language)
    if imdb_id:
        return tmdb.Question(imdb_id=imdb_id, language=language)
    name, year = movie_named(entry)
    return tmdb.Question(title=name, year=year, language=language)


def _movie(asked: Asked, entry: Entry, language: str) -> Fields:
    question = asked.question(entry, lambda entry: _question(entry, language))
    found = asked.once("tmdb", question, lambda sites: tmdb.movie_and_day(sites, question))
    fields = {field: found.get(name) for field, name in FIELDS.items()}
    fields["movie_year"] = found["year"] or None
    return {**fields, "tmdb_released": _day(found["released"])}


def _pictures(asked: Asked, entry: Entry, language: str) -> Fields:
    question = asked.question(entry, lambda entry: _question(entry, language))
    found = asked.once(
        "tmdb", ("pictures", question), lambda sites: tmdb.movie(sites, question, posters=True, backdrops=True)
    )
    return {
        field: [picture["urls"]["original"] for picture in found[name] if "original" in picture["urls"]]
        for field, name in PICTURES.items()
    }


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
