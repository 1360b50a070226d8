"""``inputs``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of

logger = logging.getLogger("inputs")


class Inputs(Plugin):
    """Several inputs in one task, the same kind more than once if need be.

    An entry whose title or address came before is left out; an input that fails is logged and the others go on.

    Example::

        inputs:
          - rss: http://example.com/a.xml
          - rss: http://example.com/b.xml
    """

    schema = {
        "type": "array",
        "title": "Inputs",
        "description": "The inputs, each with its configuration.",
        "items": INPUT_SCHEMA,
        "examples": [[{"rss": "http://example.com/a.xml"}, {"rss": "http://example.com/b.xml"}]],
    }
    category = "input"

    def on_task_input(self, task: Task, config: list[dict[str, Any]]) -> Iterator[Entry]:
        """What the inputs give, without repetitions."""
        titles: set[str] = set()
        addresses: set[str] = set()
        for item in config:
            try:
                for entry in entries_of(task, item):
                    urls = {entry["url"], *(entry.get("urls", (), False) or ())} if entry.isvalid() else set()
                    if entry.get("title") in titles or addresses & urls:
                        continue
                    titles.add(entry.get("title", "", False))
                    addresses |= urls
                    yield entry
            except (PluginError, PluginWarning, requests.RequestException, OSError) as error:
                logger.warning("The input %s failed: %s", ", ".join(item), error)
