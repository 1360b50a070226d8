"""``search_rss``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.task import Task
from server.plugins.search._base import SearchPlugin, search_strings

logger = logging.getLogger("search_rss")


class SearchRss(SearchPlugin):
    """Searches by any feed whose address takes the words to look for: ``{{ search_term }}`` stands for them.

    Takes all options of ``rss``; the address may use the fields of the entry that is looked for too.

    Example::

        discover:
          what:
            - movie_list: wanted
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
    """

    schema = {
        "$ref": "/schema/plugin/rss",
        "title": "Feed",
        "description": "Address of the feed with `{{ search_term }}` in it, or the options of `rss`.",
        "examples": ["https://example.com/rss?q={{ search_term }}"],
    }

    def search(self, task: Task, entry: Entry, config: Any) -> Iterator[Entry]:
        """The items of the feed for each thing to look for."""
        options = {"url": config} if isinstance(config, str) else config
        feed = self.services.registry.get("rss")
        problems = []
        texts = search_strings(entry)
        for text in texts:
            try:
                url = entry.render(options["url"], search_term=quote(text))
                yield from feed.handlers["input"](task, {**options, "url": url, "all_entries": True}) or ()
            except RenderError as error:
                raise PluginError(f"the address cannot be made: {error}") from error
            except PluginError as error:
                problems.append(str(error))
                logger.warning("Looking for %s: %s", text, error)
        if len(problems) == len(texts):
            raise PluginError(problems[0])
