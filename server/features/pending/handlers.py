"""``/pending/``: entries that wait for approval."""

from __future__ import annotations

from typing import Any

from server.features.pending.store import SORT_KEYS, PendingStore
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Boolean,
    Page,
    PageQuery,
    Paginated,
    Shape,
    Text,
    array,
    delete,
    get,
    obj,
    put,
    success,
)
from server.web.errors import BadRequest
from server.web.resources.records import Records
from server.web.shapes import BOOLEAN, DATE_OR_NULL, INTEGER, TEXT

PENDING = Shape(
    "pending",
    obj(
        {
            "id": INTEGER,
            "task_name": TEXT,
            "title": TEXT,
            "url": TEXT,
            "approved": BOOLEAN,
            "added": DATE_OR_NULL,
        }
    ),
)
CHANGE = Shape("pending_operation", obj({"operation": {"type": "string", "enum": ["approve", "reject"]}}, extra=False))

TASK = Text("task_name", "only those of this task")
APPROVED = Boolean("approved", "only what is approved (true), or what waits (false)")
GROUPS = ("pending_approval",)


class _Pending(Records):
    atomic = True
    tag = "pending"
    noun = "pending entry"
    store_class = PendingStore

    @property
    def store(self) -> PendingStore:
        """What waits."""
        return self.services.db.store(PendingStore)


class PendingEntries(_Pending):
    """Everything that waits, and what is approved and not taken yet."""

    @get(
        "List the pending entries",
        query=[TASK, APPROVED],
        paginated=Paginated(sort_by=SORT_KEYS, default="added"),
        returns=array(PENDING),
        groups=GROUPS,
    )
    def list(self, page: PageQuery, task_name: str | None, approved: bool | None) -> Page:
        """Those of all tasks, or of one."""
        return self.page_of(page, task=task_name or None, approved=approved)

    @put(
        "Approve or reject pending entries",
        query=[TASK],
        body=CHANGE,
        returns=array(PENDING),
        status=201,
        errors=(204,),
    )
    def change(self, body: dict[str, Any], task_name: str | None) -> Answer:
        """Answers with those that changed; 204 when none did."""
        changed = self.store.decide(body["operation"] == "approve", task=task_name)
        if not changed:
            return Answer(status=204)
        return Answer([self.shown(entry) for entry in self.store.by_ids(changed)])

    @delete("Remove pending entries", query=[TASK, APPROVED], returns=SUCCESS)
    def clear(self, task_name: str | None, approved: bool | None) -> Answer:
        """They are asked about anew when they come by again."""
        return success(f"deleted {self.store.clear(task_name, approved)} pending entries")


class OnePendingEntry(_Pending):
    """One entry that waits, or is approved and not taken yet."""

    @get("Show a pending entry", returns=PENDING, errors=(404,), groups=GROUPS)
    def show(self, entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.shown(self.found(entry_id))

    @put("Approve or reject a pending entry", body=CHANGE, returns=PENDING, status=201, errors=(400, 404))
    def change(self, entry_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """Asking for what it is already is refused."""
        approved = body["operation"] == "approve"
        if self.found(entry_id).approved is approved:
            raise BadRequest(f"the entry with ID {entry_id} is {'approved' if approved else 'rejected'} already")
        self.store.decide(approved, ids=[entry_id])
        return self.shown(self.found(entry_id))

    @delete("Remove a pending entry", returns=SUCCESS, errors=(404,))
    def remove(self, entry_id: int) -> Answer:
        """It is asked about anew when it comes by again."""
        return self.forget_one(entry_id)
