"""A list of entries in the database as plugins see it; entry lists and pending lists share it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from server.engine.entry import Entry
from server.engine.lists import ManagedList, kept_fields
from server.features.entry_list.store import EntryListStore, ListEntry
from server.storage.named_lists import NamedList


class StoredList(ManagedList):
    """An entry is on the list when its title, or its url, is. ``approved``: only those that are, are not, or all."""

    def __init__(self, store: EntryListStore, name: str, *, approved: bool | None = None) -> None:
        self._store = store
        self._name = name
        self._approved = approved

    @cached_property
    def _list(self) -> NamedList:
        return self._store.ensure(self._name)

    def entries(self) -> Iterator[Entry]:
        """Newest first."""
        return (fresh(item) for item in self._store.all(self._list.id, approved=self._approved))

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By title or url."""
        return {entry: fresh(item) for entry, item in self._find(entries).items()}

    def _find(self, entries: Sequence[Entry], *, all_states: bool = False) -> dict[Entry, ListEntry]:
        keys = [(entry["title"], entry.get("original_url") or entry.get("url") or "") for entry in entries]
        found = self._store.find_entries(self._list.id, keys)
        wanted = None if all_states else self._approved
        return {entries[index]: item for index, item in found.items() if wanted in (None, item.approved)}

    def add(self, entries: Sequence[Entry]) -> None:
        """With all their fields."""
        self._store.add_all(self._list.id, [kept_fields(entry) for entry in entries])

    def remove(self, entries: Sequence[Entry]) -> int:
        """Those that match."""
        return self._store.remove(self._list.id, {item.id for item in self._find(entries, all_states=True).values()})

    def clear(self) -> None:
        """The list itself stays."""
        self._store.remove(self._list.id)


def fresh(item: ListEntry) -> Entry:
    """A new undecided entry with the fields that were kept."""
    fields = {**item.entry, "title": item.title}
    fields["url"] = fields.get("url") or item.original_url or f"mock://localhost/entry_list/{item.id}"
    return Entry(fields)
