"""``metainfo_media_id``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task

_FIELDS = ("media_id",)


class MetainfoMediaId(Plugin):
    """Puts one identifier for movies and episodes alike into the field ``media_id``.

    ``upgrade``, ``timeframe`` and ``best_quality`` know by it what is the same.

    Example::

        metainfo_media_id: no
    """

    schema = {"type": "boolean", "title": "Media id", "description": "Whether to do so.", "examples": [False]}
    category = "metainfo"
    builtin = True

    @priority(0)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """It is made at the first look at the field."""
        for entry in task.entries:
            entry.register_lazy(_FIELDS, _make)


def _make(entry: Entry) -> None:
    entry["media_id"] = media_id(entry)


def _padded(number: Any) -> str:
    """Two digits or more; a text is a number, too, where `set` or `regex_extract` made the field."""
    return str(number).zfill(2)


def media_id(entry: Entry) -> str | None:
    """``movie 2012`` or ``show s01e02`` (season packs, dates and sequences: episode 0); None for what is neither.

    What was read as both is taken for the movie; no movie is looked up for that.
    """
    movie = entry.get("movie_name", None, False)
    series, season = entry.get("series_name"), entry.get("series_season")
    if not movie and series and season is not None:
        return f"{series} s{_padded(season)}e{_padded(entry.get('series_episode') or 0)}".lower()
    movie = entry.get("movie_name")
    if not movie:
        return None
    year = entry.get("movie_year")
    return f"{movie} {year}".lower() if year else str(movie).lower()
