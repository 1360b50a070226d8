"""``pending_list``"""

from __future__ import annotations

from typing import Any

from server.engine.lists import ListPlugin, ManagedList
from server.features.entry_list._stored import StoredList
from server.features.pending_list.store import PendingListStore
from server.storage.database import Database


class PendingList(ListPlugin):
    """A named list of entries that count only once somebody approved them.

    Example::

        pending_list: to look at
    """

    schema = {
        "type": "string",
        "title": "Pending list",
        "description": "The list's name; it is made when there is none of that name.",
        "minLength": 1,
        "examples": ["to look at"],
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        return StoredList(db.store(PendingListStore), config)
