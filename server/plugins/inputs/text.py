"""``text``"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._source import decode, names_local_file, read

logger = logging.getLogger("text")

MUST_HAVE = ("title", "url")


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
            "entry": {
                "type": "object",
                "title": "Fields",
                "description": "Field: regular expression that finds its value in a line.",
                "properties": {
                    "title": {
                        "type": "string",
                        "format": "regex",
                        "title": "Title",
                        "description": "Finds the title.",
                    },
                    "url": {
                        "type": "string",
                        "format": "regex",
                        "title": "URL",
                        "description": "Finds the address.",
                    },
                },
                "additionalProperties": {"type": "string", "format": "regex"},
                "required": ["title", "url"],
                "examples": [{"title": "^Title: (.*)", "url": "^Link: (.*)"}],
            },
            "format": {
                "type": "object",
                "title": "Format",
                "description": "Field: text it is rewritten to; %(field)s stands for the value of a field.",
                "additionalProperties": {"type": "string"},
                "examples": [{"url": "http://example.com/get/%(url)s"}],
            },
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
        patterns = {field: re.compile(text) for field, text in config["entry"].items()}
        body, charset = read(task, config["url"])
        found: dict[str, Any] = {}
        given = 0
        for line in decode(body, config.get("encoding") or charset).splitlines():
            for field, pattern in patterns.items():
                match = pattern.search(line)
                if match is None:
                    continue
                if field in found:
                    if _complete(found):
                        logger.info("The field %s came again before the entry had all fields; next entry", field)
                        given += 1
                        yield self._entry(found, config)
                    else:
                        logger.warning("An entry without title or url was left out: %s", found)
                    found = {}
                found[field] = match.group(1) if pattern.groups else match.group(0)
                if len(found) == len(patterns):
                    given += 1
                    yield self._entry(found, config)
                    found = {}
        if found and _complete(found):
            given += 1
            yield self._entry(found, config)
        if not given:
            logger.warning("No line of %s fits the expressions for title and url", config["url"])

    @staticmethod
    def _entry(found: dict[str, Any], config: dict[str, Any]) -> Entry:
        entry = Entry(found)
        for field, text in (config.get("format") or {}).items():
            try:
                entry[field] = text % entry
            except (KeyError, ValueError, TypeError) as error:
                logger.warning("%s keeps its %s: the format %r does not fit (%s)", entry["title"], field, text, error)
        return entry


def _complete(found: dict[str, Any]) -> bool:
    return all(found.get(field) for field in MUST_HAVE)
