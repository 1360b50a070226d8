"""TheTVDB: shows by name or id, episodes by number or date.

It has two APIs: an address that ends with ``/v4`` is asked as the newer one (``tvdb4``), any other as version 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.features.lookups import tvdb4
from server.features.lookups._read import (
    best,
    mapping,
    mappings,
    moment,
    number,
    text,
    text_or_none,
    texts,
    whole,
    whole_or_none,
)
from server.features.lookups.client import Found, LookupRefused, NothingFound, Sites

PICTURES = "https://www.thetvdb.com/banners/"


def search(
    sites: Sites,
    language: str,
    *,
    name: str | None = None,
    imdb_id: str | None = None,
    zap2it_id: str | None = None,
    force: bool = False,
) -> list[dict[str, Any]]:
    """Shows that fit a name or an id of another site."""
    if not (name or imdb_id or zap2it_id):
        raise LookupRefused("`search_name`, `imdb_id` or `zap2it_id` is needed")
    if tvdb4.spoken(sites):
        rows = tvdb4.search(sites, language, name=name, remote_id=imdb_id or zap2it_id, force=force)
    else:
        found = _get(sites, "/search/series", _search_by(name, imdb_id, zap2it_id), language, force=force)
        rows = mappings(mapping(found.data).get("data"))
    return [
        {
            "tvdb_id": whole(row.get("id")),
            "series_name": text(row.get("seriesName")),
            "aliases": texts(row.get("aliases")),
            "first_aired": moment(row.get("firstAired")),
            "banner": _picture(row.get("banner")),
            "network": text(row.get("network")),
            "status": text(row.get("status")),
            "overview": text_or_none(row.get("overview")),
        }
        for row in rows
    ]


def series(sites: Sites, title: str, language: str, *, actors: bool = False) -> dict[str, Any]:
    """The show that a name (or an id) means, with its posters."""
    shown = show(sites, title, language)
    shown["posters"] = posters(sites, shown["tvdb_id"], language)
    if actors:
        shown["actors"] = actors_of(sites, shown["tvdb_id"], language)
    return shown


def show(sites: Sites, title: str, language: str) -> dict[str, Any]:
    """The show that a name (or an id) means."""
    tvdb_id = int(title) if title.isascii() and title.isdigit() and len(title) < 12 else _id_of(sites, title, language)
    data: Mapping[str, Any]
    if tvdb4.spoken(sites):
        data, found = tvdb4.series(sites, tvdb_id, language)
    else:
        found = _get(sites, f"/series/{tvdb_id}", {}, language)
        data = mapping(mapping(found.data).get("data"))
    return _series(data, found, language)


def posters(sites: Sites, tvdb_id: int, language: str) -> list[str]:
    """Addresses of a show's posters."""
    if tvdb4.spoken(sites):
        return tvdb4.posters(sites, tvdb_id)
    rows = _rows_if_any(sites, f"/series/{tvdb_id}/images/query", {"keyType": "poster"}, language)
    return [PICTURES + text(row["fileName"]) for row in rows if row.get("fileName")]


def actors_of(sites: Sites, tvdb_id: int, language: str) -> list[str]:
    """Names of a show's actors."""
    if tvdb4.spoken(sites):
        return tvdb4.actors(sites, tvdb_id)
    return [text(row.get("name")) for row in _rows_if_any(sites, f"/series/{tvdb_id}/actors", {}, language)]


