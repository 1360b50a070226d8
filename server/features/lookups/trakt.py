"""Trakt: movies and shows by title or any id (https://trakt.docs.apiary.io)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from server.features.lookups._read import (
    best,
    mapping,
    mappings,
    moment,
    moment_or_none,
    number_or_none,
    text,
    text_or_none,
    texts,
    whole,
    whole_or_none,
)
from server.features.lookups.client import Found, LookupRefused, NothingFound, Sites

Kind = Literal["movie", "show"]

OTHER_IDS = ("tmdb", "imdb", "tvdb", "tvrage")


@dataclass(frozen=True)
class Question:
    """What is asked for: an id, or a title."""

    title: str | None = None
    year: int | None = None
    trakt_id: int | None = None
    trakt_slug: str | None = None
    tmdb_id: int | None = None
    imdb_id: str | None = None
    tvdb_id: int | None = None
    tvrage_id: int | None = None
    actors: bool = False
    translations: bool = False


def movie(sites: Sites, question: Question) -> dict[str, Any]:
    """The movie that is meant."""
    path, found = _find(sites, "movie", question)
    data = mapping(found.data)
    return {
        **_common(data, found),
        "tagline": text(data.get("tagline")),
        "released": text(data.get("released")),
        "trailer": text_or_none(data.get("trailer")),
        **_more(sites, path, question),
    }


def series(sites: Sites, question: Question) -> dict[str, Any]:
    """The show that is meant."""
    path, found = _find(sites, "show", question)
    data = mapping(found.data)
    ids, airs = mapping(data.get("ids")), mapping(data.get("airs"))
    return {
        **_common(data, found),
        "tvdb_id": whole_or_none(ids.get("tvdb")),
        "tvrage_id": whole_or_none(ids.get("tvrage")),
        "first_aired": moment_or_none(data.get("first_aired")),
        "air_day": text_or_none(airs.get("day")),
        "air_time": text_or_none(airs.get("time")),
        "timezone": text_or_none(airs.get("timezone")),
        "certification": text_or_none(data.get("certification")),
        "network": text_or_none(data.get("network")),
        "country": text_or_none(data.get("country")),
        "status": text(data.get("status")),
        "number_of_aired_episodes": whole_or_none(data.get("aired_episodes")),
        **_more(sites, path, question),
    }


def episode(sites: Sites, trakt_id: int, season: int, number: int) -> Mapping[str, Any]:
    """An episode of a show, as Trakt tells it."""
    return mapping(_get(sites, f"/shows/{trakt_id}/seasons/{season}/episodes/{number}/", {"extended": "full"}).data)


def season(sites: Sites, trakt_id: int, number: int) -> Mapping[str, Any]:
    """A season of a show, as Trakt tells it."""
    for row in mappings(_get(sites, f"/shows/{trakt_id}/seasons/", {"extended": "full"}).data):
        if row.get("number") == number:
            return row
    raise NothingFound(f"Trakt knows no season {number} of it")


def episode_titles(sites: Sites, trakt_id: int) -> list[str]:
    """The titles of all episodes of a show, in order, specials last."""
    rows = mappings(_get(sites, f"/shows/{trakt_id}/seasons", {"extended": "episodes"}).data)
    rows.sort(key=lambda row: whole(row.get("number")) or 10_000)
    return [text(episode.get("title")) for row in rows for episode in mappings(row.get("episodes"))]


def more_of(sites: Sites, kind: Kind, trakt_id: int) -> dict[str, Any]:
    """The languages that Trakt has texts in, and the trailer."""
    found = mapping(_get(sites, f"/{kind}s/{trakt_id}", {"extended": "full"}).data)
    return {
        "trakt_languages": texts(found.get("available_translations")),
        "trakt_trailer": text_or_none(found.get("trailer")),
    }


def _find(sites: Sites, kind: Kind, question: Question) -> tuple[str, Found]:
    path = f"/{kind}s/{quote(str(_id_of(sites, kind, question)), safe='')}"
    return path, _get(sites, path, {"extended": "full"})


def _id_of(sites: Sites, kind: Kind, question: Question) -> int | str:
    direct = question.trakt_id or question.trakt_slug
    if direct:
        return direct
    for name in OTHER_IDS:
        value = getattr(question, f"{name}_id")
        if value:
            rows = mappings(_get(sites, "/search", {"id_type": name, "id": value}).data)
            return _first_id(kind, rows, f"{name} id {value}")
    if not question.title:
        raise LookupRefused("a `title` or one of the ids is needed")
    params = {"query": question.title, "type": kind, "year": question.year}
    rows = mappings(_get(sites, "/search", params).data)
    row = best(question.title, rows, lambda row: [text(mapping(row.get(kind)).get("title"))])
    return _first_id(kind, [row] if row else [], question.title)


def _first_id(kind: Kind, rows: list[Mapping[str, Any]], what: str) -> int:
    for row in rows:
        trakt_id = whole(mapping(mapping(row.get(kind)).get("ids")).get("trakt"))
        if trakt_id:
            return trakt_id
    raise NothingFound(f"Trakt knows no {kind} `{what}`")


def _get(sites: Sites, path: str, params: dict[str, Any]) -> Found:
    headers = {"trakt-api-version": "2", "trakt-api-key": sites.key("trakt")}
    return sites.get("trakt", path, params, headers=headers)


def _common(data: Mapping[str, Any], found: Found) -> dict[str, Any]:
    ids = mapping(data.get("ids"))
    return {
        "id": whole(ids.get("trakt")),
        "title": text(data.get("title")),
        "year": whole_or_none(data.get("year")),
        "slug": text_or_none(ids.get("slug")),
        "tmdb_id": whole_or_none(ids.get("tmdb")),
        "imdb_id": text_or_none(ids.get("imdb")),
        "genres": texts(data.get("genres")),
        "overview": text_or_none(data.get("overview")),
        "runtime": whole_or_none(data.get("runtime")),
        "rating": number_or_none(data.get("rating")),
        "votes": whole_or_none(data.get("votes")),
        "language": text_or_none(data.get("language")),
        "homepage": text_or_none(data.get("homepage")),
        "updated_at": moment(data.get("updated_at")),
        "cached_at": found.fetched,
    }


def _more(sites: Sites, path: str, question: Question) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if question.actors:
        cast = mappings(mapping(_get(sites, f"{path}/people", {"extended": "full"}).data).get("cast"))
        people = [_actor(mapping(role.get("person"))) for role in cast]
        found["actors"] = {str(person["trakt_id"]): person for person in people}
    if question.translations:
        rows = mappings(_get(sites, f"{path}/translations", {"extended": "full"}).data)
        found["translations"] = {
            text(row.get("language")): {name: text(row.get(name)) for name in ("overview", "tagline", "title")}
            for row in rows
        }
    return found


def _actor(person: Mapping[str, Any]) -> dict[str, Any]:
    ids = mapping(person.get("ids"))
    return {
        "trakt_id": whole(ids.get("trakt")),
        "trakt_slug": text(ids.get("slug")),
        "tmdb_id": whole(ids.get("tmdb")),
        "imdb_id": text(ids.get("imdb")),
        "name": text(person.get("name")),
        "birthday": text(person.get("birthday")),
        "biography": text_or_none(person.get("biography")),
        "homepage": text(person.get("homepage")),
        "death": text_or_none(person.get("death")),
    }
