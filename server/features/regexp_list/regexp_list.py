"""``regexp_list``"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.features.regexp_list.store import Regexp, RegexpListStore
from server.storage.database import Database

logger = logging.getLogger("regexp_list")


class StoredRegexps(ManagedList):
    """An entry is on the list when one of its expressions is found in the title, without case."""

    def __init__(self, store: RegexpListStore, name: str) -> None:
        self._store = store
        self._name = name

    @property
    def _id(self) -> int:  # each time anew, as of the other lists
        return self._store.ensure(self._name).id

    def entries(self) -> Iterator[Entry]:
        """One for each expression, in ``title`` and ``regexp``."""
        return (_fresh(item) for item in self._store.regexps(self._id))

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """The first expression that is found in each title."""
        return {entry: _fresh(items[0]) for entry, items in self._find(entries).items()}

    def _find(self, entries: Sequence[Entry]) -> dict[Entry, list[Regexp]]:
        patterns = []
        for item in self._store.regexps(self._id):
            try:
                patterns.append((item, re.compile(item.regexp, re.IGNORECASE)))
            except re.error as error:
                logger.warning("%r on the list %s is no regular expression: %s", item.regexp, self._name, error)
        found = {}
        for entry in entries:
            items = [item for item, pattern in patterns if pattern.search(entry["title"])]
            if items:
                found[entry] = items
        return found

    def add(self, entries: Sequence[Entry]) -> None:
        """The field ``regexp`` of each, or its title."""
        with self._store.db.transaction():
            self._store.add(self._id, [str(entry.get("regexp") or entry["title"]) for entry in entries])

    def remove(self, entries: Sequence[Entry]) -> int:
        """The expressions that are found in their titles, or are theirs."""
        ids = {item.id for items in self._find(entries).values() for item in items}
        own = {str(entry.get("regexp") or entry["title"]) for entry in entries}
        ids |= {item.id for item in self._store.regexps(self._id) if item.regexp in own}
        return self._store.remove(self._id, ids)

    def clear(self) -> None:
        """The list itself stays."""
        self._store.remove(self._id)


def _fresh(item: Regexp) -> Entry:
    url = f"mock://localhost/regexp_list/{item.id}"
    return Entry(title=item.regexp, url=url, regexp=item.regexp)


class RegexpList(ListPlugin):
    """A named list of regular expressions, kept in the database.

    Example::

        regexp_list: unwanted
    """

    schema = {
        "type": "string",
        "title": "Regexp list",
        "description": "The list's name; it is made when there is none of that name.",
        "minLength": 1,
        "examples": ["unwanted"],
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        return StoredRegexps(db.store(RegexpListStore), config)
