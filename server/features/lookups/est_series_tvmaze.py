"""``est_series_tvmaze``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.engine.entry import Entry
from server.engine.task import Task
from server.features.lookups._lazy import Asked, episode_of
from server.features.lookups.client import LookupFailed, LookupRefused
from server.features.lookups.tvmaze_lookup import episode_for, show_of
from server.plugins.estimators._base import Estimate, EstimatorPlugin


class EstSeriesTvmaze(EstimatorPlugin):
    """Says when the next episode of a show is aired: by TVmaze's calendar.

    Example::

        discover:
          what:
            - next_series_episodes: yes
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
          release_estimations: strict
    """

    rank = 5

    def estimate(self, task: Task, entries: Sequence[Entry]) -> dict[Entry, Estimate]:
        """One question a show and one an episode; what TVmaze does not know is left to others."""
        asked = Asked.of(task, self)
        found = {}
        for entry in entries:
            if not entry.get("series_name") or not episode_of(entry):
                continue
            try:
                show_of(asked, entry)
            except (LookupFailed, LookupRefused):
                continue
            found[entry] = Estimate(known=True, date=_aired(asked, entry))
        return found


def _aired(asked: Asked, entry: Entry) -> datetime | None:
    """When an episode is aired; None where it is not in the calendar yet."""
    try:
        episode = episode_for(asked, entry)
    except (LookupFailed, LookupRefused):
        return None
    when = episode["airstamp"] or episode["airdate"]
    return when if isinstance(when, datetime) else None
