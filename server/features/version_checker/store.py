"""When was asked for a newer release last.

checks = db.store(CheckStore)
checks.last("https://releases.example.com/json"); checks.done("https://...", datetime.now(UTC))
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

CHECKS = Table(
    "version_checks",
    METADATA,
    Column("address", String, primary_key=True),
    Column("checked", UtcDateTime, nullable=False),
)

SCHEMA = Schema("version_checker", version=1, tables=(CHECKS,))

_LAST = select(CHECKS.c.checked).where(CHECKS.c.address == bindparam("address"))


class CheckStore:
    """The last check of each address (or package)."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def last(self, address: str) -> datetime | None:
        """When it was asked last; None when it never was."""
        row = self._db.row(_LAST, {"address": address})
        return row["checked"] if row else None

    def done(self, address: str, when: datetime) -> None:
        """Remember a check."""
        with self._db.transaction():
            self._db.put(CHECKS, [{"address": address, "checked": when}], key=("address",))
