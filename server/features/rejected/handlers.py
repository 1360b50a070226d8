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
    Resource,
    Shape,
    array,
    delete,
    get,
    obj,
    success,
)
from server.web.errors import NotFound
from server.web.shapes import DATE_OR_NULL, INTEGER, TEXT

REJECTED = Shape(
    "rejected",
    obj(
        {
            "id": INTEGER,
            "title": TEXT,
            "url": TEXT,
            "added": DATE_OR_NULL,
            "expires": DATE_OR_NULL,
            "reason": TEXT,
            "rejected_by": TEXT,
        }
    ),
)

GROUPS = ("rejected",)


class RejectedEntries(Resource):
    """Everything that stays rejected."""

    tag = "rejected"

    @get(
        "List rejected entries",
        paginated=Paginated(sort_by=SORT_KEYS, default="added"),
        returns=array(REJECTED),
        groups=GROUPS,
    )
    def list(self, page: PageQuery) -> Page:
        """With the plugin that rejected them, why, and until when."""
        rows, total = self.services.db.store(RejectedStore).page(
            sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Page([as_json(row) for row in rows], total)

    @delete("Forget all rejected entries", returns=SUCCESS)
    def clear(self) -> Answer:
        """All of them are decided anew when they come by again."""
        count = self.services.db.store(RejectedStore).clear()
        return success(f"successfully deleted {count} rejected entries")


class OneRejectedEntry(Resource):
    """One thing that stays rejected."""

    tag = "rejected"

    @get("Show a rejected entry", returns=REJECTED, errors=(404,), groups=GROUPS)
    def show(self, rejected_entry_id: int) -> dict[str, Any]:
        """By its id."""
        found = self.services.db.store(RejectedStore).get(rejected_entry_id)
        if found is None:
            raise _unknown(rejected_entry_id)
        return as_json(found)

    @delete("Forget a rejected entry", returns=SUCCESS, errors=(404,))
    def forget(self, rejected_entry_id: int) -> Answer:
        """It is decided anew when it comes by again."""
        if not self.services.db.store(RejectedStore).forget(rejected_entry_id):
            raise _unknown(rejected_entry_id)
        return success(f"successfully deleted rejected entry {rejected_entry_id}")


def as_json(entry: RejectedEntry) -> dict[str, Any]:
    """An entry as the API tells it."""
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.url,
        "added": entry.added,
        "expires": entry.expires,
        "reason": entry.reason,
        "rejected_by": entry.rejected_by,
    }


def _unknown(entry_id: int) -> NotFound:
    return NotFound(f"there is no rejected entry with ID {entry_id}")
