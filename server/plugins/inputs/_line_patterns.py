"""Entries cut out of lines by an expression for each field: what ``text`` and ``tail`` have in common."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from server.engine.entry import Entry

MUST_HAVE = ("title", "url")

ENTRY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Fields",
    "description": "Field: regular expression that finds its value in a line.",
    "properties": {
        "title": {
            "type": "string",
            "format": "regex",
            "title": "Title",
            "description": "Finds the title.",
            "examples": ["^Title: (.*)"],
        },
        "url": {
            "type": "string",
            "format": "regex",
            "title": "URL",
            "description": "Finds the address.",
            "examples": ["^Link: (.*)"],
        },
    },
    "additionalProperties": {"type": "string", "format": "regex"},
    "required": list(MUST_HAVE),
    "examples": [{"title": "^Title: (.*)", "url": "^Link: (.*)"}],
}
FORMAT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Format",
    "description": "Field: text it is rewritten to; %(field)s stands for the value of a field.",
    "additionalProperties": {"type": "string"},
    "examples": [{"url": "http://example.com/get/%(url)s"}],
}


class BadFormat(ValueError):
    """Formats that do not fit; in the ``entry`` these fields are as they were found."""

    def __init__(self, entry: Entry, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.entry = entry


class LinePatterns:
    """Collects values line by line. ``found``: those of the entry that is not complete yet."""

    def __init__(self, config: Mapping[str, Any], logger: logging.Logger) -> None:
        self.patterns = {field: re.compile(text) for field, text in config["entry"].items()}
        self.formats: Mapping[str, str] = config.get("format") or {}
        self.found: dict[str, str] = {}
        self._logger = logger

    def read(self, line: str) -> Iterator[dict[str, str]]:
        """The fields of entries that this line completes: of all fields, or because one of them comes again."""
        for field, pattern in self.patterns.items():
            match = pattern.search(line)
            if match is None:
                continue
            if field in self.found:
                if self.is_entry:
                    self._logger.info("The field %s came again before the entry had all fields; next entry", field)
                yield from self._complete()
            self.found[field] = (match.group(1) if pattern.groups else match.group(0)) or ""
            if len(self.found) == len(self.patterns):
                yield from self._complete()

    def _complete(self) -> Iterator[dict[str, str]]:
        if self.is_entry:
            yield self.found
        else:
            self._logger.warning("An entry without title or url was left out: %s", self.found)
        self.found = {}

    @property
    def is_entry(self) -> bool:
        """Whether what was found so far would do."""
        return all(self.found.get(field) for field in MUST_HAVE)

    def entry(self, found: Mapping[str, str]) -> Entry:
        """The entry of these fields, rewritten by ``format``; raises :class:`BadFormat`."""
        entry = Entry(found)
        errors = []
        for field, text in self.formats.items():
            try:
                entry[field] = text % entry
            except (KeyError, ValueError, TypeError) as error:
                errors.append(f"the format of {field} does not fit: {text!r} ({error})")
        if errors:
            raise BadFormat(entry, errors)
        return entry
