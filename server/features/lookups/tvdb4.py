"""TheTVDB's API of version 4, in the words of version 3 (https://thetvdb.github.io/v4-api)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from server.features.lookups._read import mapping, mappings, number_or_none, text, texts, whole, whole_or_none
from server.features.lookups.client import Found, NothingFound, Sites

POSTER = 2
"""The type of pictures that are a show's posters."""

ACTOR, DIRECTOR = "Actor", "Director"

LANGUAGES = {
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "el": "ell",
    "en": "eng",
    "es": "spa",
    "fi": "fin",
    "fr": "fra",
    "he": "heb",
    "hr": "hrv",
    "hu": "hun",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nl": "nld",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "ru": "rus",
    "sl": "slv",
    "sv": "swe",
    "tr": "tur",
    "uk": "ukr",
    "zh": "zho",
}
"""Languages as version 3 names them (ISO 639-1) and as version 4 does (ISO 639-2)."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def spoken(sites: Sites) -> bool:
    """Whether the address that is configured is one of version 4."""
    return sites.settings("tvdb").address.endswith("/v4")


def search(
    sites: Sites, language: str, *, name: str | None = None, remote_id: str | None = None, force: bool = False
) -> list[Mapping[str, Any]]:
    """Shows by a part of their name, or by their id at another site."""
    if remote_id:
        found = _get(sites, f"/search/remoteid/{quote(remote_id, safe='')}", {}, force=force)
        rows = [mapping(row.get("series")) for row in mappings(mapping(found.data).get("data")) if row.get("series")]
    else:
        found = _get(sites, "/search", {"query": name, "type": "series"}, force=force)
        rows = mappings(mapping(found.data).get("data"))
    return [_found_show(row, language) for row in rows]


def series(sites: Sites, tvdb_id: int, language: str) -> tuple[dict[str, Any], Found]:
    """A show of a number."""
    found = _get(sites, f"/series/{tvdb_id}/extended", {})
    data = mapping(mapping(found.data).get("data"))
    words = _translation(sites, "series", tvdb_id, language, data)
    others = {text(other.get("sourceName")).lower(): text(other.get("id")) for other in mappings(data.get("remoteIds"))}
    airs = mapping(data.get("airsDays"))
    ratings = mappings(data.get("contentRatings"))
    rating = next((row for row in ratings if row.get("country") == "usa"), ratings[0] if ratings else {})
    network = mapping(data.get("latestNetwork") or data.get("originalNetwork"))
    return {
        "id": whole(data.get("id")),
        "lastUpdated": _moment(data.get("lastUpdated")),
        "seriesName": words["name"],
        "overview": words["overview"],
        "status": text(mapping(data.get("status")).get("name")),
        "runtime": whole(data.get("averageRuntime")),
        "airsTime": text(data.get("airsTime")),
        "airsDayOfWeek": ", ".join(day.capitalize() for day in DAYS if airs.get(day) is True),
        "rating": text(rating.get("name")),
        "network": text(network.get("name")),
        "imdbId": others.get("imdb", ""),
        "zap2itId": others.get("zap2it", others.get("tms (zap2it)", "")),
        "banner": text(data.get("image")),
        "firstAired": text(data.get("firstAired")),
        "aliases": [text(row.get("name")) for row in mappings(data.get("aliases"))],
        "genre": [text(row.get("name")) for row in mappings(data.get("genres"))],
        "siteRating": number_or_none(data.get("siteRating")),
    }, found


def posters(sites: Sites, tvdb_id: int) -> list[str]:
    """Addresses of a show's posters."""
    data = mapping(mapping(_get(sites, f"/series/{tvdb_id}/artworks", {"type": POSTER}).data).get("data"))
    rows = [row for row in mappings(data.get("artworks")) if row.get("type") == POSTER]
    return [text(row.get("image")) for row in rows if row.get("image")]


