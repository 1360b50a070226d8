"""What the REST resources of entry lists and pending lists share."""

from __future__ import annotations

from typing import Any

from server.features.entry_list.store import EntryListStore, ListEntry
from server.storage.named_lists import ListConflict, NamedList, NamedListStore
from server.web.endpoint import Answer, Page, PageQuery, Resource, Shape, obj, success
from server.web.errors import Conflict, NotFound
from server.web.shapes import ANY_OBJECT, DATE_OR_NULL, INTEGER, TEXT, array

LIST = Shape("list", obj({"id": INTEGER, "name": TEXT, "added_on": DATE_OR_NULL}))
LIST_ENTRY = Shape(
    "entry_list_entry",
    obj(
        {
            "id": INTEGER,
            "list_id": INTEGER,
            "added_on": DATE_OR_NULL,
            "title": TEXT,
            "original_url": TEXT,
            "entry": ANY_OBJECT,
        }
    ),
)
NEW_LIST = Shape("new_list", obj({"name": {"type": "string", "minLength": 1}}))
NEW_ENTRY = Shape(
    "new_list_entry", obj({"title": {"type": "string", "minLength": 1}, "original_url": TEXT}, extra=True)
)
IDS = Shape("ids", obj({"ids": array(INTEGER, uniqueItems=True, minItems=1)}, extra=False))


def shown_list(item: NamedList) -> dict[str, Any]:
    """A list as the API tells it."""
    return {"id": item.id, "name": item.name, "added_on": item.added}


def shown_entry(item: ListEntry) -> dict[str, Any]:
    """An entry of a list as the API tells it."""
    return {
        "id": item.id,
        "list_id": item.list_id,
        "added_on": item.added,
        "title": item.title,
        "original_url": item.original_url,
        "entry": item.entry,
    }


class NamedLists(Resource):
    """Work on lists of one kind; the store says which."""

    atomic = True
    store_class: type[NamedListStore]

    @property
    def store(self) -> NamedListStore:
        """The lists."""
        return self.services.db.store(self.store_class)

    def all_lists(self, name: str | None) -> list[dict[str, Any]]:
        """All, or those whose name holds a text."""
        return [shown_list(item) for item in self.store.lists(name)]

    def found_list(self, list_id: int) -> NamedList:
        """The list, or a 404."""
        found = self.store.get(list_id)
        if found is None:
            raise NotFound(f"list_id {list_id} does not exist")
        return found

    def add_list(self, body: dict[str, Any]) -> dict[str, Any]:
        """A new list; its name must be free."""
        try:
            return shown_list(self.store.create(body["name"]))
        except ListConflict as error:
            raise Conflict(str(error)) from None

    def delete_list(self, list_id: int) -> Answer:
        """Delete a list with everything on it."""
        self.store.delete(self.found_list(list_id).id)
        return success("list successfully deleted")

    def delete_items(self, list_id: int, body: dict[str, Any]) -> Answer:
        """Take several things off a list; unknown ids are passed over."""
        self.found_list(list_id)
        self.store.remove(list_id, body["ids"])
        return Answer(None, 204)


class Lists(NamedLists):
    """Work on lists of entries."""

    store_class: type[EntryListStore] = EntryListStore

    @property
    def store(self) -> EntryListStore:
        """The lists."""
        return self.services.db.store(self.store_class)

    def show(self, item: ListEntry) -> dict[str, Any]:
        """An entry of this kind of list."""
        return shown_entry(item)

    def found_entry(self, list_id: int, entry_id: int) -> ListEntry:
        """The entry, or a 404."""
        found = self.store.entry(list_id, entry_id)
        if found is None:
            raise NotFound(f"could not find entry with id {entry_id} in list {list_id}")
        return found

    def page_of_entries(self, list_id: int, page: PageQuery, part: str | None = None) -> Page:
        """One page of what is on a list."""
        self.found_list(list_id)
        rows, total = self.store.page(
            list_id, sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset, part=part
        )
        return Page([self.show(row) for row in rows], total)

    def add_entry(self, list_id: int, body: dict[str, Any], *, approved: bool = False) -> dict[str, Any]:
        """Put an entry on a list; its title must be new there."""
        self.found_list(list_id)
        try:
            return self.show(self.store.add(list_id, completed(body), replace=False, approved=approved))
        except ListConflict:
            raise Conflict(f"entry with title '{body['title']}' already exists") from None

    def replace_entry(self, list_id: int, entry_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """Replace all fields of an entry."""
        self.found_entry(list_id, entry_id)
        try:
            changed = self.store.replace(list_id, entry_id, completed(body))
        except ListConflict:
            raise Conflict(f"entry with title '{body['title']}' already exists") from None
        if changed is None:
            raise NotFound(f"could not find entry with id {entry_id} in list {list_id}")
        return self.show(changed)

    def delete_entry(self, list_id: int, entry_id: int) -> Answer:
        """Take an entry off a list."""
        self.store.remove(list_id, [self.found_entry(list_id, entry_id).id])
        return success(f"successfully deleted entry {entry_id}")


def completed(body: dict[str, Any]) -> dict[str, Any]:
    """The posted fields with those that every entry has."""
    return {**body, "original_title": body.get("original_title", body["title"])}
