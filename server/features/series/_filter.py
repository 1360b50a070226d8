"""Decides all releases of a run: notes them in the store, collects each show's past, and asks the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from server.engine.execution import ExecuteOptions
from server.engine.task import Task
from server.features.series._config import ShowConfig
from server.features.series._decide import Candidate, Episode, Had, ShowState, decide
from server.features.series._matching import Match, follows
from server.features.series._progress import Begin, Progress, begins, identify, progress, set_begins
from server.features.series.store import EPISODE, SEASON, Release, SeriesStore, Show, Sighting
from server.parsing.names import normalize_name
from server.parsing.quality import Quality
from server.parsing.series import SeriesParse
from server.plugins._quality import quality_of

Releases = dict[tuple[int, str, str, str], Release]
Offers = dict[tuple[str, str], list[Release]]


def filter_matches(task: Task, matches: Iterable[Match]) -> None:
    """Accept and reject the entries that nothing rejected yet."""
    live = [
        match
        for match in matches
        if not (match.entry.rejected or match.entry.failed or match.show.given.get("parse_only"))
    ]
    if not live:
        return
    for match in live:
        match.show = _for_run(match.show, task.options)
    store = task.db.store(SeriesStore)
    with task.db.transaction():
        shows = store.add_shows((match.show.name, match.show.normalized) for match in live)
        releases = _note(store, live, shows)
        past = progress(store, {show.id for show in shows.values()})
        fixed = _places(store, live, shows, past)
    by_show: dict[str, list[Match]] = {}
    for match in live:
        by_show.setdefault(match.show.normalized, []).append(match)
    offers: dict[int, Offers] = {}
    for (show_id, kind, identifier, _), release in releases.items():
        offers.setdefault(show_id, {}).setdefault((kind, identifier), []).append(release)
    for key, own in by_show.items():
        show = shows[key]
        state = ShowState(own[0].show, past[show.id], fixed.get(show.id))
        for episode in _episodes(own, offers.get(show.id, {})):
            decide(state, episode)


def _for_run(show: ShowConfig, options: ExecuteOptions) -> ShowConfig:
    """``--stop-waiting NAME`` ends a show's time to wait, ``--disable-tracking`` lets shows begin anywhere."""
    if options.disable_tracking and show.tracking:
        show = replace(show, tracking=False)
    if options.stop_waiting and show.timeframe and normalize_name(options.stop_waiting) == show.normalized:
        show = replace(show, timeframe=timedelta())
    return show


def identifiers(parse: SeriesParse) -> list[tuple[str, str, int | None, int | None]]:
    """Kind, identifier, season and number of each episode of a release."""
    if parse.season_pack:
        return [(SEASON, parse.identifier, parse.season, None)]
    if parse.id_type == "ep":
        first = parse.episode or 0
        return [(EPISODE, identifier, parse.season, first + more) for more, identifier in enumerate(parse.identifiers)]
    number = parse.episode if parse.id_type == "sequence" else 0 if parse.id_type == "date" else None
    season = parse.season if parse.id_type == "date" else 0 if parse.id_type == "sequence" else None
    return [(EPISODE, parse.identifier, season, number)]


def _note(store: SeriesStore, matches: Iterable[Match], shows: dict[str, Show]) -> Releases:
    """Remember what is on offer; each match learns the ids of its releases."""
    sightings, keys = [], []
    for match in matches:
        show_id = shows[match.show.normalized].id
        quality = str(quality_of(match.entry))
        for kind, identifier, season, number in identifiers(match.parse):
            title = match.entry["title"]
            sightings.append(
                Sighting(
                    show_id, kind, identifier, match.parse.id_type, season, number, title, quality,
                    match.parse.proper_count,
                )
            )  # fmt: skip
            keys.append((match, (show_id, kind, identifier, title)))
    releases = store.remember(sightings)
    for match, key in keys:
        match.releases.append(releases[key].id)
    return releases


def _places(
    store: SeriesStore, matches: Iterable[Match], shows: dict[str, Show], past: dict[int, Progress]
) -> dict[int, Begin]:
    """Where the shows begin. A show that turns out to be of seasons and episodes begins at the season that is there,
    or at its very first episode."""
    learned: dict[int, str] = {}
    guesses: dict[int, Begin] = {}
    for match in matches:
        show = shows[match.show.normalized]
        if show.id in learned or not follows(match.show) or show.identified_by not in (None, "auto"):
            continue
        by = past[show.id].identified_by()
        if by is None:
            continue
        learned[show.id] = by
        if by == "ep" and show.begin_id is None and match.show.tracking in (True, "strict"):
            season = past[show.id].latest_season or 1
            guesses[show.id] = Begin("ep", f"S{season:02}E01", season, 1)
    identify(store, learned)
    set_begins(store, guesses)
    known = {show.id: show.begin_id for show in shows.values() if show.begin_id is not None}
    return {**begins(store, known), **guesses}


def _episodes(matches: Iterable[Match], had: Offers) -> list[Episode]:
    """A show's episodes: packs first, late seasons first."""
    found: dict[tuple[str, str], Episode] = {}
    for match in matches:
        kind, identifier, season, number = identifiers(match.parse)[0]
        episode = found.get((kind, identifier))
        if episode is None:
            known = had.get((kind, identifier), [])
            episode = found[kind, identifier] = Episode(
                kind,
                identifier,
                match.parse.id_type,
                season,
                number,
                [],
                [Had(Quality.from_name(item.quality), item.proper_count) for item in known if item.downloaded],
                min((item.first_seen for item in known), default=None),
            )
        episode.candidates.append(Candidate(match.entry, match.parse, quality_of(match.entry)))
    return sorted(found.values(), key=lambda episode: (episode.kind != SEASON, -(episode.season or 0)))
