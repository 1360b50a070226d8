"""``trakt_calendar``"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.lookups import imdb_titles
from server.features.lookups._read import (
    mapping,
    moment_or_none,
    number_or_none,
    text,
    text_or_none,
    texts,
    whole_or_none,
)
from server.features.lookups.client import Sites
from server.features.trakt._api import Trakt
from server.features.trakt._entries import Row, entry_of
from server.features.trakt._schema import ACCOUNT, STRIP_DATES


class TraktCalendar(Plugin):
    """Gives the episodes that are aired in the days to come, or their shows.

    Of an account's own shows, or of all that Trakt knows. Needs a key: `lookups: {trakt: {key: ...}}`.

    Example::

        trakt_calendar:
          account: mine
          type: episodes
          days: 7
    """

    schema = {
        "type": "object",
        "properties": {
            "start_day": {
                "type": "integer",
                "default": 0,
                "title": "First day",
                "description": "Counted from today; less than 0 is in the past.",
                "examples": [-1],
            },
            "days": {
                "type": "integer",
                "default": 7,
                "title": "Days",
                "description": "How many days are looked at.",
                "examples": [14],
            },
            "account": ACCOUNT,
            "strip_dates": STRIP_DATES,
            "type": {
                "type": "string",
                "enum": ["shows", "episodes"],
                "title": "Type",
                "description": "Whether entries are episodes, or each show once.",
                "examples": ["episodes"],
            },
        },
        "required": ["type"],
        "additionalProperties": False,
        "title": "Calendar",
        "description": "Which days, and what of them.",
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """In the order of the calendar."""
        account = config.get("account")
        trakt = Trakt(Sites.of(task.services), account=account)
        first = datetime.now().astimezone() + timedelta(days=config.get("start_day", 0))
        path = f"/calendars/{'my' if account else 'all'}/shows/{first:%Y-%m-%d}/{config.get('days', 7)}"
        shown: set[str] = set()
        for row in trakt.rows(path, {"extended": "full"}):
            kind = "show" if config["type"] == "shows" else "episode"
            entry = entry_of(row, kind, strip_dates=bool(config.get("strip_dates")))
            if entry is None or entry["url"] in shown:
                continue
            shown.add(entry["url"])
            entry.put_quietly(_show(mapping(row.get("show"))))
            if kind == "episode":
                entry.put_quietly(_episode(mapping(row.get("episode"))))
            yield entry


def _show(show: Row) -> dict[str, Any]:
    ids, airs = mapping(show.get("ids")), mapping(show.get("airs"))
    imdb_id, slug = text(ids.get("imdb")), text(ids.get("slug"))
    return {
        "imdb_url": imdb_titles.URL.format(imdb_id) if imdb_id else None,
        "trakt_slug": slug,
        "trakt_genres": texts(show.get("genres")),
        "trakt_homepage": text_or_none(show.get("homepage")),
        "trakt_trailer": text_or_none(show.get("trailer")),
        "trakt_languages": texts(show.get("available_translations")),
        "trakt_series_air_day": text_or_none(airs.get("day")),
        "trakt_series_air_time": text_or_none(airs.get("time")),
        "trakt_series_air_timezone": text_or_none(airs.get("timezone")),
        "trakt_series_aired_episodes": whole_or_none(show.get("aired_episodes")),
        "trakt_series_content_rating": text_or_none(show.get("certification")),
        "trakt_series_country": text_or_none(show.get("country")),
        "trakt_series_first_aired": moment_or_none(show.get("first_aired")),
        "trakt_series_language": text_or_none(show.get("language")),
        "trakt_series_network": text_or_none(show.get("network")),
        "trakt_series_overview": text_or_none(show.get("overview")),
        "trakt_series_rating": number_or_none(show.get("rating")),
        "trakt_series_runtime": whole_or_none(show.get("runtime")),
        "trakt_series_status": text_or_none(show.get("status")),
        "trakt_series_updated_at": moment_or_none(show.get("updated_at")),
        "trakt_series_url": f"https://trakt.tv/shows/{slug}",
        "trakt_series_votes": whole_or_none(show.get("votes")),
    }


def _episode(episode: Row) -> dict[str, Any]:
    return {
        "trakt_ep_overview": text_or_none(episode.get("overview")),
        "trakt_ep_rating": number_or_none(episode.get("rating")),
        "trakt_ep_votes": whole_or_none(episode.get("votes")),
        "trakt_ep_runtime": whole_or_none(episode.get("runtime")),
        "trakt_ep_abs_number": whole_or_none(episode.get("number_abs")),
        "trakt_ep_first_aired": moment_or_none(episode.get("first_aired")),
        "trakt_ep_updated_at": moment_or_none(episode.get("updated_at")),
    }
