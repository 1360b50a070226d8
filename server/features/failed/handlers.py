"""``/failed/``: what failed, how often, and when it is tried again."""

from __future__ import annotations

from typing import Any

from server.features.failed.store import SORT_KEYS, FailedStore
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

FAILED = Shape(
    "failed",
    obj(
        {
            "id": INTEGER,
            "title": TEXT,
            "url": TEXT,
            "added_at": DATE_OR_NULL,
            "reason": TEXT,
            "count": INTEGER,
            "retry_time": DATE_OR_NULL,
        }
    ),
)

GROUPS = ("failed",)


class _Failed(Records):
    tag = "failed"
    noun = "failed entry"
    store_class = FailedStore


class FailedEntries(_Failed):
    """Everything that failed."""

    @get(
        "List failed entries",
        paginated=Paginated(sort_by=tuple(SORT_KEYS), default="failure_time"),
        returns=array(FAILED),
        groups=GROUPS,
    )
    def list(self, page: PageQuery) -> Page:
        """With the reason of the last failure, and when they may be tried again."""
        return self.page_of(page)

    @delete("Forget all failed entries", returns=SUCCESS)
    def clear(self) -> Answer:
        """All of them may be tried again at once."""
        count = self.services.db.store(FailedStore).clear()
        return success(f"successfully deleted {count} failed entries")


class OneFailedEntry(_Failed):
    """One thing that failed."""

    @get("Show a failed entry", returns=FAILED, errors=(404,), groups=GROUPS)
    def show(self, failed_entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.shown(self.found(failed_entry_id))

    @delete("Forget a failed entry", returns=SUCCESS, errors=(404,))
    def forget(self, failed_entry_id: int) -> Answer:
        """It may be tried again at once."""
        return self.forget_one(failed_entry_id)