def actors(sites: Sites, tvdb_id: int) -> list[str]:
    """Names of a show's actors, as the site sorts them."""
    data = mapping(mapping(_get(sites, f"/series/{tvdb_id}/extended", {}).data).get("data"))
    cast = [row for row in mappings(data.get("characters")) if row.get("peopleType") == ACTOR]
    cast.sort(key=lambda row: whole(row.get("sort")))
    return list(dict.fromkeys(text(row.get("personName")) for row in cast if row.get("personName")))


def episode(sites: Sites, tvdb_id: int, language: str, by: Mapping[str, Any]) -> tuple[dict[str, Any], Found]:
    """An episode, by what version 3 is asked with: ``airedSeason`` and ``airedEpisode``, or one of the others."""
    order, params = "default", {"page": 0}
    if "absoluteNumber" in by:
        order, params = "absolute", {"page": 0, "season": 1, "episodeNumber": by["absoluteNumber"]}
    elif "firstAired" in by:
        params["airDate"] = by["firstAired"]
    else:
        params.update(season=by["airedSeason"], episodeNumber=by["airedEpisode"])
    listed = mapping(mapping(_get(sites, f"/series/{tvdb_id}/episodes/{order}", params).data).get("data"))
    rows = mappings(listed.get("episodes"))
    if not rows:
        raise NothingFound("TheTVDB knows no such episode")
    number = whole(rows[0].get("id"))
    found = _get(sites, f"/episodes/{number}/extended", {})
    data = mapping(mapping(found.data).get("data"))
    words = _translation(sites, "episodes", number, language, data)
    directors = [
        text(row.get("personName")) for row in mappings(data.get("characters")) if row.get("peopleType") == DIRECTOR
    ]
    return {
        "id": number,
        "airedSeason": whole(data.get("seasonNumber")),
        "airedEpisodeNumber": whole(data.get("number")),
        "absoluteNumber": whole_or_none(data.get("absoluteNumber")),
        "episodeName": words["name"],
        "overview": words["overview"],
        "director": ", ".join(directors),
        "siteRating": None,
        "filename": text(data.get("image")),
        "firstAired": text(data.get("aired")),
        "lastUpdated": 0,
    }, found


def _get(sites: Sites, path: str, params: Mapping[str, Any], *, force: bool = False) -> Found:
    sign_in = {"apikey": sites.key("tvdb")}
    pin = sites.settings("tvdb").more["pin"]
    if pin:
        sign_in["pin"] = pin
    return sites.get("tvdb", path, params, token=sign_in, vary="v4", force=force)


def _translation(sites: Sites, kind: str, number: int, language: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Name and overview in a language, where there is a translation, else as they are."""
    plain = {"name": text(data.get("name")), "overview": text(data.get("overview"))}
    code = LANGUAGES.get(language.lower()[:2], language.lower())
    if code not in texts(data.get("nameTranslations")):
        return plain
    try:
        found = mapping(mapping(_get(sites, f"/{kind}/{number}/translations/{code}", {}).data).get("data"))
    except NothingFound:
        return plain
    return {name: text(found.get(name)) or plain[name] for name in plain}


def _found_show(row: Mapping[str, Any], language: str) -> dict[str, Any]:
    code = LANGUAGES.get(language.lower()[:2], language.lower())
    name, aliases = text(row.get("name")), row.get("aliases")
    shown = text(mapping(row.get("translations")).get(code)) or name
    others = texts(aliases) or [text(alias.get("name")) for alias in mappings(aliases)]
    return {
        "id": whole(row.get("tvdb_id") or row.get("id")),
        "seriesName": shown,
        "aliases": others if name in (shown, *others) else [name, *others],
        "firstAired": text(row.get("first_air_time") or row.get("firstAired")),
        "banner": text(row.get("image_url") or row.get("image")),
        "network": text(row.get("network")),
        "status": text(row.get("status")) or text(mapping(row.get("status")).get("name")),
        "overview": text(mapping(row.get("overviews")).get(code)) or text(row.get("overview")),
    }


def _moment(value: Any) -> str:
    """``2024-05-06 07:08:09``, in UTC, as ISO 8601."""
    return text(value).replace(" ", "T")
