"""What search plugins share: they look for an entry at some site and give what they find.

A search plugin has the interface ``search`` and one method::

    class Somewhere(SearchPlugin):
        def search(self, task, entry, config):
            for text in search_strings(entry):
                yield Entry(title=..., url=...)

It raises :class:`PluginError` or :class:`PluginWarning` where the site cannot be asked; ``discover`` logs that and goes
on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import requests

from server.engine.context import CURRENT, Step
from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning
from server.engine.plugin import Plugin
from server.engine.registry import Registry, UnknownPlugin
from server.engine.task import Task

SEARCH_SCHEMA: dict[str, Any] = {
    "title": "Search",
    "description": "One search plugin with its configuration.",
    "allOf": [{"$ref": "/schema/plugins?interface=search"}, {"minProperties": 1, "maxProperties": 1}],
    "error_maxProperties": "The options of a search must be indented two spaces more than the search's name.",
}
"""Schema of one ``{search plugin: configuration}``."""


class SearchPlugin(Plugin):
    """Base of search plugins."""

    interfaces = ("search",)
    category = "search"

    def search(self, task: Task, entry: Entry, config: Any) -> Iterable[Entry]:
        """What the site has for an entry."""
        raise NotImplementedError


class SearchFailed(Exception):
    """A search did not work; the message says why."""


def search_strings(entry: Entry) -> list[str]:
    """What to look for: the entry's ``search_strings``, else its title."""
    texts = entry.get("search_strings") or [entry["title"]]
    return [str(text) for text in (texts if isinstance(texts, (list, tuple)) else [texts])]


def found_by(task: Task, registry: Registry, name: str, config: Any, entry: Entry) -> list[Entry]:
    """What one search plugin finds, each title and address once, best first; raises :class:`SearchFailed`."""
    before = CURRENT.step
    try:
        plugin = registry.get(name)
        if "search" not in plugin.interfaces:
            raise SearchFailed(f"{name} is no search plugin")
        CURRENT.step = Step(before.phase, name)
        found = list(_distinct(plugin.search(task, entry, config)))  # type: ignore[attr-defined]
    except UnknownPlugin as error:
        raise SearchFailed(f"there is no search plugin {name}") from error
    except (PluginError, PluginWarning, requests.RequestException, OSError) as error:
        raise SearchFailed(str(error)) from error
    finally:
        CURRENT.step = before
    found.sort(key=lambda item: -_rank(item))
    return found


def _rank(entry: Entry) -> float:
    rank = entry.get("search_sort", 0, False)
    return float(rank) if isinstance(rank, (int, float)) else 0.0


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    met: set[tuple[str, str]] = set()
    for entry in entries:
        key = (entry["title"], entry["url"])
        if key not in met:
            met.add(key)
            yield entry
