"""``next_series_seasons``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.series._next import Wanted, complete, entry_for, numbers, options_of, seasons, wanted_shows
from server.parsing.names import normalize_name


class NextSeriesSeasons(Plugin):
    """Gives the next season of each show that ``series`` follows in this task, for ``discover`` to search packs.

    Example::

        discover:
          what:
            - next_series_seasons: yes
          from:
            - search_rss: https://example.com/search?q={{ search_term }}
        series:
          - Some Show:
              season_packs: yes
              begin: S02
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "from_start": {
                        "type": "boolean",
                        "title": "From the start",
                        "description": "Whether a show of which nothing is known begins at the first season.",
                        "examples": [True],
                    },
                    "backfill": {
                        "type": "boolean",
                        "title": "Backfill",
                        "description": "Whether missing earlier seasons are wanted too.",
                        "examples": [True],
                    },
                    "threshold": {
                        "type": "integer",
                        "minimum": 0,
                        "title": "Threshold",
                        "description": "Seasons with more downloaded episodes than this are left alone.",
                        "examples": [3],
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Next seasons",
        "description": "`yes`, or options.",
        "examples": [True, {"backfill": True}],
    }
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One entry for each wanted season; an accepted one makes the task run again for the one after it."""
        if config is False:
            return
        options = options_of(config)
        notes = task.state(self)
        tried: dict[str, set[int]] = notes.setdefault("tried", {})
        for wanted in wanted_shows(task):
            key = wanted.config.normalized
            earlier = tried.setdefault(key, set())
            if task.is_rerun and key not in notes.get("accepted", ()):
                continue
            for season in _next(wanted, options):
                if season not in earlier:
                    earlier.add(season)
                    yield entry_for(wanted, f"S{season:02}", season, None, quality=False)
        notes["accepted"] = set()

    def on_task_learn(self, task: Task, config: Any) -> None:
        """An accepted season may be followed by another."""
        notes = task.state(self)
        names = {normalize_name(str(entry["series_name"])) for entry in task.accepted if entry.get("series_name")}
        accepted = {name for name, tried in notes.get("tried", {}).items() if tried and name in names}
        if accepted:
            notes["accepted"] = accepted
            task.rerun(self.name, "there may be more seasons")


def _next(wanted: Wanted, options: Any) -> Iterator[int]:
    if wanted.identified_by != "ep":
        return
    begin = wanted.begin.season if wanted.begin is not None and wanted.begin.identified_by == "ep" else None
    known = [season for season in seasons(wanted) if begin is None or season >= begin]
    if not known:
        if begin is not None:
            yield begin
        elif options.get("from_start"):
            yield 1
        return
    latest = known[0]
    candidates = range(latest, (begin or 1) - 1, -1) if options.get("backfill") else (latest,)
    for season in candidates:
        if complete(wanted, season):
            if season == latest:
                yield season + 1
        elif "threshold" not in options or len(numbers(wanted, season)) <= options["threshold"]:
            yield season
