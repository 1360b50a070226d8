"""``/history/``: what tasks accepted, newest first."""

from __future__ import annotations

from typing import Any

from server.features.history.store import SORT_KEYS, HistoryRow, HistoryStore
from server.web.endpoint import Page, PageQuery, Paginated, Resource, Shape, Text, array, get, obj
from server.web.replies import iso_date
from server.web.shapes import INTEGER, TEXT, TEXT_OR_NULL

HISTORY = Shape(
    "history",
    obj(
        {
            "id": INTEGER,
            "task": TEXT,
            "title": TEXT,
            "url": TEXT,
            "filename": TEXT_OR_NULL,
            "details": TEXT,
            "time": {"type": "string", "description": "ISO 8601, UTC, without a zone: `2026-11-23T15:26:14.944323`"},
        }
    ),
)


class History(Resource):
    """Everything accepted."""

    tag = "history"

    @get(
        "List what was accepted",
        query=[Text("task", "only of this task")],
        paginated=Paginated(sort_by=SORT_KEYS, default="time", link_when_empty=True),
        returns=array(HISTORY),
        groups=("history",),
    )
    def list(self, page: PageQuery, task: str | None) -> Page:
        """With the plugin that accepted it and why, and the file that came of it."""
        rows, total = self.services.db.store(HistoryStore).page(
            task=task or None, sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Page([as_json(row) for row in rows], total)


def as_json(row: HistoryRow) -> dict[str, Any]:
    """A row as the API tells it."""
    return {
        "id": row.id,
        "task": row.task,
        "title": row.title,
        "url": row.url,
        "filename": row.filename,
        "details": row.details,
        "time": iso_date(row.time),
    }
