"""``est_released_movies``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.task import Task
from server.plugins.estimators._base import Estimate, EstimatorPlugin

DATES = ("tmdb_released", "trakt_released", "movie_released")
"""Fields that hold the day of a film's release, where a lookup has set them."""


class EstReleasedMovies(EstimatorPlugin):
    """Says when films are released: by a date that a lookup knows, else by their year.

    A film of an earlier year counts as released, one of a later year is expected on the first of January.

    Example::

        discover:
          what:
            - movie_list: wanted
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
          release_estimations: strict
    """

    def estimate(self, task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
        """By date and year."""
        today = datetime.now(UTC)
        found = {}
        for entry in entries:
            when = next((day for name in DATES if (day := _day(entry.get(name))) is not None), None)
            year = entry.get("movie_year")
            if when is None and entry.get("movie_name") and isinstance(year, int) and year != today.year:
                when = datetime(min(max(year, 1), 9998), 12, 31, tzinfo=UTC) if year < today.year else None
                when = when or datetime(min(year, 9999), 1, 1, tzinfo=UTC)
            if when is not None:
                found[entry] = Estimate(known=True, date=when)
            elif entry.get("movie_name"):
                found[entry] = Estimate(known=False)
        return found


def _day(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, str):
        try:
            return _day(datetime.fromisoformat(value))
        except ValueError:
            return None
    return None
