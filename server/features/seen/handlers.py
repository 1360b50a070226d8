"""``/seen/``: what was taken before, to look at and to forget."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from server.features.seen.store import SORT_KEYS, SeenEntry, SeenStore
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
    success,
)
from server.web.errors import NotFound, QueryInvalid
from server.web.shapes import BOOLEAN, DATE_OR_NULL, INTEGER, TEXT, TEXT_OR_NULL

SEEN = Shape(
    "seen",
    obj(
        {
            "id": INTEGER,
            "title": TEXT,
            "task": TEXT,
            "reason": TEXT_OR_NULL,
            "local": BOOLEAN,
            "added": DATE_OR_NULL,
            "fields": array(
                obj(
                    {
                        "field_id": INTEGER,
                        "field_name": TEXT,
                        "value": TEXT,
                        "added": DATE_OR_NULL,
                        "seen_entry_id": INTEGER,
                    }
                )
            ),
        }
    ),
)

VALUE = Text("value", "a part of any remembered value, in any case; percent-encoded once more than usual")
LOCAL = Boolean("local", "only what counts in its own task (true) or everywhere (false)")


class Seen(Resource):
    """Everything remembered."""

    tag = "seen"

    @get(
        "List what was seen",
        query=[VALUE, LOCAL],
        paginated=Paginated(sort_by=SORT_KEYS, default="title"),
        returns=array(SEEN),
        groups=("seen",),
    )
    def list(self, page: PageQuery, value: str | None, local: bool | None) -> Page:
        """Titles and the values of their fields by which they are recognised."""
        rows, total = self.services.db.store(SeenStore).page(
            value=_decoded(value),
            local=local,
            sort_by=page.sort_by,
            descending=page.descending,
            limit=page.limit,
            offset=page.offset,
        )
        return Page([as_json(row) for row in rows], total)

    @delete("Forget what fits", query=[VALUE, LOCAL], returns=SUCCESS)
    def forget(self, value: str | None, local: bool | None) -> Answer:
        """Without `value` and `local` everything is forgotten."""
        if value is not None and not value.strip():
            raise QueryInvalid({"value": "is empty: leave it out to forget everything"})
        count = self.services.db.store(SeenStore).forget_fitting(value=_decoded(value), local=local)
        return success(f"successfully deleted {count} entries")


class SeenEntryResource(Resource):
    """One remembered thing."""

    tag = "seen"

    @get("One seen entry", returns=SEEN, errors=(404,), groups=("seen",))
    def show(self, seen_entry_id: int) -> dict[str, Any]:
        """By its id."""
        found = self.services.db.store(SeenStore).get(seen_entry_id)
        if found is None:
            raise NotFound(f"there is no seen entry with ID {seen_entry_id}")
        return as_json(found)

    @delete("Forget one seen entry", returns=SUCCESS, errors=(404,))
    def forget(self, seen_entry_id: int) -> Answer:
        """By its id."""
        if not self.services.db.store(SeenStore).forget_entry(seen_entry_id):
            raise NotFound(f"there is no seen entry with ID {seen_entry_id}")
        return success(f"successfully deleted seen entry {seen_entry_id}")


def as_json(entry: SeenEntry) -> dict[str, Any]:
    """An entry as the API tells it."""
    return {
        "id": entry.id,
        "title": entry.title,
        "task": entry.task,
        "reason": entry.reason,
        "local": entry.local,
        "added": entry.added,
        "fields": [
            {
                "field_id": field.id,
                "field_name": field.field,
                "value": field.value,
                "added": entry.added,
                "seen_entry_id": entry.id,
            }
            for field in entry.fields
        ],
    }


def _decoded(value: str | None) -> str | None:
    return None if value is None else unquote(value)
