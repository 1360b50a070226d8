"""What plugins share that look movies and shows up: fields that are found out at the first look.

A site is asked once a run for the same; one that fails is not asked again in that run. No failure of a site ever
decides about an entry: its fields are missing then, and the log says once why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.lookups._read import whole_or_none
from server.features.lookups.client import LookupFailed, LookupRefused, NothingFound, Sites
from server.parsing.movies import parse_movie

T = TypeVar("T")
Fields = Mapping[str, Any]


class Asked:
    """What was asked in one run of a task, with answers and failures."""

    def __init__(self, task: Task, log: logging.Logger) -> None:
        self.sites = Sites.of(task.services)
        self._task, self._log = task, log
        self._answers: dict[Any, Any] = {}
        self._failures: dict[Any, LookupFailed | LookupRefused] = {}
        self._broken: dict[str, LookupFailed | LookupRefused] = {}
        self._questions: dict[Entry, Any] = {}
        self._told: set[tuple[Entry, str]] = set()

    @classmethod
    def of(cls, task: Task, plugin: Plugin) -> Asked:
        """Of this run and plugin."""
        notes = task.state(plugin)
        if "asked" not in notes:
            notes["asked"] = cls(task, task.log(plugin.name))
        found: Asked = notes["asked"]
        return found

    def once(self, site: str, question: Any, ask: Callable[[Sites], T]) -> T:
        """The answer of ``ask``, which is called for the same question once a run.

        :raises LookupFailed: nothing is known of it, or the site failed, now or before
        :raises LookupRefused: it cannot be asked that way
        """
        key = (site, question)
        if key in self._answers:
            answer: T = self._answers[key]
            return answer
        failure = self._broken.get(site) or self._failures.get(key)
        if failure is not None:
            raise failure
        self._task.check_cancelled()
        try:
            answer = self._answers[key] = ask(self.sites)
        except (LookupFailed, LookupRefused) as error:
            self._failures[key] = error
            if not isinstance(error, NothingFound):
                self._broken[site] = error
                self._log.warning("%s; it is not asked again in this run", error)
            raise
        return answer

    def question(self, entry: Entry, make: Callable[[Entry], T]) -> T:
        """What is asked about an entry: made at the first look, so that what is found does not change it."""
        if entry not in self._questions:
            self._questions[entry] = make(entry)
        question: T = self._questions[entry]
        return question

    def fill(self, entries: Iterable[Entry], names: Iterable[str], find: Callable[[Entry], Fields]) -> None:
        """Make fields of entries lazy; ``find`` tells their values or raises what :meth:`once` raises."""
        fields = tuple(names)

        def look_up(entry: Entry) -> None:
            try:
                put_missing(entry, find(entry))
            except NothingFound as error:
                if (entry, str(error)) not in self._told:
                    self._told.add((entry, str(error)))
                    self._log.info("%s: %s", entry["title"], error)
            except (LookupFailed, LookupRefused) as error:
                self._log.debug("%s: %s", entry["title"], error)

        for entry in entries:
            entry.register_lazy(fields, look_up)


def put_missing(entry: Entry, fields: Fields) -> None:
    """Set those fields that the entry does not have."""
    for name, value in fields.items():
        if value is not None and entry.get(name, None, False) is None:
            entry[name] = value


def movie_named(entry: Entry) -> tuple[str, int | None]:
    """Name and year of the movie that an entry is about; from its title where nobody read them yet."""
    name, year = entry.get("movie_name", None, False), entry.get("movie_year", None, False)
    if not name:
        parsed = parse_movie(entry["title"])
        name, year = parsed.name or entry["title"], parsed.year
    return str(name), whole_or_none(year) or None


def is_show(entry: Entry) -> bool:
    """Whether an entry is about a show rather than a movie."""
    return bool(entry.get("series_name", None, False))


def episode_of(entry: Entry) -> tuple[int, int] | None:
    """Season and episode, where an entry has both as numbers."""
    season, number = entry.get("series_season"), entry.get("series_episode")
    if isinstance(season, int) and isinstance(number, int):
        return season, number
    return None


def known_id(entry: Entry, *names: str) -> int | None:
    """The first of these fields that is known already and a number."""
    for name in names:
        value = entry.get(name, None, False)
        if isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdigit()):
            return int(value) or None
    return None