def episode(
    sites: Sites,
    tvdb_id: int,
    language: str,
    *,
    season: int | None = None,
    episode_number: int | None = None,
    absolute_number: int | None = None,
    air_date: date | None = None,
) -> dict[str, Any]:
    """An episode of a show, by season and number, by absolute number, or by the day it was aired."""
    if absolute_number is not None:
        by: dict[str, Any] = {"absoluteNumber": absolute_number}
    elif season is not None and episode_number is not None:
        by = {"airedEpisode": episode_number, "airedSeason": season}
    elif air_date is not None:
        by = {"firstAired": air_date.isoformat()}
    else:
        raise LookupRefused("`season_number` and `ep_number`, `absolute_number`, or `air_date` are needed")
    if tvdb4.spoken(sites):
        data, found = tvdb4.episode(sites, tvdb_id, language, by)
        return _episode(data, tvdb_id, found)
    rows = mappings(mapping(_get(sites, f"/series/{tvdb_id}/episodes/query", by, language).data).get("data"))
    if not rows:
        raise NothingFound("TheTVDB knows no such episode")
    found = _get(sites, f"/episodes/{whole(rows[0].get('id'))}", {}, language)
    return _episode(mapping(mapping(found.data).get("data")), tvdb_id, found)


def _search_by(name: str | None, imdb_id: str | None, zap2it_id: str | None) -> dict[str, str]:
    if imdb_id:
        return {"imdbId": imdb_id}
    if zap2it_id:
        return {"zap2itId": zap2it_id}
    return {"name": name or ""}


def _id_of(sites: Sites, title: str, language: str) -> int:
    if tvdb4.spoken(sites):
        rows = tvdb4.search(sites, language, name=title)
    else:
        rows = mappings(mapping(_get(sites, "/search/series", {"name": title}, language).data).get("data"))
    found = best(title, rows, lambda row: [text(row.get("seriesName")), *texts(row.get("aliases"))])
    if found is None:
        raise NothingFound(f"TheTVDB knows no show `{title}`")
    return whole(found.get("id"))


def _get(sites: Sites, path: str, params: dict[str, Any], language: str, *, force: bool = False) -> Found:
    return sites.get(
        "tvdb",
        path,
        params,
        headers={"Accept-Language": language},
        token={"apikey": sites.key("tvdb")},
        vary=language,
        force=force,
    )


def _rows_if_any(sites: Sites, path: str, params: dict[str, Any], language: str) -> list[Mapping[str, Any]]:
    try:
        return mappings(mapping(_get(sites, path, params, language).data).get("data"))
    except NothingFound:
        return []


def _picture(value: Any) -> str | None:
    path = text(value)
    return (path if "://" in path else PICTURES + path) if path else None


def _series(data: Mapping[str, Any], found: Found, language: str) -> dict[str, Any]:
    return {
        "tvdb_id": whole(data.get("id")),
        "last_updated": moment(data.get("lastUpdated")),
        "expired": not found.fresh,
        "series_name": text(data.get("seriesName")),
        "rating": number(data.get("siteRating")),
        "status": text(data.get("status")),
        "runtime": whole(data.get("runtime")),
        "airs_time": text(data.get("airsTime")),
        "airs_dayofweek": text(data.get("airsDayOfWeek")),
        "content_rating": text(data.get("rating")),
        "network": text(data.get("network")),
        "overview": text(data.get("overview")),
        "imdb_id": text(data.get("imdbId")),
        "zap2it_id": text(data.get("zap2itId")),
        "banner": _picture(data.get("banner")) or "",
        "first_aired": text(data.get("firstAired")),
        "aliases": texts(data.get("aliases")),
        "genres": texts(data.get("genre")),
        "language": language,
    }


def _episode(data: Mapping[str, Any], series_id: int, found: Found) -> dict[str, Any]:
    return {
        "id": whole(data.get("id")),
        "expired": not found.fresh,
        "last_update": whole(data.get("lastUpdated")),
        "season_number": whole(data.get("airedSeason")),
        "episode_number": whole(data.get("airedEpisodeNumber")),
        "absolute_number": whole_or_none(data.get("absoluteNumber")),
        "episode_name": text(data.get("episodeName")),
        "overview": text(data.get("overview")),
        "director": text(data.get("director")),
        "rating": number(data.get("siteRating")),
        "image": _picture(data.get("filename")),
        "first_aired": text(data.get("firstAired")),
        "series_id": series_id,
    }
