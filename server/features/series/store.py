"""Shows, seasons, episodes and their releases: what the series plugins know and the API shows.

An *entity* is an episode or a season (a season pack). Its releases are the titles that were seen for it, downloaded or
not. A show may *begin* at an episode: what lies before it is not wanted.
"""

from __future__ import annotations

from server.features.series._releases import Releases
from server.features.series._tables import (
    ENTITIES,
    EPISODE,
    RELEASES,
    SCHEMA,
    SEASON,
    SHOWS,
    Entity,
    Release,
    SeriesError,
    Show,
    Sighting,
)

__all__ = [
    "ENTITIES",
    "EPISODE",
    "RELEASES",
    "SEASON",
    "SHOWS",
    "Entity",
    "Release",
    "SeriesError",
    "SeriesStore",
    "Show",
    "Sighting",
]


class SeriesStore(Releases):
    """All of it: of shows, of episodes and seasons, of releases; each part is a module of its own.

    Look-ups and changes come in batches: a task asks once for all of its entries.
    """

    schema = SCHEMA
