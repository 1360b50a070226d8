"""Tables are declared once, per feature.

A feature declares its tables with SQLAlchemy Core on :data:`METADATA` and bundles them in a :class:`Schema`; creation,
migration and change counting come from there::

    SEEN = Table("seen", METADATA, Column("id", Integer, primary_key=True), Column("added", UtcDateTime))
    SCHEMA = Schema("seen", version=1, tables=(SEEN,))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Float, LargeBinary, MetaData, Text
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect, Table

METADATA = MetaData()

Migration = Callable[["Connection"], None]


@dataclass(frozen=True)
class Schema:
    """The tables of one feature.

    ``version`` counts up from 1; ``migrations`` maps a version to the function that brings the version before it there.
    ``group`` is the name under which changes of these tables are counted (see ``Database.version``); default: the name.
    """

    name: str
    version: int
    tables: tuple[Table, ...]
    migrations: Mapping[int, Migration] = field(default_factory=dict)
    group: str = ""

    def __post_init__(self) -> None:
        for table in self.tables:
            table.info["group"] = self.group or self.name

    def steps(self, current: int) -> list[tuple[int, Migration]]:
        """The migrations that lead from ``current`` to this version, in order."""
        return [(number, self.migrations[number]) for number in range(current + 1, self.version + 1)]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as seconds since the epoch (UTC) so that it sorts, compares and never shifts."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> float | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a datetime without a time zone cannot be stored: {value!r}")
        return value.timestamp()

    def process_result_value(self, value: float | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _plain(value: Any) -> Any:
    """What orjson does not know by itself: paths, qualities, sets ... become text or lists."""
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if isinstance(value, dict):
        return dict(value)
    return str(value)


def dump_json(value: Any) -> str:
    """JSON text of plain data; values outside of JSON become their text, keys become strings."""
    return dump_json_bytes(value).decode()


def dump_json_bytes(value: Any) -> bytes:
    """The same as bytes. Lone surrogates (from broken feeds) are written as U+FFFD instead of failing."""
    options = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS
    try:
        return orjson.dumps(value, default=_plain, option=options)
    except TypeError:
        return orjson.dumps(_without_surrogates(value), default=_plain, option=options)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(str(key)): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return str(value)
    return value


class Json(TypeDecorator[Any]):
    """Plain data (dicts, lists, texts, numbers, None) as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Blob(TypeDecorator[bytes]):
    """Bytes as they are."""

    impl = LargeBinary
    cache_ok = True
