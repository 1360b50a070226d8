"""A list of entries in the database as plugins see it; entry lists and pending lists share it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.engine.entry import Entry
from server.engine.lists import ManagedList, kept_fields
from server.features.entry_list.store import EntryListStore, ListEntry
from server.storage.named_lists import NamedList


class StoredList(ManagedList):
    """An entry is on the list when its title is. Of a list with approval only entries in the given state count."""

    def __init__(self, store: EntryListStore, name: str, *, approved: bool | None = None) -> None:
        self._store = store
        self._name = name
        self._approved = approved

    @property
    def _list(self) -> NamedList:  # each time anew: by the API it may be deleted while a task runs
        return self._store.ensure(self._name)

    def entries(self) -> Iterator[Entry]:
        """Newest first."""
        return (fresh(item) for item in self._store.all(self._list.id, approved=self._approved))

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By title."""
        found = self._find(entries)
        fitting = {title: item for title, item in found.items() if self._approved in (None, item.approved)}
        return {entry: fresh(fitting[entry["title"]]) for entry in entries if entry["title"] in fitting}

    def _find(self, entries: Sequence[Entry]) -> dict[str, ListEntry]:
        return self._store.find_entries(self._list.id, [entry["title"] for entry in entries])

    def add(self, entries: Sequence[Entry]) -> None:
        """With all their fields."""
        kept = [kept_fields(entry) for entry in entries]
        with self._store.db.transaction():
            self._store.add_all(self._list.id, kept)

    def remove(self, entries: Sequence[Entry]) -> int:
        """Those of their titles, in any state."""
        return self._store.remove(self._list.id, [item.id for item in self._find(entries).values()])

    def clear(self) -> None:
        """The list itself stays."""
        self._store.remove(self._list.id)


def fresh(item: ListEntry) -> Entry:
    """A new undecided entry with the fields that were kept."""
    fields = {**item.entry, "title": item.title}
    fields["url"] = fields.get("url") or item.original_url or f"mock://localhost/entry_list/{item.id}"
    return Entry(fields)
