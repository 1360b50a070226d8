"""``urlrewrite_search``"""

from __future__ import annotations

import logging
from difflib import SequenceMatcher
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.plugins.search._base import SEARCH_SCHEMA, SearchFailed, found_by

logger = logging.getLogger("urlrewrite_search")

ALIKE = 0.9
"""How alike two titles must be, from 0 to 1."""


class UrlrewriteSearch(Plugin):
    """Replaces the addresses of accepted entries by those of a search for their titles; rejects what is not found.

    Example::

        urlrewrite_search:
          - search_rss: https://example.com/rss?q={{ search_term }}
    """

    schema = {
        "type": "array",
        "items": SEARCH_SCHEMA,
        "title": "Searches",
        "description": "Search plugins that are asked, one after the other.",
        "examples": [[{"search_rss": "https://example.com/rss?q={{ search_term }}"}]],
    }
    category = "operation"

    @priority(130)
    def on_task_urlrewrite(self, task: Task, config: list[dict[str, Any]]) -> None:
        """Look for each accepted entry."""
        for entry in task.accepted:
            task.check_cancelled()
            result = self._found(task, entry, config)
            if result is None:
                entry.reject("no search found it: its address is of no use")
            else:
                entry["url"] = result["url"]

    def _found(self, task: Task, entry: Entry, searches: list[dict[str, Any]]) -> Entry | None:
        for item in searches:
            for name, config in item.items():
                try:
                    results = found_by(task, self.services.registry, name, config, entry)
                except SearchFailed as error:
                    logger.error("%s could not look for %s: %s", name, entry["title"], error)
                    continue
                for result in results:
                    if SequenceMatcher(None, result["title"], entry["title"]).ratio() > ALIKE:
                        logger.info("%s found %s for %s", name, result["title"], entry["title"])
                        return result
        return None
