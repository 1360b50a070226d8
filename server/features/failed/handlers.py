"""``/failed/``: what failed, how often, and when it is tried again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from server.features.failed.store import SORT_KEYS, FailedStore
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


class FailedEntries(Resource):
    """Everything that failed."""

    tag = "failed"

    @get(
        "List failed entries",
        paginated=Paginated(sort_by=tuple(SORT_KEYS), default="failure_time"),
        returns=array(FAILED),
        groups=GROUPS,
    )
    def list(self, page: PageQuery) -> Page:
        """With the reason of the last failure, and when they may be tried again."""
        rows, total = self.services.db.store(FailedStore).page(
            sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Page([asdict(row) for row in rows], total)

    @delete("Forget all failed entries", returns=SUCCESS)
    def clear(self) -> Answer:
        """All of them may be tried again at once."""
        count = self.services.db.store(FailedStore).clear()
        return success(f"successfully deleted {count} failed entries")


class OneFailedEntry(Resource):
    """One thing that failed."""

    tag = "failed"

    @get("Show a failed entry", returns=FAILED, errors=(404,), groups=GROUPS)
    def show(self, failed_entry_id: int) -> dict[str, Any]:
        """By its id."""
        found = self.services.db.store(FailedStore).get(failed_entry_id)
        if found is None:
            raise _unknown(failed_entry_id)
        return asdict(found)

    @delete("Forget a failed entry", returns=SUCCESS, errors=(404,))
    def forget(self, failed_entry_id: int) -> Answer:
        """It may be tried again at once."""
        if not self.services.db.store(FailedStore).forget(failed_entry_id):
            raise _unknown(failed_entry_id)
        return success(f"successfully deleted failed entry {failed_entry_id}")


def _unknown(entry_id: int) -> NotFound:
    return NotFound(f"there is no failed entry with ID {entry_id}")
