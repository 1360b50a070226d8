"""``/rejected/``: rejections that hold beyond their run."""

from __future__ import annotations

from typing import Any

from server.features.rejected.store import SORT_KEYS, RejectedEntry, RejectedStore
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Page,
    PageQuery,
    Paginated,
    Shape,
    array,
    delete,
    get,
    obj,
    success,
)
from server.web.resources.records import Records
from server.web.shapes import DATE_OR_NULL, INTEGER, TEXT

FIELDS = {
    "id": INTEGER,
    "title": TEXT,
    "url": TEXT,
    "added": DATE_OR_NULL,
    "expires": DATE_OR_NULL,
    "reason": TEXT,
    "rejected_by": TEXT,
}
REJECTED = Shape("rejected", obj(FIELDS))

GROUPS = ("rejected",)


class _Rejected(Records):
    tag = "rejected"
    noun = "rejected entry"
    store_class = RejectedStore

    def shown(self, record: RejectedEntry) -> dict[str, Any]:
        """Only what the contract has."""
        return {name: getattr(record, name) for name in FIELDS}


class RejectedEntries(_Rejected):
    """Everything that stays rejected."""

    @get(
        "List rejected entries",
        paginated=Paginated(sort_by=SORT_KEYS, default="added"),
        returns=array(REJECTED),
        groups=GROUPS,
    )
    def list(self, page: PageQuery) -> Page:
        """With the plugin that rejected them, why, and until when."""
        return self.page_of(page)

    @delete("Forget all rejected entries", returns=SUCCESS)
    def clear(self) -> Answer:
        """All of them are decided anew when they come by again."""
        count = self.services.db.store(RejectedStore).clear()
        return success(f"successfully deleted {count} rejected entries")


class OneRejectedEntry(_Rejected):
    """One thing that stays rejected."""

    @get("Show a rejected entry", returns=REJECTED, errors=(404,), groups=GROUPS)
    def show(self, rejected_entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.shown(self.found(rejected_entry_id))

    @delete("Forget a rejected entry", returns=SUCCESS, errors=(404,))
    def forget(self, rejected_entry_id: int) -> Answer:
        """It is decided anew when it comes by again."""
        return self.forget_one(rejected_entry_id)
