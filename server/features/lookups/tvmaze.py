"""TVmaze: shows by name, episodes by number or date (https://www.tvmaze.com/api)."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.features.lookups._read import (
    mapping,
    mappings,
    moment,
    number,
    text,
    text_or_none,
    texts,
    whole,
    year,
)
from server.features.lookups.client import Found, LookupRefused, NothingFound, Sites


def series(sites: Sites, title: str) -> dict[str, Any]:
    """The show that a name means."""
    return _show(sites.get("tvmaze", "/singlesearch/shows", {"embed": "seasons", "q": title}))


def series_by_id(sites: Sites, tvmaze_id: int) -> dict[str, Any]:
    """The show of a number."""
    return _show(sites.get("tvmaze", f"/shows/{tvmaze_id}", {"embed": "seasons"}))


def series_by_tvdb_id(sites: Sites, tvdb_id: int) -> dict[str, Any]:
    """The show that has this number at TheTVDB."""
    return _show(sites.get("tvmaze", "/lookup/shows", {"thetvdb": tvdb_id}))


def episode_names(sites: Sites, tvmaze_id: int) -> list[str]:
    """The names of all episodes of a show, in order."""
    return [text(row.get("name")) for row in mappings(sites.get("tvmaze", f"/shows/{tvmaze_id}/episodes").data)]


def episode(
    sites: Sites, tvmaze_id: int, season: int | None, episode_number: int | None, air_date: date | None
) -> dict[str, Any]:
    """An episode of a show, by season and number or by the day it was aired."""
    if air_date is not None:
        params = {"date": air_date.isoformat()}
        found = sites.get("tvmaze", f"/shows/{tvmaze_id}/episodesbydate", params)
        episodes = mappings(found.data)
        if not episodes:
            raise NothingFound(f"TVmaze knows no episode of {air_date.isoformat()}")
        return _episode(episodes[0], tvmaze_id, found)
    if season is None or episode_number is None:
        raise LookupRefused("either `season_num` and `ep_num`, or `air_date` are needed")
    found = sites.get("tvmaze", f"/shows/{tvmaze_id}/episodebynumber", {"season": season, "number": episode_number})
    return _episode(mapping(found.data), tvmaze_id, found)


def _show(found: Found) -> dict[str, Any]:
    data = mapping(found.data)
    image, others, schedule = (mapping(data.get(name)) for name in ("image", "externals", "schedule"))
    return {
        "tvmaze_id": whole(data.get("id")),
        "status": text(data.get("status")),
        "rating": number(mapping(data.get("rating")).get("average")),
        "genres": texts(data.get("genres")),
        "weight": whole(data.get("weight")),
        "updated": moment(data.get("updated")),
        "name": text(data.get("name")),
        "language": text(data.get("language")),
        "schedule": {"days": texts(schedule.get("days")), "time": text(schedule.get("time"))},
        "url": text(data.get("url")),
        "original_image": text(image.get("original")),
        "medium_image": text(image.get("medium")),
        "tvdb_id": whole(others.get("thetvdb")),
        "tvrage_id": whole(others.get("tvrage")),
        "premiered": moment(data.get("premiered")),
        "year": year(data.get("premiered")),
        "summary": text(data.get("summary")),
        "webchannel": text_or_none(mapping(data.get("webChannel")).get("name")),
        "runtime": whole(data.get("runtime")),
        "show_type": text(data.get("type")),
        "network": text_or_none(mapping(data.get("network")).get("name")),
        "last_update": found.fetched,
    }


def _episode(data: Any, series_id: int, found: Found) -> dict[str, Any]:
    image = mapping(data.get("image"))
    return {
        "tvmaze_id": whole(data.get("id")),
        "series_id": series_id,
        "number": whole(data.get("number")),
        "season_number": whole(data.get("season")),
        "title": text(data.get("name")),
        "airdate": moment(data.get("airdate")),
        "url": text(data.get("url")),
        "original_image": text_or_none(image.get("original")),
        "medium_image": text_or_none(image.get("medium")),
        "airstamp": moment(data.get("airstamp")),
        "runtime": whole(data.get("runtime")),
        "summary": text(data.get("summary")),
        "last_update": found.fetched,
    }
