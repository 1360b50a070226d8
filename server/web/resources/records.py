"""What the resources of remembered records (failed, rejected, pending, seen entries) have in common.

Such a record has an id, can be looked at and forgotten::

    class FailedRecords(Records):
        tag = "failed"
        noun = "failed entry"
        store_class = FailedStore
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar, Protocol

from server.web.endpoint import Answer, Page, PageQuery, Resource, success
from server.web.errors import NotFound


class RecordStore(Protocol):
    """What is asked of the store."""

    def get(self, entry_id: int, /) -> Any | None:
        """A record (a dataclass) by its id."""

    def page(self, *, sort_by: str, descending: bool, limit: int, offset: int, **filters: Any) -> tuple[list[Any], int]:
        """Records, and how many there are."""

    def forget(self, entry_id: int, /) -> bool:
        """Forget one; tells whether it was there."""


class Records(Resource):
    """Work on records of one kind."""

    noun: ClassVar[str] = "entry"
    store_class: ClassVar[type[Any]]

    @property
    def records(self) -> RecordStore:
        """The store."""
        found: RecordStore = self.services.db.store(self.store_class)
        return found

    def shown(self, record: Any) -> dict[str, Any]:
        """A record as the API tells it."""
        return asdict(record)

    def page_of(self, page: PageQuery, **filters: Any) -> Page:
        """One page of those that fit."""
        rows, total = self.records.page(
            sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset, **filters
        )
        return Page([self.shown(row) for row in rows], total)

    def found(self, entry_id: int) -> Any:
        """A record by its id, or a 404."""
        found = self.records.get(entry_id)
        if found is None:
            raise self.unknown(entry_id)
        return found

    def forget_one(self, entry_id: int) -> Answer:
        """Forget a record, or a 404."""
        if not self.records.forget(entry_id):
            raise self.unknown(entry_id)
        return success(f"successfully deleted {self.noun} {entry_id}")

    def unknown(self, entry_id: int) -> NotFound:
        """The 404 of an id."""
        return NotFound(f"there is no {self.noun} with ID {entry_id}")
