"""``newznab``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.task import Task
from server.plugins.search._base import SearchPlugin
from server.plugins.search._newznab import items, queries, with_query

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
        for query in queries(kind, entry):
            yield from items(task, self.services.registry, with_query(url, query))


def _address(config: dict[str, Any], kind: str) -> str:
    key = {"apikey": config["apikey"]} if config.get("apikey") else {}
    return with_query(f"{config['website'].rstrip('/')}/api", {"t": kind, "extended": 1, **key})
