"""Named lists whose entries count only once they are approved."""

from __future__ import annotations

from server.features.entry_list.store import EntryListStore, tables
from server.storage.schema import Schema

LISTS, ENTRIES = tables("pending")
SCHEMA = Schema("pending_list", version=1, tables=(LISTS, ENTRIES))


class PendingListStore(EntryListStore):
    """Like entry lists, with approval."""

    schema = SCHEMA
    lists_table = LISTS
    items_table = ENTRIES
    approves = True
