"""The Movie Database: movies by title or id, with posters (https://developer.themoviedb.org)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from server.features.lookups._read import (
    best,
    mapping,
    mappings,
    number,
    number_or_none,
    text,
    text_or_none,
    texts,
    whole,
    whole_or_none,
    year,
)
from server.features.lookups.client import Found, LookupRefused, NothingFound, Sites

_YEAR = re.compile(r"\s*\((\d{4})\)\s*$", re.ASCII)


@dataclass(frozen=True)
class Question:
    """What is asked for: an id, or a title."""

    title: str | None = None
    tmdb_id: str | None = None
    imdb_id: str | None = None
    language: str | None = None
    year: int | None = None
    only_cached: bool = False


def movie(sites: Sites, question: Question, *, posters: bool = False, backdrops: bool = False) -> dict[str, Any]:
    """The movie that is meant."""
    movie_id, found = _details(sites, question)
    shown = _movie(found, question.language)
    if posters or backdrops:
        images = mapping(_get(sites, question, f"/movie/{movie_id}/images", {}).data)
        sizes = mapping(mapping(_get(sites, question, "/configuration", {}).data).get("images"))
        if posters:
            shown["posters"] = _pictures(images.get("posters"), movie_id, sizes, "poster_sizes")
        if backdrops:
            shown["backdrops"] = _pictures(images.get("backdrops"), movie_id, sizes, "backdrop_sizes")
    return shown


def movie_and_day(sites: Sites, question: Question) -> dict[str, Any]:
    """The movie that is meant, with the day of its release (``released``, ISO 8601)."""
    _, found = _details(sites, question)
    return {**_movie(found, question.language), "released": text(mapping(found.data).get("release_date"))}


def _details(sites: Sites, question: Question) -> tuple[int, Found]:
    if not (question.title or question.tmdb_id or question.imdb_id):
        raise LookupRefused("a `title`, a `tmdb_id` or an `imdb_id` is needed")
    movie_id = _id_of(sites, question)
    params = {"append_to_response": "alternative_titles", "language": question.language}
    return movie_id, _get(sites, question, f"/movie/{movie_id}", params)


def _id_of(sites: Sites, question: Question) -> int:
    if question.tmdb_id:
        if not (question.tmdb_id.isascii() and question.tmdb_id.isdigit()):
            raise LookupRefused(f"`{question.tmdb_id[:40]}` is no TMDB id: it is a number")
        return int(question.tmdb_id[:18])
    if question.imdb_id:
        path = f"/find/{quote(question.imdb_id, safe='')}"
        rows = mappings(mapping(_get(sites, question, path, {"external_source": "imdb_id"}).data).get("movie_results"))
        found = rows[0] if rows else None
    else:
        found = _search(sites, question)
    if found is None:
        raise NothingFound(f"TMDB knows no movie `{question.imdb_id or question.title}`")
    return whole(found.get("id"))


def _search(sites: Sites, question: Question) -> Any:
    title = question.title or ""
    named = _YEAR.search(title)
    wanted = question.year or (int(named[1]) if named else None)
    title = _YEAR.sub("", title) or title
    params = {"query": title, "language": question.language, "year": wanted}
    rows = mappings(mapping(_get(sites, question, "/search/movie", params).data).get("results"))
    return best(title, rows, lambda row: (text(row.get("title")), text(row.get("original_title"))))


def _get(sites: Sites, question: Question, path: str, params: dict[str, Any]) -> Found:
    secret = {"api_key": sites.key("tmdb")}
    return sites.get("tmdb", path, params, secret=secret, only_cached=question.only_cached)


def _movie(found: Found, language: str | None) -> dict[str, Any]:
    data = mapping(found.data)
    others = mappings(mapping(data.get("alternative_titles")).get("titles"))
    imdb_id = text(data.get("imdb_id"))
    return {
        "id": whole(data.get("id")),
        **({"imdb_id": imdb_id} if imdb_id else {}),
        "name": text(data.get("title")),
        "original_name": text_or_none(data.get("original_title")),
        "alternative_name": text_or_none(others[0].get("title")) if others else None,
        "year": year(data.get("release_date")),
        "runtime": whole(data.get("runtime")),
        "language": text(data.get("original_language")),
        "overview": text(data.get("overview")),
        "tagline": text(data.get("tagline")),
        "rating": number_or_none(data.get("vote_average")),
        "votes": whole_or_none(data.get("vote_count")),
        "popularity": number_or_none(data.get("popularity")),
        "adult": data.get("adult") is True,
        "budget": whole_or_none(data.get("budget")),
        "revenue": whole_or_none(data.get("revenue")),
        "homepage": text_or_none(data.get("homepage")),
        "genres": [text(genre.get("name")) for genre in mappings(data.get("genres"))],
        "updated": found.fetched,
        "lookup_language": language,
    }


def _pictures(value: Any, movie_id: int, config: Any, sizes: str) -> list[dict[str, Any]]:
    base = text(config.get("secure_base_url"))
    names = texts(config.get(sizes))
    return [
        {
            "id": None,
            "movie_id": movie_id,
            "urls": {size: f"{base}{size}{text(picture.get('file_path'))}" for size in names},
            "file_path": text(picture.get("file_path")),
            "width": whole(picture.get("width")),
            "height": whole(picture.get("height")),
            "aspect_ratio": number(picture.get("aspect_ratio")),
            "vote_average": number(picture.get("vote_average")),
            "vote_count": whole(picture.get("vote_count")),
            "language_code": text_or_none(picture.get("iso_639_1")),
        }
        for picture in mappings(value)
    ]
