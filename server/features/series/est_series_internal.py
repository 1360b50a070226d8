"""``est_series_internal``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from server.engine.entry import Entry
from server.engine.task import Task
from server.features.series.store import EPISODE, Entity, SeriesStore
from server.parsing.names import normalize_name
from server.plugins.estimators._base import Estimate, EstimatorPlugin

USUAL_GAP = timedelta(days=7)
"""Between two episodes, where only one was seen so far."""

LOOKED_AT = 5
"""How many of the latest gaps make the average."""

Seen = list[tuple[int, datetime]]
"""Numbers of a season's episodes with when each was first seen, in order."""


class EstSeriesInternal(EstimatorPlugin):
    """Says when the next episode of a show is due: by when the season's earlier episodes were seen.

    Example::

        discover:
          what:
            - next_series_episodes: yes
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
          release_estimations: smart
    """

    rank = 10

    def estimate(self, task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
        """By what the database knows of the shows; a few queries for all entries."""
        wanted = {
            entry: normalize_name(str(entry["series_name"]))
            for entry in entries
            if entry.get("series_name") and isinstance(entry.get("series_episode"), int)
        }
        if not wanted:
            return {}
        store = task.db.store(SeriesStore)
        shows = store.shows_by_name(sorted(set(wanted.values())))
        entities = store.entities_of(sorted({show.id for show in shows.values()}))
        seen = store.release_counts([item.id for items in entities.values() for item in items])
        found = {}
        for entry, name in wanted.items():
            show = shows.get(name)
            if show is not None:
                season = _season(entities.get(show.id, []), entry.get("series_season"), seen)
                found[entry] = Estimate(known=bool(season), date=_due(season, entry["series_episode"]))
        return found


def _season(entities: Sequence[Entity], season: int | None, seen: dict[int, tuple[int, datetime | None]]) -> Seen:
    found = []
    for item in entities:
        when = seen.get(item.id, (0, None))[1]
        if item.kind == EPISODE and item.number is not None and (item.season or 0) == (season or 0) and when:
            found.append((item.number, when if when.tzinfo else when.replace(tzinfo=UTC)))
    return sorted(found)


def _due(season: Seen, number: int) -> datetime | None:
    """When an episode is due; None where nothing of its season was seen before."""
    for known, when in season:
        if known >= number:
            return when
    if not season:
        return None
    latest, when = season[-1]
    gaps = [
        (later - earlier) / (after - before)
        for (before, earlier), (after, later) in pairwise(season)
        if after > before and later > earlier
    ][-LOOKED_AT:]
    gap = sum(gaps, timedelta()) / len(gaps) if gaps else USUAL_GAP
    return when + gap * (number - latest)
