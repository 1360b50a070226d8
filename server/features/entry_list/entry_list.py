"""``entry_list``"""

from __future__ import annotations

from typing import Any

from server.engine.lists import ListPlugin, ManagedList
from server.features.entry_list._stored import StoredList
from server.features.entry_list.store import EntryListStore
from server.storage.database import Database


class EntryList(ListPlugin):
    """A named list of entries with all their fields, kept in the database.

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

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        return StoredList(db.store(EntryListStore), config)
