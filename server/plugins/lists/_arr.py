"""The REST API that Sonarr and Radarr have in common, version 3 (https://sonarr.tv/docs/api, https://radarr.video/docs/api)."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.lists import ManagedList
from server.engine.net import Session
from server.parsing.quality_requirements import Requirements
from server.plugins._addresses import host_name

logger = logging.getLogger("lists")

SECURE = 443


class Refused(PluginError):
    """It does not take this one, which says nothing about others."""


class Arr:
    """One Sonarr or Radarr. Raises ``PluginError`` where it cannot be reached, ``Refused`` with its own words."""

    def __init__(self, title: str, config: Mapping[str, Any]) -> None:
        self.title = title
        self._address = f"{_base(config)}/api/v3/"
        self._session = Session()
        self._session.headers["X-Api-Key"] = str(config["api_key"])

    def get(self, path: str, **params: Any) -> Any:
        """The JSON at a path."""
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Any) -> Any:
        """Send something new."""
        return self._call("POST", path, json=body)

    def delete(self, path: str) -> None:
        """Take something away."""
        self._call("DELETE", path)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        import requests

        try:
            response = self._session.request(method, self._address + path, raise_status=False, **more)
        except requests.RequestException as error:
            raise PluginError(f"{self.title} cannot be reached ({type(error).__name__})") from None
        if response.status_code in (401, 403):
            raise PluginError(f"{self.title} refuses the `api_key`: it stands in its settings, under General")
        if response.status_code >= 500:
            raise PluginError(f"{self.title} answered with an error (status {response.status_code})")
        if response.status_code >= 400:
            raise Refused(f"{self.title} refused it: {_words(response)}")
        try:
            return response.json() if response.content else None
        except ValueError:
            raise PluginError(f"{self.title} sent something else than JSON: check `base_url` and `port`") from None

    @cached_property
    def folder(self) -> str:
        """Its first folder for what is new."""
        folders = rows(self.get("rootfolder"))
        if not folders:
            raise PluginError(f"{self.title} has no root folder: add one in its settings, under Media Management")
        return str(folders[0].get("path"))

    @cached_property
    def _tags(self) -> dict[str, int]:
        return {str(tag.get("label")).lower(): int(tag["id"]) for tag in rows(self.get("tag")) if "id" in tag}

    def tag_ids(self, tags: Iterable[int | str]) -> list[int]:
        """Numbers of tags; those of a new name are made."""
        found = []
        for tag in tags:
            if isinstance(tag, int):
                if tag in self._tags.values():
                    found.append(tag)
                else:
                    logger.warning("%s has no tag of number %d", self.title, tag)
                continue
            name = tag.strip().lower()
            if name not in self._tags:
                self._tags[name] = int(self.post("tag", {"label": name})["id"])
            found.append(self._tags[name])
        return list(dict.fromkeys(found))

    @cached_property
    def profiles(self) -> dict[int, tuple[list[str], str | None]]:
        """Of each quality profile what it allows, and at which quality it is content; in our words."""
        return {
            int(profile["id"]): _qualities(profile) for profile in rows(self.get("qualityprofile")) if "id" in profile
        }


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def matches(entries: Sequence[Entry], items: Sequence[Entry], ids: Sequence[str]) -> dict[Entry, Entry]:
    """Entries that have an identifier in common with one of the items, each with that item."""
    known = {(name, str(item[name])): item for item in items for name in ids if item.get(name)}
    keys = {entry: [(name, str(entry.get(name))) for name in ids if entry.get(name)] for entry in entries}
    return {entry: known[key] for entry, own in keys.items() for key in reversed(own) if key in known}


class ArrList(ManagedList):
    """What a Sonarr or Radarr keeps, asked for once. A subclass tells one thing's fields and how one is added."""

    external = True
    title: ClassVar[str]
    """Name of the program."""
    things: ClassVar[str]
    """What it keeps, as its API's paths call them."""
    ids: ClassVar[tuple[str, ...]]
    """Fields that identify one; the last is the program's own number."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.arr = Arr(self.title, config)

    @abstractmethod
    def fresh(self, thing: Mapping[str, Any]) -> Entry:
        """One thing as an entry."""

    @abstractmethod
    def new(self, entry: Entry) -> Mapping[str, Any] | None:
        """What is sent to add an entry; None where it is there already. Raises ``Refused``."""

    def wanted(self, thing: Mapping[str, Any]) -> bool:
        """Whether the options let one through."""
        return bool(thing.get("monitored") or not self.config.get("only_monitored", True))

    @cached_property
    def _kept(self) -> list[dict[str, Any]]:
        return rows(self.arr.get(self.things))

    def entries(self) -> Iterator[Entry]:
        """Those that the options let through."""
        return (self.fresh(thing) for thing in self._kept if self.wanted(thing))

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By identifiers."""
        return matches(entries, [self.fresh(thing) for thing in self._kept], self.ids)

    def add(self, entries: Sequence[Entry]) -> None:
        """What is there already is left as it is; what is not taken fails."""
        known = self.match(entries)
        for entry in entries:
            if entry not in known:
                try:
                    self._add(entry)
                except Refused as error:
                    entry.fail(str(error))
        self._ask_anew()

    def _add(self, entry: Entry) -> None:
        new = self.new(entry)
        if new is None:
            logger.info("%s is in %s already", entry["title"], self.title)
            return
        self.arr.post(self.things, new)
        logger.info("%s has %s now", self.title, new.get("title"))

    def remove(self, entries: Sequence[Entry]) -> int:
        """Their files stay."""
        numbers = {item[self.ids[-1]] for item in self.match(entries).values()}
        for number in sorted(numbers):
            self.arr.delete(f"{self.things}/{number}")
        self._ask_anew()
        return len(numbers)

    def clear(self) -> None:
        """All that the options let through."""
        self.remove(list(self.entries()))

    def _ask_anew(self) -> None:
        self.__dict__.pop("_kept", None)


