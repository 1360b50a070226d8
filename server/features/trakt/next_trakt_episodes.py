"""``next_trakt_episodes``"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from urllib.parse import quote

from server.engine.entry import Entry
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.lookups._read import mapping, mappings, whole
from server.features.lookups.client import Sites
from server.features.trakt._api import Trakt, slug
from server.features.trakt._entries import Row, entry_of
from server.features.trakt._schema import ACCOUNT, STRIP_DATES, USERNAME, WHO

FIRST = {"season": 1, "number": 1}
PROGRESS = {"watched": "watched", "collected": "collection"}


class NextTraktEpisodes(Plugin):
    """Gives, for each show of a list at Trakt, the episode that comes after those that were watched or collected.

    Of a show that was never watched that is S01E01. With `position: last` it is the last one that was. With
    `context: aired` it is what Trakt's calendar says: the one that is aired next, or was aired last.

    Example::

        discover:
          what:
            - next_trakt_episodes:
                account: mine
                list: my shows
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
    """

    schema = {
        "type": "object",
        "properties": {
            "username": USERNAME,
            "account": ACCOUNT,
            "position": {
                "type": "string",
                "enum": ["last", "next"],
                "default": "next",
                "title": "Position",
                "description": "The next episode, or the last one.",
                "examples": ["next"],
            },
            "context": {
                "type": "string",
                "enum": ["watched", "collected", "aired"],
                "default": "watched",
                "title": "Context",
                "description": "What was done with the episodes before.",
                "examples": ["collected"],
            },
            "list": {
                "type": "string",
                "title": "List",
                "description": "`watchlist`, `collection`, `watched`, or the name of a list; its shows are looked at.",
                "examples": ["my shows"],
            },
            "strip_dates": STRIP_DATES,
        },
        "required": ["list"],
        "anyOf": WHO,
        "additionalProperties": False,
        "title": "Next episodes",
        "description": "Whose shows, and which episode of them.",
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry a show; shows of which there is no such episode are left out."""
        trakt = Trakt(Sites.of(task.services), account=config.get("account"), username=config.get("username"))
        progress = _Progress(trakt, config.get("context", "watched"), config.get("position", "next"))
        for show in _shows(trakt, config["list"]):
            task.check_cancelled()
            episode = progress.episode(show)
            if episode is None:
                task.log(self.name).log(VERBOSE, "%s has no such episode", show.get("title"))
                continue
            row = {"show": show, "episode": {**episode, "title": ""}}
            entry = entry_of(row, "episode", strip_dates=bool(config.get("strip_dates")))
            if entry is not None:
                ids = mapping(show.get("ids"))
                entry.put_quietly(
                    {"trakt_list": config["list"], "trakt_id": ids.get("trakt"), "trakt_slug": ids.get("slug")}
                )
                yield entry


def _shows(trakt: Trakt, name: str) -> Iterator[Row]:
    person = f"/users/{quote(trakt.user, safe='')}"
    own = name in ("watchlist", "collection", "watched")
    path = f"{person}/{name}/shows" if own else f"{person}/lists/{quote(slug(name), safe='')}/items"
    seen = set()
    for row in trakt.rows(path):
        show = mapping(row.get("show"))
        number = _number(show)
        if number and number not in seen:
            seen.add(number)
            yield show


def _number(show: Row) -> int:
    return whole(mapping(show.get("ids")).get("trakt"))


class _Progress:
    """Which episode of a show is meant."""

    def __init__(self, trakt: Trakt, context: str, position: str) -> None:
        self._trakt, self._context, self._position = trakt, context, position

    def episode(self, show: Row) -> Row | None:
        """Season and number; None where there is no such episode."""
        path = f"/shows/{_number(show)}"
        if self._context == "aired":
            return mapping(self._trakt.get(f"{path}/{self._position}_episode")) or None
        if self._trakt.username:
            return self._of_others(path, _number(show))
        found = mapping(self._trakt.get(f"{path}/progress/{PROGRESS[self._context]}"))
        if self._position == "last":
            return mapping(found.get("last_episode")) or None
        return mapping(found.get("next_episode")) or (None if whole(found.get("completed")) else FIRST)

    def _of_others(self, path: str, number: int) -> Row | None:
        """Trakt tells the progress of an account's owner only; that of others is in what they saw or have."""
        places = self._places.get(number)
        if not places:
            return None if self._position == "last" else FIRST
        season, last = max(places)
        if self._position == "last":
            return {"season": season, "number": last}
        for following in ({"season": season, "number": last + 1}, {"season": season + 1, "number": 1}):
            if self._trakt.get(f"{path}/seasons/{following['season']}/episodes/{following['number']}"):
                return following
        return None

    @cached_property
    def _places(self) -> dict[int, list[tuple[int, int]]]:
        """Season and number of the episodes that a person saw or has, by the number of their show."""
        person = quote(self._trakt.user, safe="")
        return {
            _number(mapping(row.get("show"))): [
                (season, number)
                for each in mappings(row.get("seasons"))
                for episode in mappings(each.get("episodes"))
                if (season := whole(each.get("number"))) and (number := whole(episode.get("number")))
            ]
            for row in self._trakt.rows(f"/users/{person}/{PROGRESS[self._context]}/shows")
        }
