"""Named lists of regular expressions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint, bindparam, select

from server.storage.named_lists import NamedListStore, lists_table
from server.storage.schema import METADATA, Schema, UtcDateTime

LISTS = lists_table("regexp")
REGEXPS = Table(
    "regexp_list_regexps",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey(LISTS.c.id, ondelete="CASCADE"), nullable=False),
    Column("regexp", String, nullable=False),
    Column("added", UtcDateTime, nullable=False),
    UniqueConstraint("list_id", "regexp"),
)
SCHEMA = Schema("regexp_list", version=1, tables=(LISTS, REGEXPS))


@dataclass(frozen=True, slots=True)
class Regexp:
    """One expression on a list."""

    id: int
    list_id: int
    regexp: str
    added: datetime


class RegexpListStore(NamedListStore):
    """Lists by name (without case)."""

    schema = SCHEMA
    lists_table = LISTS
    items_table = REGEXPS

    def regexps(self, list_id: int) -> list[Regexp]:
        """What is on a list, oldest first."""
        return [Regexp(**row) for row in self.db.rows(_OF_LIST, {"list_id": list_id})]

    def add(self, list_id: int, regexps: Iterable[str]) -> None:
        """Put expressions on a list; known ones stay as they are."""
        now = datetime.now(UTC)
        rows: list[dict[str, Any]] = [
            {"list_id": list_id, "regexp": text, "added": now} for text in dict.fromkeys(regexps)
        ]
        with self.db.transaction():
            known = {item.regexp for item in self.regexps(list_id)}
            self.db.insert(REGEXPS, [row for row in rows if row["regexp"] not in known])


_OF_LIST = select(REGEXPS).where(REGEXPS.c.list_id == bindparam("list_id")).order_by(REGEXPS.c.id)
