"""``imdb_watchlist``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.features.lookups import imdb_titles
from server.features.lookups.client import LookupFailed, Sites

CUSTOM = r"^ls\d{7,10}$"
TYPES = {
    "movies": "movie",
    "short films": "short",
    "games": "videoGame",
    "mini series": "tvMiniSeries",
    "shows": "tvSeries",
    "episodes": "tvEpisode",
    "tv movies": "tvMovie",
    "tv specials": "tvSpecial",
    "videos": "video",
}
SHOWS = frozenset({"tvSeries", "tvMiniSeries"})
NO_MOVIES = SHOWS | {"tvEpisode", "videoGame"}


class ImdbWatchlist(Plugin):
    """Gives what is on somebody's public watchlist at IMDb, or on a public list.

    Example::

        imdb_watchlist:
          user_id: ur1234567
          list: watchlist
          type: movies
    """

    schema = {
        "type": "object",
        "properties": {
            "user_id": {
                "type": "string",
                "pattern": r"^ur\d{7,9}$",
                "title": "User",
                "description": "Whose watchlist; it is in the address of their page.",
                "examples": ["ur1234567"],
            },
            "list": {
                "type": "string",
                "oneOf": [{"enum": ["watchlist", "ratings", "checkins"]}, {"pattern": CUSTOM}],
                "title": "List",
                "description": "`watchlist`, or the number of a list; ratings are shown to their owner only.",
                "examples": ["watchlist", "ls012345678"],
            },
            "force_language": {
                "type": "string",
                "default": "en-us",
                "title": "Language",
                "description": "Of titles.",
                "examples": ["es-mx"],
            },
            "type": {
                "oneOf": [
                    text_or_list(type="string", enum=list(TYPES)),
                    {"type": "string", "enum": ["all"]},
                ],
                "title": "Type",
                "description": "What is wanted of it; everything where it is left out.",
                "examples": ["movies"],
            },
            "strip_dates": {
                "type": "boolean",
                "default": False,
                "title": "Strip dates",
                "description": "Leave the year out of titles.",
                "examples": [True],
            },
        },
        "additionalProperties": False,
        "required": ["list"],
        "anyOf": [{"required": ["user_id"]}, {"properties": {"list": {"pattern": CUSTOM}}}],
        "title": "List at IMDb",
        "description": "Whose and which.",
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """In the order of the list."""
        name = config["list"]
        if name in ("ratings", "checkins"):
            raise PluginError(f"IMDb shows {name} to their owner only: put the titles on a public list (`list: ls...`)")
        wanted = {TYPES[kind] for kind in as_list(config.get("type", "all")) if kind != "all"}
        where = {"user_id": config["user_id"]} if name == "watchlist" else {"list_id": name}
        language = config.get("force_language", "en-us")
        try:
            for item in imdb_titles.listed(Sites.of(task.services), language=language, **where):
                if item.name and (not wanted or item.kind in wanted):
                    yield _entry(item, strip_dates=bool(config.get("strip_dates")))
        except LookupFailed as error:
            raise PluginError(str(error)) from None


def _entry(item: imdb_titles.Listed, *, strip_dates: bool) -> Entry:
    address = imdb_titles.URL.format(item.imdb_id)
    fields: dict[str, Any] = {
        "title": item.name if strip_dates or item.year is None else f"{item.name} ({item.year})",
        "url": address,
        "imdb_id": item.imdb_id,
        "imdb_url": address,
        "imdb_name": item.name,
        "imdb_year": item.year,
    }
    if item.kind in SHOWS:
        fields["series_name"] = item.name
    elif item.kind not in NO_MOVIES:
        fields.update(movie_name=item.name, movie_year=item.year)
    return Entry(fields)