def _base(config: Mapping[str, Any]) -> str:
    """Address without a slash at its end: the port of the address itself counts more than the default one."""
    parts = urlsplit(str(config.get("base_url") or "http://localhost"))
    port = parts.port or config.get("port") or (SECURE if parts.scheme == "https" else 80)
    path = f"{parts.path.rstrip('/')}/{str(config.get('base_path') or '').strip('/')}".rstrip("/")
    return urlunsplit((parts.scheme, f"{host_name(parts.hostname or '')}:{int(port)}", path, "", ""))


def _words(response: Any) -> str:
    try:
        data = response.json()
    except ValueError:
        return f"status {response.status_code}"
    first = data[0] if isinstance(data, list) and data else data
    words = (first.get("errorMessage") or first.get("message")) if isinstance(first, dict) else None
    return str(words or f"status {response.status_code}")[:200]


def _qualities(profile: Mapping[str, Any]) -> tuple[list[str], str | None]:
    allowed, cutoff = [], None
    wanted = profile.get("cutoff")
    number = wanted.get("id") if isinstance(wanted, dict) else wanted
    for item in rows(profile.get("items")):
        group = rows(item.get("items"))
        names = list(_names([item, *group]))
        if item.get("allowed"):
            allowed.extend(names)
        numbers = [item.get("id"), *(quality.get("id") for quality in _inner([item, *group]))]
        if number is not None and number in numbers and names:
            cutoff = names[-1]
    return list(dict.fromkeys(allowed)), cutoff


def _inner(items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for item in items:
        quality = item.get("quality")
        if isinstance(quality, dict):
            yield quality


def _names(items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """``HDTV-720p`` is ``hdtv 720p``; what we have no word for is left out."""
    for quality in _inner(items):
        name = str(quality.get("name")).lower().replace("-", " ")
        words = " ".join(sorted(name.split(), key=lambda word: word.endswith("p") and word[:-1].isdigit()))
        words = " ".join(word for word in words.split() if word != "bluray") if "remux" in words else words
        words = {"dvd": "dvdrip", "telesync": "ts", "telecine": "tc"}.get(words, words)
        try:
            Requirements(words)
        except ValueError:
            continue
        yield words


BASE_URL: dict[str, Any] = {
    "type": "string",
    "title": "Address",
    "description": "Where it is, without the port.",
    "examples": ["http://localhost"],
}
API_KEY: dict[str, Any] = {
    "type": "string",
    "title": "API key",
    "description": "From its settings, under General.",
    "examples": ["{? key ?}"],
}


def port(usual: int) -> dict[str, Any]:
    """Schema of the port; ``usual``: where it listens unless one says otherwise."""
    return {
        "type": "number",
        "default": 80,
        "title": "Port",
        "description": f"Usually {usual}; where neither this nor the address tells one, 80, and 443 for https.",
        "examples": [usual],
    }


def flag(title: str, description: str, *, default: bool) -> dict[str, Any]:
    """Schema of yes or no."""
    return {
        "type": "boolean",
        "default": default,
        "title": title,
        "description": description,
        "examples": [not default],
    }


def number(title: str, description: str, default: int) -> dict[str, Any]:
    """Schema of a number that stands for something."""
    return {"type": "integer", "default": default, "title": title, "description": description, "examples": [default]}
