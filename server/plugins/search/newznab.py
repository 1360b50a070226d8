"""``newznab``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from requests import RequestException

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.task import Task
from server.plugins._addresses import host_of
from server.plugins.search._base import SearchPlugin, search_strings
from server.plugins.search._newznab import refuse_error, with_query

logger = logging.getLogger("newznab")

_SHOW_IDS = (("tvdb_id", "tvdbid"), ("tvrage_id", "rid"), ("imdb_id", "imdbid"))

FEEDS = ("title", "link", "links", "id", "guidislink", "summary", "content", "published", "updated", "created")
ABOUT = ("author", "authors", "contributors", "publisher", "comments", "enclosures", "tags", "source", "license")
USUAL = frozenset((*FEEDS, *ABOUT, "size", "newznab_attr", "torznab_attr"))
"""Elements that become fields: those of feeds and of the API. Others might be taken for a folder to save to, or a file
to move."""

KINDS = {"movie": "movie", "tvsearch": "tvsearch", "tv": "tvsearch", "music": "music", "book": "book", "all": "search"}


class Newznab(SearchPlugin):
    """Searches a usenet indexer by the Newznab API.

    Example::

        discover:
          what:
            - next_series_episodes: yes
          from:
            - newznab:
                website: https://indexer.example.com
                apikey: abcdef
                category: tvsearch
    """

    schema = {
        "type": "object",
        "properties": {
            "category": {
                "enum": list(KINDS),
                "title": "Category",
                "description": "What is looked for.",
                "examples": ["tvsearch"],
            },
            "url": {
                "type": "string",
                "format": "url",
                "title": "Address",
                "description": "The whole address of a search, to which what is looked for is added.",
                "examples": ["https://indexer.example.com/api?t=search&cat=5040&apikey=abcdef"],
            },
            "website": {
                "type": "string",
                "format": "url",
                "title": "Site",
                "description": "The indexer's address; the rest is made of the other options.",
                "examples": ["https://indexer.example.com"],
            },
            "apikey": {"type": "string", "title": "API key", "description": "Your key at the indexer."},
        },
        "required": ["category"],
        "oneOf": [{"required": ["url"]}, {"required": ["website"]}],
        "additionalProperties": False,
    }

    def search(self, task: Task, entry: Entry, config: dict[str, Any]) -> Iterator[Entry]:
        """What the indexer has."""
        kind = KINDS[config["category"]]
        url = config.get("url") or _address(config, kind)
        for query in _queries(kind, entry):
            yield from _items(task, with_query(url, query))


def _queries(kind: str, entry: Entry) -> list[dict[str, Any]]:
    """The parameters to ask with: a film by its IMDb id alone, an episode by an id or the show's name, else words."""
    if kind == "search":
        return [{"q": text} for text in search_strings(entry)]
    if kind == "movie":
        if entry.get("imdb_id"):
            return [{"imdbid": str(entry["imdb_id"]).removeprefix("tt")}]
        logger.warning("%s has no IMDb id, without which films cannot be looked for", entry["title"])
    elif kind == "tvsearch" and entry.get("series_name"):
        season, episode = entry.get("series_season"), entry.get("series_episode")
        if season is not None and episode is not None:
            known = ((name, entry.get(field)) for field, name in _SHOW_IDS)
            name, value = next((pair for pair in known if pair[1]), ("q", entry["series_name"]))
            return [{name: value, "ep": episode, "season": season}]
    return []


def _items(task: Task, url: str) -> Iterator[Entry]:
    """The items of an answer with what feedparser makes of the usual elements."""
    import feedparser

    host = host_of(url)
    try:
        body = task.requests.get(url).content
    except RequestException as error:
        raise PluginError(f"{host} cannot be asked: {error}") from error
    refuse_error(body, host)
    for item in feedparser.parse(body).entries:
        fields = {name: _plain(value) for name, value in item.items() if _is_usual(name)}
        if not (fields.get("title") and fields.get("link")):
            continue
        entry = Entry({**fields, "url": fields["link"]})
        length = next((str(part.get("length") or "") for part in item.get("enclosures", ())), "")
        if length.isdecimal() and int(length):
            entry["content_size"] = int(length)
        yield entry


def _is_usual(name: str) -> bool:
    return name.removesuffix("_detail").removesuffix("_parsed") in USUAL


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _address(config: dict[str, Any], kind: str) -> str:
    key = {"apikey": config["apikey"]} if config.get("apikey") else {}
    return with_query(f"{config['website'].rstrip('/')}/api", {"t": kind, "extended": 1, **key})
