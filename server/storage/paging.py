"""Pages of sorted rows that cost about the same at the end as at the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from server.storage.database import Database


def sorted_page(
    db: Database,
    statement: Select[Any],
    columns: Sequence[ColumnElement[Any]],
    *,
    descending: bool,
    limit: int,
    offset: int,
) -> tuple[list[dict[str, Any]], int]:
    """Rows ``offset`` to ``offset + limit`` by ``columns``, all in one direction, and the number of all rows.

    The second half is read from the other end, so no page skips more than half of the rows. ``columns`` should be those
    of an index, with the primary key behind them: then skipping touches the index only.
    """
    total = int(db.scalar(select(func.count()).select_from(statement.order_by(None).subquery())))
    count = min(limit, total - offset)
    if count <= 0:
        return [], total
    from_end = offset > total // 2
    down = descending != from_end
    order = [column.desc() if down else column.asc() for column in columns]
    start = total - offset - count if from_end else offset
    rows = db.rows(statement.order_by(*order).limit(count).offset(start))
    return (rows[::-1] if from_end else rows), total
