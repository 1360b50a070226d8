"""``/entry_list/``: lists of entries."""

from __future__ import annotations

from typing import Any

from server.features.entry_list._resources import (
    IDS,
    LIST,
    LIST_ENTRY,
    NEW_ENTRY,
    NEW_LIST,
    Lists,
    shown_list,
)
from server.web.endpoint import SUCCESS, Answer, Page, PageQuery, Paginated, Text, array, delete, get, post, put

GROUPS = ("entry_list",)
PAGES = Paginated(sort_by=("id", "added", "title", "original_url", "list_id"), default="title")


class EntryLists(Lists):
    """All entry lists."""

    tag = "entry_list"

    @get("List the entry lists", query=[Text("name", "part of the name")], returns=array(LIST), groups=GROUPS)
    def lists(self, name: str | None) -> list[dict[str, Any]]:
        """All, or those whose name holds a text."""
        return self.all_lists(name)

    @post("Create an entry list", body=NEW_LIST, returns=LIST, status=201, errors=(409,))
    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Names compare without case."""
        return self.add_list(body)


class OneEntryList(Lists):
    """One entry list."""

    tag = "entry_list"

    @get("Show an entry list", returns=LIST, errors=(404,), groups=GROUPS)
    def show_list(self, list_id: int) -> dict[str, Any]:
        """By its id."""
        return shown_list(self.found_list(list_id))

    @delete("Delete an entry list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int) -> Answer:
        """With everything on it."""
        return self.delete_list(list_id)


class Entries(Lists):
    """What is on an entry list."""

    tag = "entry_list"

    @get("List the entries of a list", paginated=PAGES, returns=array(LIST_ENTRY), errors=(404,), groups=GROUPS)
    def entries(self, list_id: int, page: PageQuery) -> Page:
        """One page."""
        return self.page_of_entries(list_id, page)

    @post("Add an entry to a list", body=NEW_ENTRY, returns=LIST_ENTRY, status=201, errors=(404, 409))
    def add(self, list_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """All posted fields are kept."""
        return self.add_entry(list_id, body)


class EntriesBatch(Lists):
    """Several entries of a list at once."""

    tag = "entry_list"

    @delete("Remove several entries of a list", body=IDS, status=204, errors=(404,))
    def remove(self, list_id: int, body: dict[str, Any]) -> Answer:
        """Ids that are not on the list are passed over."""
        return self.delete_items(list_id, body)


class OneEntry(Lists):
    """One entry of a list."""

    tag = "entry_list"

    @get("Show an entry of a list", returns=LIST_ENTRY, errors=(404,), groups=GROUPS)
    def entry(self, list_id: int, entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.show(self.found_entry(list_id, entry_id))

    @put("Replace an entry of a list", body=NEW_ENTRY, returns=LIST_ENTRY, status=201, errors=(404, 409))
    def replace(self, list_id: int, entry_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """All of its fields."""
        return self.replace_entry(list_id, entry_id, body)

    @delete("Remove an entry of a list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int, entry_id: int) -> Answer:
        """By its id."""
        return self.delete_entry(list_id, entry_id)
