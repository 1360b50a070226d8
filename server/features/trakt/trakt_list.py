"""``trakt_list``"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.lists import ListPlugin, ManagedList
from server.features.lookups._read import mapping, mappings, text
from server.features.lookups.client import LookupFailed, LookupRefused, Sites
from server.features.trakt._api import Trakt, slug
from server.features.trakt._entries import KINDS, change, entry_of, ids_of, kind_of
from server.features.trakt._schema import ACCOUNT, STRIP_DATES, USERNAME, WHO
from server.storage.database import Database

logger = logging.getLogger("trakt_list")

PUBLIC = ("trending", "popular")
OWN = ("watchlist", "collection", "watched", "ratings")
WHOLE_SHOWS = ("collection", "watched")
"""Lists that Trakt gives by movie or show; episodes are inside of the shows."""

CHANGED_AT = {"watchlist": "/sync/watchlist", "collection": "/sync/collection", "watched": "/sync/history"}
TYPES = ("shows", "seasons", "episodes", "movies")
AUTO = "auto"


class TraktItems(ManagedList):
    """One list at Trakt. What is on it is asked for once."""

    external = True

    def __init__(self, trakt: Trakt, sites: Sites, config: Mapping[str, Any]) -> None:
        self._trakt, self._sites = trakt, sites
        self._name = str(config["list"])
        self._type = config.get("type", AUTO)
        self._strip_dates = bool(config.get("strip_dates"))
        self._language = config.get("language")
        if self._name in PUBLIC or self._name == "ratings":
            self.immutable = f"{self._name} at Trakt cannot be changed from here"

    def entries(self) -> Iterator[Entry]:
        """One for each movie, show, season or episode."""
        return (self._fresh(kind, row) for kind, row in self._rows)

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By identifiers; episodes and seasons by their numbers as well."""
        known: dict[tuple[str, str], list[Entry]] = {}
        for kind, row in self._rows:
            item = self._fresh(kind, row)
            for key in _keys(item, kind):
                known.setdefault(key, []).append(item)
        found = {}
        for entry in entries:
            kind = "movie" if kind_of(entry) == "movie" else "show"
            for item in (item for key in _keys(entry, kind) for item in known.get(key, ())):
                if all(item.get(name) is None or item[name] == entry.get(name) for name in _PLACE):
                    found[entry] = item
                    break
        return found

    def add(self, entries: Sequence[Entry]) -> None:
        """Told in one request."""
        self._send(entries, "")

    def remove(self, entries: Sequence[Entry]) -> int:
        """Likewise; Trakt tells how many there were."""
        answer = mapping(mapping(self._send(entries, "/remove")).get("deleted"))
        return sum(value for value in answer.values() if isinstance(value, int))

    def clear(self) -> None:
        """Everything that is on it now."""
        self.remove(list(self.entries()))

    # -- what is on it ------------------------------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> list[tuple[str, Mapping[str, Any]]]:
        found = []
        for path, kind in self._paths():
            for row in self._page(path):
                for what, item in self._items(row, kind or text(row.get("type"))):
                    if what in KINDS and self._type in (AUTO, f"{what}s") and entry_of(item, what, strip_dates=True):
                        found.append((what, item))
        return found

    def _items(self, row: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The row, or (of a show that somebody has or saw) its seasons or episodes."""
        if self._name not in WHOLE_SHOWS or kind != "show" or self._type not in ("seasons", "episodes"):
            yield kind, row
            return
        for season in mappings(row.get("seasons")):
            if self._type == "seasons":
                yield "season", {"show": row.get("show"), "season": season}
                continue
            for episode in mappings(season.get("episodes")):
                yield "episode", {"show": row.get("show"), "episode": {**episode, "season": season.get("number")}}

    def _page(self, path: str) -> Iterator[Mapping[str, Any]]:
        if self._name in PUBLIC:  # all movies and shows there are
            return iter(mappings(self._trakt.call("GET", path, {"limit": 100, "page": 1}).data))
        return self._trakt.rows(path)

    def _paths(self) -> list[tuple[str, str]]:
        """Where the rows are, each with what they are (nothing: every row tells)."""
        kinds = ("movies", "shows") if self._type == AUTO else (self._type,)
        if self._name in PUBLIC:
            if not set(kinds) <= {"movies", "shows"}:
                raise PluginError(f"{self._name} at Trakt has movies and shows, no {self._type}")
            return [(f"/{kind}/{self._name}", kind[:-1]) for kind in kinds]
        if self._name not in OWN:
            return [(f"{self._list_path}/items", "")]
        whose = f"/users/{quote(self._trakt.username, safe='')}" if self._trakt.username else "/sync"
        if self._name in WHOLE_SHOWS:
            wholes = dict.fromkeys("movies" if kind == "movies" else "shows" for kind in kinds)
            return [(f"{whose}/{self._name}/{kind}", kind[:-1]) for kind in wholes]
        return [(f"{whose}/{self._name}" + ("" if self._type == AUTO else f"/{self._type}"), "")]

    @property
    def _list_path(self) -> str:
        return f"/users/{quote(self._trakt.user, safe='')}/lists/{quote(slug(self._name), safe='')}"

    def _fresh(self, kind: str, row: Mapping[str, Any]) -> Entry:
        entry = entry_of(self._translated(kind, row), kind, strip_dates=self._strip_dates)
        if entry is None:
            raise PluginError(f"Trakt sent a {kind} without a title")
        return entry

    def _translated(self, kind: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row with the title of the movie or show in the wanted language, where Trakt has one."""
        if not self._language:
            return row
        what = "movie" if kind == "movie" else "show"
        item = mapping(row.get(what, row))
        path = f"/{what}s/{quote(text(mapping(item.get('ids')).get('trakt')), safe='')}/translations/{self._language}"
        try:
            headers = {"trakt-api-version": "2", "trakt-api-key": self._sites.key("trakt")}
            found = mappings(self._sites.get("trakt", path, headers=headers).data)
        except (LookupFailed, LookupRefused) as error:
            logger.debug("no title in %s for %s: %s", self._language, item.get("title"), error)
            return row
        title = next((text(each.get("title")) for each in found if each.get("title")), "")
        return {**row, what: {**item, "title": title or item.get("title")}}

    # -- changes ------------------------------------------------------------------------------------------------------

    def _send(self, entries: Sequence[Entry], verb: str) -> Any:
        if self.immutable:
            raise PluginError(self.immutable)
        if not self._trakt.account:
            raise PluginError("changing a list at Trakt needs an `account`: authorize one by `flexget trakt auth NAME`")
        items = []
        for entry in entries:
            kind = self._kind(entry)
            if kind is None:
                logger.warning("%s is no %s that Trakt could know", entry["title"], self._words)
            else:
                items.append((entry, kind))
        if not items:
            return None
        self.__dict__.pop("_rows", None)
        if self._name in OWN:
            return self._trakt.post(CHANGED_AT[self._name] + verb, change(items))
        path = f"{self._list_path}/items{verb}"
        called = self._trakt.call("POST", path, body=change(items), answers=frozenset({404}))
        if called.status != 404:
            return called.data
        if verb:
            raise PluginError(f"there is no list `{self._name}` at Trakt")
        self._trakt.post(f"/users/{quote(self._trakt.user, safe='')}/lists", {"name": self._name, "privacy": "private"})
        return self._trakt.post(path, change(items))

    @property
    def _words(self) -> str:
        return "movie or show" if self._type == AUTO else self._type[:-1]

    def _kind(self, entry: Entry) -> str | None:
        """What an entry is sent as; None where it is no such thing."""
        kind = kind_of(entry)
        if self._type == AUTO or kind is None:
            return kind
        wanted: str = self._type[:-1]
        below = {"show": ("show", "season", "episode"), "season": ("season", "episode")}.get(wanted, (wanted,))
        return wanted if kind in below else None


_PLACE = ("series_season", "series_episode")


def _keys(entry: Entry, kind: str) -> list[tuple[str, str]]:
    group = "movie" if kind == "movie" else "show"
    return [(f"{group} {name}", str(value)) for name, value in ids_of(entry, group).items()]


class TraktList(ListPlugin):
    """A list at Trakt: a watchlist, a collection, what was watched, a list of one's own, or what everybody likes.

    Private lists and changes need an account, see `flexget trakt auth`; all need a key: `lookups: {trakt: {key: ...}}`.

    Example::

        trakt_list:
          account: mine
          list: watchlist
          type: shows
          strip_dates: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "username": USERNAME,
            "account": ACCOUNT,
            "list": {
                "type": "string",
                "title": "List",
                "description": "`watchlist`, `collection`, `watched`, `ratings`, `trending`, `popular`, or a name.",
                "examples": ["watchlist"],
            },
            "type": {
                "type": "string",
                "enum": [*TYPES, AUTO],
                "default": AUTO,
                "title": "Type",
                "description": "What is wanted of it; `auto`: everything.",
                "examples": ["shows"],
            },
            "strip_dates": STRIP_DATES,
            "language": {
                "type": "string",
                "minLength": 2,
                "maxLength": 2,
                "title": "Language",
                "description": "Of titles, by ISO 639-1, where Trakt has a translation.",
                "examples": ["de"],
            },
        },
        "required": ["list"],
        "anyOf": [*WHO, {"properties": {"list": {"enum": list(PUBLIC)}}}],
        "additionalProperties": False,
        "title": "List at Trakt",
        "description": "Whose and which.",
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list that the configuration names."""
        sites = Sites.of(self.services)
        trakt = Trakt(sites, account=config.get("account"), username=config.get("username"))
        return TraktItems(trakt, sites, config)
