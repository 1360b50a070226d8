"""``discover``"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from server.engine.context import CURRENT, Step
from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.discover.store import DiscoverStore
from server.parsing.timedelta import parse_timedelta
from server.plugins.estimators._base import Estimate
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of
from server.plugins.internal.estimate_release import EstimateRelease
from server.plugins.search._base import SEARCH_SCHEMA, SearchFailed, found_by

logger = logging.getLogger("discover")

INTERVAL = "5 hours"


class Discover(Plugin):
    """Looks for what one input lists in search plugins, and gives what they find.

    Each title is looked for at most once in ``interval``; ``--discover-now`` does not wait.

    Example::

        discover:
          what:
            - movie_list: wanted
          from:
            - torznab: {url: 'http://localhost:9117/api/v2.0/indexers/all/results/torznab', apikey: abcdef}
          interval: 1 day
          release_estimations: ignore
    """

    schema = {
        "type": "object",
        "properties": {
            "what": {
                "type": "array",
                "items": INPUT_SCHEMA,
                "title": "What",
                "description": "Inputs whose titles are looked for.",
                "examples": [[{"movie_list": "wanted"}]],
            },
            "from": {
                "type": "array",
                "items": SEARCH_SCHEMA,
                "title": "From",
                "description": "Search plugins that are asked.",
                "examples": [[{"search_rss": "https://example.com/rss?q={{ search_term }}"}]],
            },
            "interval": {
                "type": "string",
                "format": "interval",
                "default": INTERVAL,
                "title": "Interval",
                "description": "How long to wait until a title is looked for again.",
                "examples": ["1 day"],
            },
            "release_estimations": {
                "oneOf": [
                    {"enum": ["strict", "loose", "smart", "ignore"], "default": "strict"},
                    {
                        "type": "object",
                        "properties": {
                            "optimistic": {
                                "type": "string",
                                "format": "interval",
                                "title": "Optimistic",
                                "description": "Look this long before the release.",
                                "examples": ["10 days"],
                            }
                        },
                        "required": ["optimistic"],
                        "additionalProperties": False,
                    },
                ],
                "title": "Releases",
                "description": "What to do about things that are not released: `strict` looks only for what is known "
                "to be out, `loose` also where nobody knows, `smart` also where there is no data at all, `ignore` "
                "always.",
                "examples": ["ignore", {"optimistic": "10 days"}],
            },
            "limit": {
                "type": "integer",
                "minimum": 1,
                "title": "Limit",
                "description": "How many results to take of one search for one title, the best first.",
                "examples": [10],
            },
        },
        "required": ["what", "from"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """What the searches find for the titles that are due."""
        wanted = list(self._wanted(task, config["what"]))
        logger.log(VERBOSE, "%d titles to discover", len(wanted))
        wanted = self._due(task, wanted, config.get("interval", INTERVAL))
        wanted = self._released(task, wanted, config.get("release_estimations", "strict"))
        if wanted and not task.options.test:
            task.db.store(DiscoverStore).searched(task.name, [entry["title"] for entry in wanted])
        for place, entry in enumerate(wanted, start=1):
            yield from self._search(task, entry, config, f"{place} of {len(wanted)}")

    @priority(0)  # after `series` learned
    def on_task_learn(self, task: Task, config: dict[str, Any]) -> None:
        """Let the inputs that take part in this phase see what was accepted: they may want another pass."""
        for item in config["what"]:
            for name, options in item.items():
                plugin = self.services.registry.get(name)
                handler = plugin.handlers.get("learn")
                if handler is None or options is False or name in task.config:
                    continue
                before, CURRENT.step = CURRENT.step, Step("learn", name)
                try:
                    handler(task, options)
                finally:
                    CURRENT.step = before

    def _wanted(self, task: Task, inputs: Sequence[dict[str, Any]]) -> Iterator[Entry]:
        """The entries of the inputs, each title once; an input that fails is logged."""
        titles: set[str] = set()
        for item in inputs:
            try:
                for entry in entries_of(task, item, self.services.registry):
                    if entry["title"] not in titles:
                        titles.add(entry["title"])
                        yield entry
            except (PluginError, PluginWarning, requests.RequestException, OSError) as error:
                logger.error("The input %s failed: %s", ", ".join(item), error)

    @staticmethod
    def _due(task: Task, wanted: list[Entry], interval: str) -> list[Entry]:
        if task.options.discover_now:
            return wanted
        last = task.db.store(DiscoverStore).last(task.name, [entry["title"] for entry in wanted])
        now, span = datetime.now(UTC), parse_timedelta(interval)
        due = []
        for entry in wanted:
            when = last.get(entry["title"])
            if when is not None and when <= now < when + span:  # a clock that was set back does not block
                at = f"{when.astimezone():%Y-%m-%d %H:%M}"
                logger.log(VERBOSE, "%s was looked for at %s; the next time is %s later", entry["title"], at, interval)
            else:
                due.append(entry)
        return due

    @staticmethod
    def _released(task: Task, wanted: list[Entry], mode: str | dict[str, str]) -> list[Entry]:
        if mode == "ignore" or not wanted:
            return wanted
        early = parse_timedelta(mode["optimistic"]) if isinstance(mode, dict) else timedelta()
        found = EstimateRelease().estimates(task, wanted)
        return [entry for entry in wanted if _look_for(entry, found[entry], mode, early)]

    def _search(self, task: Task, entry: Entry, config: dict[str, Any], place: str) -> Iterator[Entry]:
        found = 0
        for item in config["from"]:
            for name, options in item.items():
                task.check_cancelled()
                logger.log(VERBOSE, "Looking for %s with %s (%s)", entry["title"], name, place)
                try:
                    results = found_by(task, self.services.registry, name, options, entry)
                except SearchFailed as error:
                    logger.error("%s could not look for %s: %s", name, entry["title"], error)
                    continue
                found += len(results)
                for result in results[: config.get("limit")]:
                    result.put_quietly({"discovered_from": entry["title"], "discovered_with": name})
                    yield result
        if not found:
            logger.log(VERBOSE, "Nothing was found for %s", entry["title"])


def _look_for(entry: Entry, estimate: Estimate, mode: str | dict[str, str], early: timedelta) -> bool:
    if estimate.date is None:
        if mode == "loose" or (mode == "smart" and not estimate.known):
            return True
        logger.log(
            VERBOSE,
            "%s is left out: nobody knows when it is released (`release_estimations: ignore` looks for it anyway)",
            entry["title"],
        )
        return False
    if estimate.date <= datetime.now(UTC) + early:
        return True
    logger.log(VERBOSE, "%s is left out: it is not released before %s", entry["title"], estimate.date.date())
    return False
