"""``torznab``"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from requests import RequestException

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.task import Task
from server.plugins._addresses import host_of
from server.plugins._spans import seconds_of
from server.plugins.search._base import SearchPlugin
from server.plugins.search._newznab import items, queries, refuse_error, with_query

KINDS = {"movie": "movie-search", "tvsearch": "tv-search", "search": "search"}
"""What ``t`` may be, and what the capabilities call it."""


FAMILIES = {"movie": range(2000, 3000), "tvsearch": range(5000, 6000)}
"""Categories of the kinds (https://torznab.github.io/spec-1.3-draft/torznab/Specification-v1.3.html)."""


@dataclass(frozen=True)
class Abilities:
    """What an indexer can do: by kind of search the parameters that it takes, and its categories."""

    kinds: dict[str, set[str]]
    categories: list[int]

    def categories_of(self, kind: str) -> list[int]:
        """Those that a kind of search is about; none for words."""
        return [number for number in self.categories if number in FAMILIES.get(kind, ())]


class Torznab(SearchPlugin):
    """Searches trackers through Jackett, Prowlarr or anything else that speaks Torznab.

    Asks the indexer once a run what it can do; ids (TVDB, IMDb, TMDB) are used where it takes them.

    Example::

        discover:
          what:
            - next_series_episodes: yes
          from:
            - torznab:
                url: http://localhost:9117/api/v2.0/indexers/all/results/torznab
                apikey: abcdef
                searcher: tvsearch
                categories: [5000]
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "format": "url",
                "title": "Address",
                "description": "The indexer's Torznab address, with or without `/api` at its end.",
                "examples": ["http://localhost:9117/api/v2.0/indexers/all/results/torznab"],
            },
            "apikey": {"type": "string", "title": "API key", "description": "Jackett's or Prowlarr's key."},
            "searcher": {
                "enum": ["movie", "tv", "tvsearch", "search"],
                "default": "search",
                "title": "Searcher",
                "description": "What is looked for: films, episodes, or just words.",
            },
            "categories": {
                "type": "array",
                "items": {"type": "integer"},
                "default": [],
                "title": "Categories",
                "description": "Numbers of categories (2000 films, 5000 television); by default all of the "
                "indexer's that suit the searcher.",
                "examples": [[2000, 2040]],
            },
            "timeout": {
                "type": "string",
                "format": "interval",
                "title": "Time-out",
                "description": "How long an answer may take.",
                "examples": ["30 seconds"],
            },
        },
        "required": ["url"],
        "additionalProperties": False,
    }

    def search(self, task: Task, entry: Entry, config: dict[str, Any]) -> Iterator[Entry]:
        """What the indexer has."""
        kind = {"tv": "tvsearch"}.get(config.get("searcher", "search"), config.get("searcher", "search"))
        able = self._capabilities(task, config)
        if kind not in able.kinds:
            kind = "search"
        base = {**_first(config), "t": kind}
        categories = config.get("categories") or able.categories_of(kind)
        if categories:
            base["cat"] = ",".join(map(str, categories))
        for query in queries(kind, entry, able.kinds.get(kind, ())):
            yield from items(task, self.services.registry, with_query(_api(config["url"]), {**base, **query}))

    def _capabilities(self, task: Task, config: dict[str, Any]) -> Abilities:
        """What it can do; asked once a run."""
        notes = task.state(self)
        url = _api(config["url"])
        if url not in notes:
            notes[url] = _asked(task, url, config)
        able: Abilities = notes[url]
        return able


def _api(url: str) -> str:
    return url if url.rstrip("/").endswith("/api") else f"{url.rstrip('/')}/api"


def _first(config: dict[str, Any]) -> dict[str, Any]:
    return {"extended": 1, **({"apikey": config["apikey"]} if config.get("apikey") else {})}


def _asked(task: Task, url: str, config: dict[str, Any]) -> Abilities:
    from lxml import etree

    host = host_of(url)
    timeout = {"timeout": seconds_of(config["timeout"])} if config.get("timeout") else {}
    try:
        body = task.requests.request("GET", with_query(url, {**_first(config), "t": "caps"}), **timeout).content
    except RequestException as error:
        status = getattr(error.response, "status_code", None)
        told = f"status {status}" if status else type(error).__name__
        raise PluginError(f"{host} did not say what it can do ({told})") from error
    refuse_error(body, host)
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    able = {}
    for kind, name in KINDS.items():
        node = root.find(f"searching/{name}")
        if node is not None and node.get("available", "yes") == "yes":
            able[kind] = set((node.get("supportedParams") or "q").replace(" ", "").split(","))
    numbers = (node.get("id") or "" for node in root.iter("category", "subcat"))
    return Abilities(able or {"search": {"q"}}, [int(number) for number in numbers if number.isdecimal()])
