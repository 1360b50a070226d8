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
    Shape,
    Text,
    array,
    delete,
    get,
    obj,
    success,
)
from server.web.errors import QueryInvalid
from server.web.resources.records import Records
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


class _Seen(Records):
    tag = "seen"
    noun = "seen entry"
    store_class = SeenStore

    def shown(self, record: SeenEntry) -> dict[str, Any]:
        """With the fields by which it is recognised."""
        return {
            "id": record.id,
            "title": record.title,
            "task": record.task,
            "reason": record.reason,
            "local": record.local,
            "added": record.added,
            "fields": [
                {
                    "field_id": field.id,
                    "field_name": field.field,
                    "value": field.value,
                    "added": record.added,
                    "seen_entry_id": record.id,
                }
                for field in record.fields
            ],
        }


class Seen(_Seen):
    """Everything remembered."""

    @get(
        "List what was seen",
        query=[VALUE, LOCAL],
        paginated=Paginated(sort_by=SORT_KEYS, default="title"),
        returns=array(SEEN),
        groups=("seen",),
    )
    def list(self, page: PageQuery, value: str | None, local: bool | None) -> Page:
        """Titles and the values of their fields by which they are recognised."""
        return self.page_of(page, value=_decoded(value), local=local)

    @delete("Forget what fits", query=[VALUE, LOCAL], returns=SUCCESS)
    def forget(self, value: str | None, local: bool | None) -> Answer:
        """Without `value` and `local` everything is forgotten."""
        if value is not None and not value.strip():
            raise QueryInvalid({"value": "is empty: leave it out to forget everything"})
        count = self.services.db.store(SeenStore).forget_fitting(value=_decoded(value), local=local)
        return success(f"successfully deleted {count} entries")


class SeenEntryResource(_Seen):
    """One remembered thing."""

    @get("One seen entry", returns=SEEN, errors=(404,), groups=("seen",))
    def show(self, seen_entry_id: int) -> dict[str, Any]:
        """By its id."""
        return self.shown(self.found(seen_entry_id))

    @delete("Forget one seen entry", returns=SUCCESS, errors=(404,))
    def forget(self, seen_entry_id: int) -> Answer:
        """By its id."""
        return self.forget_one(seen_entry_id)


def _decoded(value: str | None) -> str | None:
    return None if value is None else unquote(value)
