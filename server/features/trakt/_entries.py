"""Trakt's rows as entries, and entries as what Trakt is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.engine.entry import Entry
from server.features.lookups._lazy import episode_of
from server.features.lookups._read import mapping, text, text_or_none, whole_or_none

SITE = "https://trakt.tv"

KINDS = ("movie", "show", "season", "episode")

Row = Mapping[str, Any]


def entry_of(row: Row, kind: str, *, strip_dates: bool) -> Entry | None:
    """The entry of a list's row; None where it names nothing."""
    item = mapping(row.get(kind, row))  # popular movies and shows come without anything around them
    owner = item if kind in ("movie", "show") else mapping(row.get("show"))
    name = text(owner.get("title"))
    if not name:
        return None
    year = whole_or_none(owner.get("year"))
    shown = name if strip_dates or year is None else f"{name} ({year})"
    fields = _movie(owner, name, year) if kind == "movie" else show_fields(owner, shown)
    if kind == "movie":
        return Entry({"title": shown, "url": page("movies", owner), **fields})
    url = page("shows", owner)
    season = whole_or_none(item.get("season" if kind == "episode" else "number"))
    if kind == "show" or season is None:
        return Entry({"title": shown, "url": url, **fields})
    fields["series_season"] = season
    if kind == "season":
        label = f"S{season:02}"
        fields.update(series_id=label, trakt_season=season)
        return Entry({"title": f"{shown} {label}", "url": f"{url}/seasons/{season}", **fields})
    number = whole_or_none(item.get("number")) or 0
    label = f"S{season:02}E{number:02}"
    fields.update(series_episode=number, series_id=label, **episode_fields(item))
    title = " ".join(part for part in (shown, label, text(item.get("title"))) if part)
    return Entry({"title": title, "url": f"{url}/seasons/{season}/episodes/{number}", **fields})


def page(kind: str, item: Row) -> str:
    """The address of a movie's or show's page."""
    ids = mapping(item.get("ids"))
    return f"{SITE}/{kind}/{text(ids.get('slug')) or text(ids.get('trakt'))}"


def _movie(movie: Row, name: str, year: int | None) -> dict[str, Any]:
    ids = mapping(movie.get("ids"))
    return {
        "movie_name": name,
        "movie_year": year,
        "trakt_movie_name": name,
        "trakt_movie_year": year,
        "trakt_movie_id": whole_or_none(ids.get("trakt")),
        "trakt_movie_slug": text_or_none(ids.get("slug")),
        "imdb_id": text_or_none(ids.get("imdb")),
        "tmdb_id": whole_or_none(ids.get("tmdb")),
    }


def show_fields(show: Row, name: str) -> dict[str, Any]:
    """What entries tell of a show that a list holds."""
    ids = mapping(show.get("ids"))
    return {
        "series_name": name,
        "trakt_series_name": text(show.get("title")),
        "trakt_series_year": whole_or_none(show.get("year")),
        "trakt_show_id": whole_or_none(ids.get("trakt")),
        "trakt_show_slug": text_or_none(ids.get("slug")),
        "imdb_id": text_or_none(ids.get("imdb")),
        "tmdb_id": whole_or_none(ids.get("tmdb")),
        "tvdb_id": whole_or_none(ids.get("tvdb")),
        "tvrage_id": whole_or_none(ids.get("tvrage")),
    }


def episode_fields(episode: Row) -> dict[str, Any]:
    """What entries tell of an episode."""
    ids = mapping(episode.get("ids"))
    season, number = whole_or_none(episode.get("season")) or 0, whole_or_none(episode.get("number")) or 0
    return {
        "trakt_ep_name": text(episode.get("title")),
        "trakt_season": season,
        "trakt_episode": number,
        "trakt_ep_id": f"S{season:02}E{number:02}",
        "trakt_episode_id": whole_or_none(ids.get("trakt")),
        "trakt_ep_imdb_id": text_or_none(ids.get("imdb")),
        "trakt_ep_tmdb_id": whole_or_none(ids.get("tmdb")),
        "trakt_ep_tvdb_id": whole_or_none(ids.get("tvdb")),
    }


# -- the other way -----------------------------------------------------------------------------------------------------

MOVIE_IDS = {"trakt": "trakt_movie_id", "slug": "trakt_movie_slug", "imdb": "imdb_id", "tmdb": "tmdb_id"}
SHOW_IDS = {
    "trakt": "trakt_show_id",
    "slug": "trakt_show_slug",
    "tvdb": "tvdb_id",
    "imdb": "imdb_id",
    "tmdb": "tmdb_id",
    "tvrage": "tvrage_id",
}


def kind_of(entry: Entry) -> str | None:
    """What an entry is about; None where nothing tells."""
    if entry.get("series_name") or entry.get("tvdb_id") or entry.get("trakt_show_id"):
        if episode_of(entry):
            return "episode"
        return "season" if isinstance(entry.get("series_season"), int) else "show"
    named = ("movie_name", "trakt_movie_id", "trakt_movie_slug", "imdb_id", "tmdb_id")
    return "movie" if any(entry.get(name) for name in named) else None


def ids_of(entry: Entry, kind: str) -> dict[str, Any]:
    """The identifiers of an entry's movie or show, by Trakt's names."""
    names = MOVIE_IDS if kind == "movie" else SHOW_IDS
    return {name: value for name, field in names.items() if (value := entry.get(field, None, False))}


def change(entries: Sequence[tuple[Entry, str]]) -> dict[str, list[dict[str, Any]]]:
    """What is sent to put these on a list or to take them off: each with what it is about."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry, kind in entries:
        item: dict[str, Any] = {"ids": ids_of(entry, kind)}
        if kind == "movie":
            item.update(_named(entry, "movie_name", "movie_year"))
        else:
            item.update(_named(entry, "trakt_series_name", "trakt_series_year"))
            item.setdefault("title", str(entry.get("series_name") or entry["title"]))
        if kind in ("season", "episode"):
            season: dict[str, Any] = {"number": entry["series_season"]}
            if kind == "episode":
                season["episodes"] = [{"number": entry["series_episode"]}]
            item["seasons"] = [season]
        found.setdefault("movies" if kind == "movie" else "shows", []).append(item)
    return found


def _named(entry: Entry, name: str, year: str) -> dict[str, Any]:
    found = {"title": entry.get(name), "year": entry.get(year)}
    return {key: value for key, value in found.items() if value}
