"""Which entries are releases of which shows: read in the metainfo phase, decided in the filter phase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.task import Task
from server.features.series._config import AUTO, PARSE_OPTIONS, ShowConfig, identified, read_show
from server.features.series._index import ShowIndex
from server.features.series._progress import (
    begins,
    identify,
    read_begin,
    set_begins,
    sync_alternate_names,
)
from server.features.series.store import SeriesError, SeriesStore, Show
from server.parsing.names import normalize_name
from server.parsing.series import SeriesParse
from server.plugins._parsers import parsers_of
from server.plugins.metainfo.metainfo_series import guess, set_series_fields
from server.plugins.modify.set import set_fields

STATE = "series"
"""Under this name the plugins of the family keep what they found in the task's notes."""


@dataclass(slots=True)
class Match:
    """An entry that is a release of a show. ``releases``: ids in the store once it is noted there."""

    entry: Entry
    parse: SeriesParse
    show: ShowConfig
    releases: list[int] = field(default_factory=list)


def matches_of(task: Task) -> dict[Entry, Match]:
    """What was found in this pass, by entry."""
    notes = task.state(task.services.registry.get(STATE))
    found: dict[Entry, Match] = notes.setdefault("matches", {})
    return found


def start_pass(task: Task) -> None:
    """Forget what an earlier pass found."""
    task.state(task.services.registry.get(STATE))["matches"] = {}


def match_configured(task: Task, shows: Sequence[ShowConfig]) -> None:
    """Find the entries that are of the configured shows and set their fields."""
    store = task.db.store(SeriesStore)
    with store.db.transaction():
        known = note_shows(store, shows)
        store.set_task(task.name, (show.id for show in known.values()))
    index = ShowIndex(
        [identified(show, known[show.normalized].identified_by) if follows(show) else show for show in shows],
        parsers_of(task).series,
    )
    found = matches_of(task)
    for number, entry in enumerate(_once(task.entries)):
        if number % 512 == 0:
            task.check_cancelled()
        hit = index.find(entry["title"])
        if hit is not None:
            show, parse = hit
            found[entry] = Match(entry, parse, show)
            set_series_fields(entry, parse, show.parsing.identified_by)
            set_fields(entry, show.fields)


def _once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Of what several searches found alike, the first."""
    known: set[tuple[str, str]] = set()
    for entry in entries:
        key = entry["title"], entry.get("url", "")
        if key not in known:
            known.add(key)
            yield entry


def follows(show: ShowConfig) -> bool:
    """Whether it is left to the releases how the show is identified."""
    return show.identified_by == AUTO


def note_shows(store: SeriesStore, shows: Iterable[ShowConfig]) -> dict[str, Show]:
    """Make sure that the shows are known, with what the configuration says of them. By normalized name."""
    wanted = {show.normalized: show for show in shows}
    with store.db.transaction():
        known = store.add_shows((show.name, key) for key, show in wanted.items())
        try:
            names = {known[key].id: show.parsing.alternate_names for key, show in wanted.items()}
            sync_alternate_names(store, {show_id: each for show_id, each in names.items() if each})
        except SeriesError as error:
            raise PluginError(str(error)) from error
        fixed = {known[key].id: show.identified_by for key, show in wanted.items() if not follows(show)}
        current = {show.id: show for show in known.values()}
        identify(store, {show_id: by for show_id, by in fixed.items() if current[show_id].identified_by != by})
        _note_begins(store, wanted, known)
        fresh = {show.normalized: show for show in store.shows_by_name(wanted).values()}
    return {key: fresh.get(key, known[key]) for key in wanted}


def _note_begins(store: SeriesStore, wanted: Mapping[str, ShowConfig], known: Mapping[str, Show]) -> None:
    asked = {known[key].id: read_begin(show.given["begin"]) for key, show in wanted.items() if "begin" in show.given}
    if not asked:
        return
    ids = {show.id: show.begin_id for show in known.values() if show.begin_id is not None}
    there = begins(store, {show_id: ids[show_id] for show_id in asked if show_id in ids})
    changed = {}
    for key, show in wanted.items():
        show_id = known[key].id
        begin = asked.get(show_id)
        if begin is None or begin == there.get(show_id):
            continue
        if show.identified_by not in (AUTO, begin.identified_by):
            raise PluginError(
                f"{show.name}: `begin: {show.given['begin']}` is of the kind {begin.identified_by}, but "
                f"`identified_by` says {show.identified_by}; change one of them"
            )
        changed[show_id] = begin
    set_begins(store, changed)


def guessed(task: Task, allow_seasonless: bool = False) -> dict[Entry, SeriesParse]:
    """Entries that look like episodes of shows which are not configured, with what their titles tell."""
    found = matches_of(task)
    parses = {}
    parser = parsers_of(task).series
    for entry in task.entries:
        if entry not in found:
            parse = guess(entry, parser, allow_seasonless=allow_seasonless)
            if parse is not None:
                parses[entry] = parse
    return parses


def match_guessed(task: Task, parses: Mapping[Entry, SeriesParse], options: Mapping[str, Any]) -> None:
    """Treat entries as releases of the shows that their own titles name, with the same options for all."""
    shows: dict[str, ShowConfig] = {}
    for parse in parses.values():
        key = normalize_name(parse.name)
        if key not in shows:
            shows[key] = read_show(parse.name, options)
    note_shows(task.db.store(SeriesStore), shows.values())
    found = matches_of(task)
    parser = parsers_of(task).series
    read_again = not PARSE_OPTIONS.isdisjoint(options)
    for entry in _once(parses):
        parse = parses[entry]
        show = shows[normalize_name(parse.name)]
        again = parser(entry["title"], parse.name, show.parsing) if read_again else parse
        if again is None:
            continue
        found[entry] = Match(entry, replace(again, name=show.name), show)
        set_fields(entry, show.fields)
    task.config.setdefault(STATE, [])
