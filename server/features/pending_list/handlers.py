"""``/pending_list/``: lists whose entries need approval."""

from __future__ import annotations

from typing import Any

from server.features.entry_list._resources import IDS, LIST, NEW_ENTRY, NEW_LIST, Lists, shown_entry, shown_list
from server.features.entry_list.store import ListEntry
from server.features.pending_list.store import PendingListStore
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Page,
    PageQuery,
    Paginated,
    Shape,
    Text,
    array,
    delete,
    get,
    obj,
    post,
    put,
)
from server.web.errors import BadRequest
from server.web.shapes import ANY_OBJECT, BOOLEAN, DATE_OR_NULL, INTEGER, TEXT

GROUPS = ("pending_list",)
PAGES = Paginated(sort_by=("id", "added", "title", "original_url", "list_id", "approved"), default="title")

OPERATION = {"type": "string", "enum": ["approve", "reject"]}
CHANGE = Shape("pending_list_operation", obj({"operation": OPERATION}, extra=False))
BATCH = Shape(
    "pending_list_batch",
    obj({"operation": OPERATION, "ids": array(INTEGER, uniqueItems=True, minItems=1)}, extra=False),
)
PENDING_ENTRY = Shape(
    "pending_list_entry",
    obj(
        {
            "id": INTEGER,
            "list_id": INTEGER,
            "added_on": DATE_OR_NULL,
            "title": TEXT,
            "original_url": TEXT,
            "entry": ANY_OBJECT,
            "approved": BOOLEAN,
        }
    ),
)


class _Pending(Lists):
    store_class = PendingListStore
    tag = "pending_list"

    def show(self, item: ListEntry) -> dict[str, Any]:
        """With its approval."""
        return {**shown_entry(item), "approved": item.approved}


class PendingLists(_Pending):
    """All pending lists."""

    @get("List the pending lists", query=[Text("name", "part of the name")], returns=array(LIST), groups=GROUPS)
    def lists(self, name: str | None) -> list[dict[str, Any]]:
        """All, or those whose name holds a text."""
        return self.all_lists(name)

    @post("Create a pending list", body=NEW_LIST, returns=LIST, status=201, errors=(409,))
    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Names compare without case."""
        return self.add_list(body)


class OnePendingList(_Pending):
    """One pending list."""

    @get("Show a pending list", returns=LIST, errors=(404,), groups=GROUPS)
    def show_list(self, list_id: int) -> dict[str, Any]:
        """By its id."""
        return shown_list(self.found_list(list_id))

    @delete("Delete a pending list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int) -> Answer:
        """With everything on it."""
        return self.delete_list(list_id)


class PendingEntries(_Pending):
    """What is on a pending list."""

    @get(
        "List the entries of a pending list",
        query=[Text("filter", "part of the title")],
        paginated=PAGES,
        returns=array(PENDING_ENTRY),
        errors=(404,),
        groups=GROUPS,
    )
    def entries(self, list_id: int, page: PageQuery, filter: str | None) -> Page:
        """One page."""
        return self.page_of_entries(list_id, page, filter)

    @post("Add an entry to a pending list", body=NEW_ENTRY, returns=PENDING_ENTRY, status=201, errors=(404, 409))
    def add(self, list_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """It waits for approval, unless it comes with ``approved: true``."""
        return self.add_entry(list_id, body, approved=body.get("approved") is True)


class PendingBatch(_Pending):
    """Several entries of a pending list at once."""

    @put("Approve or reject several entries", body=BATCH, returns=array(PENDING_ENTRY), status=201, errors=(404,))
    def change(self, list_id: int, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Answers with those that are on the list."""
        self.found_list(list_id)
        self.store.approve(list_id, body["ids"], body["operation"] == "approve")
        return [self.show(item) for item in self.store.entries_by_id(list_id, body["ids"])]

    @delete("Remove several entries of a pending list", body=IDS, status=204, errors=(404,))
    def remove(self, list_id: int, body: dict[str, Any]) -> Answer:
        """Ids that are not on the list are passed over."""
        return self.delete_items(list_id, body)


class OnePendingEntry(_Pending):
    """One entry of a pending list."""

    @get("Show an entry of a pending list", returns=PENDING_ENTRY, errors=(404,), groups=GROUPS)
    def entry(self, list_id: int, entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.show(self.found_entry(list_id, entry_id))

    @put("Approve or reject an entry", body=CHANGE, returns=PENDING_ENTRY, status=201, errors=(400, 404))
    def change(self, list_id: int, entry_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """Asking for what it is already is refused."""
        item = self.found_entry(list_id, entry_id)
        approved = body["operation"] == "approve"
        if item.approved is approved:
            raise BadRequest(f"Entry with id {entry_id} is already {'approved' if approved else 'rejected'}")
        self.store.approve(list_id, [entry_id], approved)
        return self.show(self.found_entry(list_id, entry_id))

    @delete("Remove an entry of a pending list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int, entry_id: int) -> Answer:
        """By its id."""
        return self.delete_entry(list_id, entry_id)
