"""A statement that is executed for many rows.

SQLAlchemy makes the parameters of each row one by one, which takes longer than SQLite takes to insert them. Where the
driver counts parameters by their place, whole columns are made here and handed over as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table
    from sqlalchemy.engine import Dialect


class RowStatement:
    """An insert (or upsert) into ``columns`` of a table, written for one dialect."""

    def __init__(self, statement: Any, table: Table, columns: tuple[str, ...], dialect: Dialect) -> None:
        self._statement = statement
        compiled = statement.compile(dialect=dialect, column_keys=list(columns))
        self._sql = str(compiled)
        places = getattr(compiled, "positiontup", None) or ()
        # columns that a default fills, or none by place: SQLAlchemy knows what to do
        self._columns: list[tuple[str, Callable[[Any], Any] | None]] | None = None
        if set(places) == set(columns):
            self._columns = [
                (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in places
            ]

    def execute(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Execute it for uniform rows. Raises ``KeyError`` where a row lacks a column."""
        if self._columns is None:
            connection.execute(self._statement, list(rows))
            return
        values = [
            [row[name] for row in rows] if convert is None else [convert(row[name]) for row in rows]
            for name, convert in self._columns
        ]
        connection.exec_driver_sql(self._sql, list(zip(*values, strict=True)))
