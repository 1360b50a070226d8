"""``next_series_episodes``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.series._next import Wanted, complete, entry_for, numbers, options_of, seasons, wanted_shows
from server.features.series.store import EPISODE
from server.parsing.names import normalize_name

BACKFILL_LIMIT = 25

Place = tuple[int, int]
"""Season and number; a show that is numbered through has season 0."""


def _flag(title: str, description: str) -> dict[str, Any]:
    return {"type": "boolean", "title": title, "description": description, "examples": [True]}


class NextSeriesEpisodes(Plugin):
    """Gives the next episode of each show that ``series`` follows in this task, for ``discover`` to search.

    Knows shows that are identified by season and episode, or by number.

    Example::

        discover:
          what:
            - next_series_episodes: yes
          from:
            - search_rss: https://example.com/search?q={{ search_term }}
        series:
          - Some Show:
              begin: S02E01
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "from_start": _flag("From the start", "Whether a show of which nothing is known begins at S01E01."),
                    "backfill": _flag("Backfill", "Whether missing earlier episodes are wanted too."),
                    "backfill_limit": {
                        "type": "integer",
                        "title": "Largest gap",
                        "description": "A gap with more episodes than this is left alone (default: 25).",
                        "examples": [10],
                    },
                    "only_same_season": _flag("Same season", "Whether the next season is left alone."),
                    "include_quality": _flag("With quality", "Whether searches name the wanted quality (default)."),
                },
                "additionalProperties": False,
            },
        ],
        "title": "Next episodes",
        "description": "`yes`, or options.",
        "examples": [True, {"backfill": True}],
    }
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One entry for each wanted episode. A rerun is for those that follow on the last pass."""
        if config is False:
            return
        options = options_of(config)
        notes = task.state(self)
        again: dict[str, list[Place]] | None = notes.pop("again", None)
        emitted: dict[str, list[Place]] = {}
        notes["emitted"], notes["options"] = emitted, options
        for wanted in wanted_shows(task):
            key = wanted.config.normalized
            places = (again or {}).get(key, []) if task.is_rerun else list(dict.fromkeys(_next(task, wanted, options)))
            emitted[key] = places
            for place in places:
                yield entry_for(
                    wanted, _identifier(wanted, place), *place, quality=options.get("include_quality", True)
                )

    def on_task_learn(self, task: Task, config: Any) -> None:
        """What was found is followed by the next episode; what nobody has, perhaps by the next season."""
        notes = task.state(self)
        emitted: dict[str, list[Place]] = notes.get("emitted") or {}
        accepted = {
            (normalize_name(str(entry["series_name"])), entry.get("series_id"))
            for entry in task.accepted
            if entry.get("series_name")
        }
        again: dict[str, list[Place]] = {}
        for wanted in wanted_shows(task) if any(emitted.values()) else ():
            key = wanted.config.normalized
            for place in emitted.get(key, []):
                found = (key, _identifier(wanted, place)) in accepted
                following = _following(wanted, place, notes["options"], found=found)
                if following is not None and following not in emitted[key]:
                    again.setdefault(key, []).append(following)
        if again:
            notes["again"] = again
            task.rerun(self.name, "there may be more episodes")


def _identifier(wanted: Wanted, place: Place) -> str:
    season, number = place
    return str(number) if wanted.identified_by == "sequence" else f"S{season:02}E{number:02}"


def _following(wanted: Wanted, place: Place, options: Any, *, found: bool) -> Place | None:
    """What to look for after an episode. The next season comes when nobody has the next episode of the latest one."""
    season, number = place
    if found:
        place = season, number + 1
        return None if wanted.has(EPISODE, _identifier(wanted, place)) else place
    known = any(entity.identifier == _identifier(wanted, place) for entity in wanted.entities)
    latest = next(seasons(wanted), None)
    if wanted.identified_by != "ep" or known or options.get("only_same_season") or season != latest:
        return None
    return season + 1, 1


def _next(task: Task, wanted: Wanted, options: Any) -> Iterator[Place]:
    by = wanted.identified_by
    if by not in ("ep", "sequence"):
        task.log("next_series_episodes").info(
            "%s is identified by %s; the next episode is known only by season and episode, or by number",
            wanted.config.name,
            by,
        )
        return
    begin = wanted.begin if wanted.begin is not None and wanted.begin.identified_by == by else None
    if by == "sequence":
        yield from _next_number(wanted, begin.number if begin else None, options)
    else:
        yield from _next_episode(wanted, (begin.season, begin.number) if begin else None, options)


def _next_number(wanted: Wanted, begin: int | None, options: Any) -> Iterator[Place]:
    have = {entity.number or 0 for entity in wanted.loaded if entity.identified_by == "sequence"}
    if not have:
        if begin is not None or options.get("from_start"):
            yield 0, begin if begin is not None else 1
        return
    if options.get("backfill"):
        missing = _gaps(have, begin if begin is not None else 1, max(have), options)
        yield from ((0, number) for number in missing)
    following = max(have) + 1
    yield 0, max(following, begin or following)


def _next_episode(wanted: Wanted, begin: Place | None, options: Any) -> Iterator[Place]:
    known = [season for season in seasons(wanted) if begin is None or season >= begin[0]]
    if not known:
        if begin is not None:
            yield begin
        elif options.get("from_start") or options.get("backfill"):
            yield 1, 1
        return
    latest = known[0]
    if latest == 0:  # only specials
        yield 1, 1
        return
    first = begin[0] if begin else 1
    wanted_seasons = range(latest, first - 1, -1) if options.get("backfill") else (latest,)
    for season in wanted_seasons:
        start = begin[1] if begin and season == begin[0] else 1
        yield from _in_season(wanted, season, start, options, latest=season == latest)


def _in_season(wanted: Wanted, season: int, start: int, options: Any, *, latest: bool) -> Iterator[Place]:
    if complete(wanted, season):
        if latest and not options.get("only_same_season"):
            yield season + 1, 1
        return
    have = numbers(wanted, season)
    last = max(have, default=start - 1)
    if options.get("backfill"):
        last = max(numbers(wanted, season, seen=True), default=last)
        yield from ((season, number) for number in _gaps(have, start, last, options))
    yield season, last + 1


def _gaps(have: set[int], start: int, last: int, options: Any) -> list[int]:
    count = last + 1 - start - sum(start <= number <= last for number in have)
    if count > options.get("backfill_limit", BACKFILL_LIMIT):
        return []
    return [number for number in range(start, last + 1) if number not in have]
