"""Which episodes or seasons come next: what ``next_series_episodes`` and ``next_series_seasons`` emit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from server.engine.entry import Entry
from server.engine.task import Task
from server.features.series._config import AUTO, ShowConfig, read_shows
from server.features.series._matching import note_shows
from server.features.series._progress import Begin, begins
from server.features.series.store import EPISODE, SEASON, Entity, SeriesStore, Show

_IN_PARENTHESES = re.compile(r"(?:\s*\([^()]*\))+$")


class Wanted:
    """A configured show with its past, for the plugins that tell what comes next."""

    def __init__(self, config: ShowConfig, show: Show, entities: Iterable[Entity], loaded: set[int]) -> None:
        self.config = config
        self.show = show
        self.entities = list(entities)
        self.loaded = [entity for entity in self.entities if entity.id in loaded]
        self.begin: Begin | None = None

    @property
    def identified_by(self) -> str:
        """How its episodes are told apart, as far as that is known."""
        return self.show.identified_by or AUTO

    def has(self, kind: str, identifier: str) -> bool:
        """Whether that was downloaded."""
        return any(entity.kind == kind and entity.identifier == identifier for entity in self.loaded)


def wanted_shows(task: Task) -> list[Wanted]:
    """The shows of the task's ``series``, in the order in which they are tried."""
    configs = read_shows(task.config.get("series") or [])
    store = task.db.store(SeriesStore)
    shows = note_shows(store, configs)
    starts = begins(store, {show.id: show.begin_id for show in shows.values() if show.begin_id is not None})
    entities = store.entities_of(show.id for show in shows.values())
    every = [entity.id for items in entities.values() for entity in items]
    loaded = set(store.releases_of(every, downloaded=True))
    begin_ids = {show.begin_id for show in shows.values() if show.begin_id is not None}
    only_begins = begin_ids - set(store.releases_of(begin_ids))
    found = []
    for config in configs:
        show = shows[config.normalized]
        seen = [entity for entity in entities.get(show.id, []) if entity.id not in only_begins]
        each = Wanted(config, show, seen, loaded)
        each.begin = starts.get(show.id)
        found.append(each)
    return found


def entry_for(wanted: Wanted, identifier: str, season: int, number: int | None, *, quality: bool = True) -> Entry:
    """What a search is made with: an entry without a url, whose title is the first of its search strings."""
    config = wanted.config
    others = _other_names(config)
    forms = _forms(wanted.identified_by, identifier, season, number)
    suffixes = _qualities(config) if quality else [""]
    strings = [f"{name} {form}{suffix}" for suffix in suffixes for name in (config.name, *others) for form in forms]
    fields: dict[str, Any] = {
        "title": strings[0],
        "url": "",
        "search_strings": strings,
        "series_name": config.name,
        "series_alternate_names": others,
        "series_id": identifier,
        "series_id_type": wanted.identified_by,
        "series_season": season,
        "series_episode": number,
        "season_pack": True if number is None else None,
        "series_identified_by": wanted.identified_by,
    }
    return Entry(fields)


def _other_names(config: ShowConfig) -> list[str]:
    """What else a show is searched by: its other names, and its own without a year or country in parentheses."""
    plain = _IN_PARENTHESES.sub("", config.name)
    others = [*config.parsing.alternate_names, plain] if plain else config.parsing.alternate_names
    return [name for name in dict.fromkeys(others) if name != config.name]


def _forms(identified_by: str, identifier: str, season: int, number: int | None) -> list[str]:
    if number is None:
        return [identifier]
    if identified_by == "sequence":
        return list(dict.fromkeys((str(number), f"{number:02}", f"{number:03}")))
    return [identifier, f"{season}x{number:02}"]


def _qualities(config: ShowConfig) -> list[str]:
    """What is added to a search for the qualities that are wanted, the best first."""
    wanted = [each for each in (config.target, config.quality, *config.qualities) if each is not None]
    named = {quality for each in wanted for quality in each.named() if quality}
    return [f" {quality}" for quality in sorted(named, reverse=True)] or [""]


def options_of(config: Any) -> Mapping[str, Any]:
    """``yes`` is no options."""
    return config if isinstance(config, Mapping) else {}


def seasons(wanted: Wanted, *, seen: bool = False) -> Iterator[int]:
    """Seasons that something was downloaded of (or only seen), the latest first."""
    entities = wanted.entities if seen else wanted.loaded
    yield from sorted({entity.season or 0 for entity in entities if entity.identified_by == "ep"}, reverse=True)


def numbers(wanted: Wanted, season: int, *, seen: bool = False) -> set[int]:
    """Downloaded (or only seen) episodes of a season."""
    entities = wanted.entities if seen else wanted.loaded
    return {entity.number or 0 for entity in entities if entity.kind == EPISODE and (entity.season or 0) == season}


def complete(wanted: Wanted, season: int) -> bool:
    """Whether a pack of the season was downloaded."""
    return wanted.has(SEASON, f"S{season:02}")
