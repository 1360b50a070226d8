"""``entry_list``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.lists import ListPlugin, ManagedList
from server.engine.task import Task
from server.features.entry_list._stored import StoredList, fresh
from server.features.entry_list.store import EntryListStore
from server.plugins.search._base import search_strings
from server.storage.database import Database

MOST_FOUND = 500
"""The most that a search gives."""


class EntryList(ListPlugin):
    """A named list of entries with all their fields, kept in the database; `discover` can search it.

    Example::

        entry_list: wanted
    """

    schema = {
        "type": "string",
        "title": "Entry list",
        "description": "The list's name; it is made when there is none of that name.",
        "minLength": 1,
        "examples": ["wanted"],
    }
    interfaces = ("task", "list", "search")

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        return StoredList(db.store(EntryListStore), config)

    def search(self, task: Task, entry: Entry, config: str) -> Iterator[Entry]:
        """What is on the list and has the words in its title."""
        store = task.db.store(EntryListStore)
        for text in search_strings(entry):
            found = store.search(text, list_id=store.ensure(config).id, limit=MOST_FOUND)
            yield from (fresh(item) for item in found)
