"""Asking indexers by the Newznab API (https://inhies.github.io/Newznab-API/), which Torznab extends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.registry import Registry
from server.engine.task import Task
from server.plugins.search._base import search_strings

ATTRIBUTES = (
    "seeders",
    "peers",
    "leechers",
    "grabs",
    "size",
    "infohash",
    "imdbid",
    "imdb",
    "tvdbid",
    "poster",
    "group",
)
"""Attributes of an item that become fields."""

FIELDS = {"seeders": "torrent_seeds", "grabs": "torrent_grabs", "infohash": "torrent_info_hash"}


def with_query(url: str, more: dict[str, Any]) -> str:
    """The address with further parameters, in place of those of the same names."""
    parts = urlsplit(url)
    own = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more]
    return urlunsplit(parts._replace(query=urlencode([*own, *more.items()])))


def queries(kind: str, entry: Entry, known: Iterable[str]) -> list[dict[str, Any]]:
    """The parameters to ask a Torznab indexer with: its ids as far as the indexer takes them, and words.

    ``kind``: ``movie``, ``tvsearch`` or anything else (words only). ``known``: the parameters that the indexer takes
    for this kind of search.
    """
    usable = set(known)
    query: dict[str, Any] = {}
    if kind in ("movie", "tvsearch"):
        query = {name: value for name, value in _ids(kind, entry) if name in usable}
    if kind == "tvsearch":
        query |= {name: value for name, value in _place(entry).items() if name in usable}
    return [{**query, "q": text} for text in _words(kind, entry)]


def _words(kind: str, entry: Entry) -> list[str]:
    if kind == "tvsearch" and entry.get("series_name") and _place(entry):
        return [str(entry["series_name"])]
    if kind == "movie" and entry.get("movie_name") and not entry.get("search_strings"):
        year = entry.get("movie_year")
        return [f"{entry['movie_name']} {year}" if year else str(entry["movie_name"])]
    return search_strings(entry)


def _ids(kind: str, entry: Entry) -> Iterator[tuple[str, Any]]:
    if kind == "tvsearch":
        for field, name in (("tvdb_id", "tvdbid"), ("tvmaze_series_id", "tvmazeid"), ("tvrage_id", "rid")):
            if entry.get(field):
                yield name, entry[field]
    if kind == "movie" and entry.get("tmdb_id"):
        yield "tmdbid", entry["tmdb_id"]
    if entry.get("imdb_id"):
        yield "imdbid", entry["imdb_id"]


def _place(entry: Entry) -> dict[str, Any]:
    """Season and episode, as far as they are known."""
    season, episode = entry.get("series_season"), entry.get("series_episode")
    if season is None:
        return {}
    return {"season": season} if episode is None else {"season": season, "ep": episode}


def items(task: Task, registry: Registry, url: str, *, link: str | None = None) -> Iterator[Entry]:
    """The entries of an answer; raises :class:`PluginError` where the indexer tells of an error."""
    options: dict[str, Any] = {"url": url, "other_fields": list(ATTRIBUTES), "silent": True}
    if link:
        options["link"] = link
    for entry in registry.get("rss").handlers["input"](task, options) or ():
        _refine(entry)
        yield entry


def _refine(entry: Entry) -> None:
    fields: dict[str, Any] = {}
    for name, ours in FIELDS.items():
        value = entry.get(name, None, False)
        if value is not None:
            fields[ours] = int(value) if str(value).isdecimal() else value
    seeds, peers = fields.get("torrent_seeds"), _number(entry.get("peers", None, False))
    if isinstance(seeds, int) and peers is not None:
        fields["torrent_leeches"] = max(peers - seeds, 0)
        fields["torrent_availability"] = seeds * 2 + fields["torrent_leeches"]
        fields["search_sort"] = fields["torrent_availability"]
    size = _number(entry.get("size", None, False))
    if size:
        fields["content_size"] = size
    imdb = str(entry.get("imdbid", None, False) or entry.get("imdb", None, False) or "").removeprefix("tt")
    if imdb.strip("0"):  # zeros stand for a film that the indexer does not know
        fields["imdb_id"] = f"tt{imdb.zfill(7)}"
    tvdb = _number(entry.get("tvdbid", None, False))
    if tvdb:
        fields["tvdb_id"] = tvdb
    for name in ("seeders", "infohash", "imdbid", "imdb", "tvdbid"):
        dict.pop(entry, name, None)
    entry.put_quietly(fields)


def _number(value: Any) -> int | None:
    return int(value) if value is not None and str(value).isdecimal() else None


def refuse_error(body: bytes, host: str) -> None:
    """Raise :class:`PluginError` when an answer is ``<error code= description=>``."""
    from lxml import etree

    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise PluginError(f"{host} does not answer like an indexer: {error}") from error
    if root is not None and root.tag == "error":
        raise PluginError(f"{host} refused it: {root.get('description')} (code {root.get('code')})")
