"""``/pending/``: entries that wait for approval."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.features.pending.store import SORT_KEYS, PendingEntry, PendingStore
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Boolean,
    Page,
    PageQuery,
    Paginated,
    Resource,
    Shape,
    Text,
    array,
    delete,
    get,
    obj,
    put,
    success,
)
from server.web.errors import BadRequest, NotFound
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


class _Pending(Resource):
    tag = "pending"

    @property
    def store(self) -> PendingStore:
        return self.services.db.store(PendingStore)

    def found(self, entry_id: int) -> PendingEntry:
        """One by its id, or a 404."""
        found = self.store.get(entry_id)
        if found is None:
            raise NotFound(f"there is no pending entry with ID {entry_id}")
        return found


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
        rows, total = self.store.page(
            task=task_name or None,
            approved=approved,
            sort_by=page.sort_by,
            descending=page.descending,
            limit=page.limit,
            offset=page.offset,
        )
        return Page([asdict(row) for row in rows], total)

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
        return Answer([asdict(entry) for entry in self.store.by_ids(changed)])

    @delete("Remove pending entries", query=[TASK, APPROVED], returns=SUCCESS)
    def clear(self, task_name: str | None, approved: bool | None) -> Answer:
        """They are asked about anew when they come by again."""
        return success(f"deleted {self.store.clear(task_name, approved)} pending entries")


class OnePendingEntry(_Pending):
    """One entry that waits, or is approved and not taken yet."""

    @get("Show a pending entry", returns=PENDING, errors=(404,), groups=GROUPS)
    def show(self, entry_id: int) -> dict[str, Any]:
        """By its id."""
        return asdict(self.found(entry_id))

    @put("Approve or reject a pending entry", body=CHANGE, returns=PENDING, status=201, errors=(400, 404))
    def change(self, entry_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """Asking for what it is already is refused."""
        approved = body["operation"] == "approve"
        if self.found(entry_id).approved is approved:
            raise BadRequest(f"the entry with ID {entry_id} is {'approved' if approved else 'rejected'} already")
        self.store.decide(approved, ids=[entry_id])
        return asdict(self.found(entry_id))

    @delete("Remove a pending entry", returns=SUCCESS, errors=(404,))
    def remove(self, entry_id: int) -> Answer:
        """It is asked about anew when it comes by again."""
        if not self.store.forget(entry_id):
            raise NotFound(f"there is no pending entry with ID {entry_id}")
        return success(f"successfully deleted pending entry {entry_id}")
