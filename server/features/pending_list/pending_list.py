"""``pending_list``"""

from __future__ import annotations

from typing import Any

from server.engine.lists import ListPlugin, ManagedList
from server.features.entry_list._stored import StoredList
from server.features.pending_list.store import PendingListStore
from server.storage.database import Database

INCLUDED = {"approved": True, "pending": False, "all": None}


class PendingList(ListPlugin):
    """A named list of entries that count only once somebody approved them.

    Example::

        pending_list: to look at
    """

    schema = {
        "oneOf": [
            {"type": "string", "minLength": 1, "title": "Name"},
            {
                "type": "object",
                "properties": {
                    "list_name": {
                        "type": "string",
                        "minLength": 1,
                        "title": "Name",
                        "description": "The list's name.",
                        "examples": ["to look at"],
                    },
                    "include": {
                        "type": "string",
                        "enum": [*INCLUDED],
                        "default": "approved",
                        "title": "Include",
                        "description": "Which of its entries are given and matched.",
                        "examples": ["pending"],
                    },
                },
                "required": ["list_name"],
                "additionalProperties": False,
            },
        ],
        "title": "Pending list",
        "description": "The list's name, or options; it is made when there is none of that name.",
        "examples": ["to look at", {"list_name": "to look at", "include": "pending"}],
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list of that name."""
        options = config if isinstance(config, dict) else {"list_name": config}
        approved = INCLUDED[options.get("include", "approved")]
        return StoredList(db.store(PendingListStore), options["list_name"], approved=approved)
