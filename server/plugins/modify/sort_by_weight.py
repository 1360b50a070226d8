"""``sort_by_weight``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from server.engine.moments import as_moment
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.plugins._spans import seconds_of

SUM = "sort_by_weight_sum"
DAY = 86400.0
STEP = 0.1
"""How much of its weight a value that is no number loses against the next better one."""

_DISTANCE = {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "format": "interval"}]}


class SortByWeight(Plugin):
    """Puts entries in order by several fields at once, best first.

    Each field gives up to `weight` points: the highest value all of them, the others as much as they come near to it
    (dates by their age). The field `sort_by_weight_sum` holds the points of all fields together.

    Example::

        sort_by_weight:
          - field: content_size
            weight: 70
            upper_limit: 5000
          - field: rss_pubdate
            weight: 30
            inverse: yes
    """

    schema = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "field": {
                    "type": "string",
                    "title": "Field",
                    "description": "The field that counts.",
                    "examples": ["content_size"],
                },
                "weight": {
                    "type": "integer",
                    "minimum": 5,
                    "title": "Weight",
                    "description": "Points for the best value.",
                    "examples": [50],
                },
                "inverse": {
                    "type": "boolean",
                    "default": False,
                    "title": "Inverse",
                    "description": "The lowest value is the best one; of dates the newest.",
                    "examples": [True],
                },
                "upper_limit": {
                    **_DISTANCE,
                    "title": "Upper limit",
                    "description": "Values above count no more than this one. Of dates an age, a bare number in days.",
                    "examples": [5000, "30 days"],
                },
                "delta_distance": {
                    **_DISTANCE,
                    "title": "Distance",
                    "description": "The highest value is rounded down to whole ones of these. Of dates a span (days).",
                    "examples": [500, "2 days"],
                },
            },
            "required": ["field", "weight"],
            "additionalProperties": False,
        },
        "minItems": 2,
        "title": "Fields",
        "description": "The fields that count, at least two.",
        "examples": [[{"field": "content_size", "weight": 70}, {"field": "torrent_seeds", "weight": 30}]],
    }
    category = "modify"
    acts_in = NOWHERE

    @priority(127)
    def on_task_filter(self, task: Task, config: list[dict[str, Any]]) -> None:
        """The order holds for all later phases. An entry that lacks a field gets no points for it."""
        entries = task.live
        for entry in entries:
            entry[SUM] = 0
        for options in config:
            rows = [(entry, value) for entry in entries if (value := entry.get(options["field"])) is not None]
            if rows:
                for (entry, _), points in zip(rows, points_of([value for _, value in rows], options), strict=True):
                    entry[SUM] += points
        entries.sort(key=lambda entry: -entry[SUM])
        task.entries[:] = [*entries, *(entry for entry in task.entries if entry.state in ("rejected", "failed"))]


def points_of(values: Sequence[Any], options: dict[str, Any]) -> list[int]:
    """The points of each value of one field."""
    weight, inverse = options["weight"], options.get("inverse", False)
    if all(isinstance(value, date) for value in values):
        now = datetime.now(UTC)
        numbers = [(now - as_moment(value)).total_seconds() / DAY for value in values]
        return _by_distance(numbers, options, full=max(numbers) - min(numbers))
    if all(isinstance(value, (int, float)) for value in values):
        return _by_distance([float(value) for value in values], options, full=max(values))
    try:
        ladder = sorted(set(values), reverse=not inverse)
    except TypeError:  # values of several kinds
        ladder = sorted({str(value) for value in values}, reverse=not inverse)
        values = [str(value) for value in values]
    rank = {value: place for place, value in enumerate(ladder)}
    return [int(max(0.0, weight * (1 - STEP * rank[value]))) for value in values]


def _by_distance(numbers: Sequence[float], options: dict[str, Any], *, full: float) -> list[int]:
    """As near as each number comes to ``full``, or to the limit, counted in whole distances where one is given."""
    weight = options["weight"]
    limit, distance = _days_or_number(options.get("upper_limit")), _days_or_number(options.get("delta_distance"))
    if limit is not None:
        numbers, full = [min(number, limit) for number in numbers], limit
    if distance:
        full = max(1, full // distance) * distance
    points = [weight * number / full if full else 0.0 for number in numbers]
    return [int(weight - each if options.get("inverse") else each) for each in points]


def _days_or_number(value: int | str | None) -> float | None:
    return seconds_of(value) / DAY if isinstance(value, str) else value
