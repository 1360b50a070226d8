"""``text``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._line_patterns import ENTRY_SCHEMA, FORMAT_SCHEMA, BadFormat, LinePatterns
from server.plugins.inputs._source import decode, names_local_file, read

logger = logging.getLogger("text")


class Text(Plugin):
    """Entries cut out of any text by regular expressions, line by line.

    Each field has an expression; its first group (or the whole match, where it has none) is the value. An entry is
    complete when all fields were found, or when one of them turns up again.

    Example::

        text:
          url: http://example.com/list.txt
          entry:
            title: '^Title: (.*)'
            url: '^Link: (.*)'
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "title": "Source",
                "description": "Address or path of the text.",
                "oneOf": [{"type": "string", "format": "url"}, {"type": "string", "format": "file"}],
                "examples": ["http://example.com/list.txt"],
            },
            "encoding": {
                "type": "string",
                "title": "Encoding",
                "description": "The text's character set; as the server says, else UTF-8.",
                "examples": ["latin-1"],
            },
            "entry": ENTRY_SCHEMA,
            "format": FORMAT_SCHEMA,
        },
        "required": ["entry", "url"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each set of matches."""
        for entry in self._entries(task, config):
            if names_local_file(config["url"], entry["url"]):
                logger.warning("%s of %s names a local file; left out", entry["title"], config["url"])
            else:
                yield entry

    def _entries(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        patterns = LinePatterns(config, logger)
        body, charset = read(task, config["url"])
        given = 0
        for line in decode(body, config.get("encoding") or charset).splitlines():
            for found in patterns.read(line):
                given += 1
                yield _rewritten(patterns, found)
        if patterns.is_entry:
            given += 1
            yield _rewritten(patterns, patterns.found)
        if not given:
            logger.warning("No line of %s fits the expressions for title and url", config["url"])


def _rewritten(patterns: LinePatterns, found: dict[str, str]) -> Entry:
    try:
        return patterns.entry(found)
    except BadFormat as error:
        logger.warning("%s: %s", error.entry["title"], error)
        return error.entry
