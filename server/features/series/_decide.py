"""What becomes of the releases of one episode or season: the rules of ``series``, one after the other.

Each rule takes the candidates that are left, accepts or rejects some and gives back the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.engine.entry import Entry
from server.features.series._config import ShowConfig
from server.features.series._progress import Begin, Progress
from server.features.series.store import SEASON
from server.parsing.quality import Quality
from server.parsing.quality_requirements import Requirements
from server.parsing.series import SeriesParse


@dataclass(frozen=True, slots=True)
class Had:
    """A release that was downloaded before."""

    quality: Quality
    proper_count: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that is a release of the episode; the quality is the entry's own (plugins may have changed it)."""

    entry: Entry
    parse: SeriesParse
    quality: Quality


@dataclass(slots=True)
class ShowState:
    """A show while its episodes are decided. ``accepted_packs``: seasons that a pack was accepted of in this run."""

    config: ShowConfig
    past: Progress
    begin: Begin | None = None
    accepted_packs: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Episode:
    """An episode or a season, with what is on offer and what there was. ``first_seen``: of its first release."""

    kind: str
    identifier: str
    id_type: str
    season: int | None
    number: int | None
    candidates: list[Candidate]
    had: Sequence[Had] = ()
    first_seen: datetime | None = None


def decide(show: ShowState, episode: Episode, now: datetime | None = None) -> None:
    """Accept the best fitting candidate of the episode, reject what is not wanted, leave the rest undecided."""
    config = show.config
    candidates = episode.candidates
    if episode.id_type == "special" and not config.specials:
        return
    refusal = _refuse_kind(show, episode) or _before_begin(show, episode) or _too_far(show, episode)
    if refusal:
        for candidate in candidates:
            candidate.entry.reject(refusal)
        return
    if config.quality is not None:
        candidates = [each for each in candidates if config.quality.allows(each.quality)]
    candidates = _propers(config, episode, candidates, now or datetime.now(UTC))
    candidates = _downloaded(config, episode, candidates)
    if candidates:
        _choose(config, episode, candidates, now or datetime.now(UTC))
    if episode.kind == SEASON and any(each.entry.accepted for each in episode.candidates):
        show.accepted_packs.add(episode.season or 0)


def _refuse_kind(show: ShowState, episode: Episode) -> str | None:
    """Packs and single episodes."""
    packs, season = show.config.packs, episode.season or 0
    if episode.kind == SEASON:
        if not packs.wanted:
            return f"{episode.identifier} is a season pack; season_packs is off for {show.config.name}"
        had = show.past.downloaded.get(season, 0)
        if had > packs.threshold:
            return f"{had} episodes of season {season} are there already; season_packs allows {packs.threshold}"
        return None
    if packs.only:
        return f"{episode.identifier} is a single episode; season_packs wants only packs"
    if episode.id_type != "ep":
        return None
    if season in show.accepted_packs:
        return f"a pack of season {season} was accepted in this run"
    if season in show.past.packs:
        return f"season {season} is complete: a pack of it was downloaded"
    return None


def _before_begin(show: ShowState, episode: Episode) -> str | None:
    begin = show.begin
    if begin is None or begin.identified_by != episode.id_type:
        return None
    if episode.kind == SEASON:
        before = (episode.season or 0) < begin.season
    elif begin.identified_by == "date":
        before = episode.identifier < begin.identifier
    else:
        before = (episode.season or 0, episode.number or 0) < (begin.season, begin.number)
    return f"{episode.identifier} is before {begin.identifier}, where {show.config.name} begins" if before else None


def _too_far(show: ShowState, episode: Episode) -> str | None:
    """With strict tracking only the next episode, or the first of the next season, is taken."""
    newest = show.past.newest
    if show.config.tracking != "strict" or newest is None or episode.id_type != "ep" or episode.kind == SEASON:
        return None
    season, number = newest
    place = (episode.season or 0, episode.number or 0)
    if place <= (season, number + 1) or place == (season + 1, 1):
        return None
    return f"{episode.identifier} is not the next after S{season:02}E{number:02}; tracking is strict"


def _propers(config: ShowConfig, episode: Episode, candidates: list[Candidate], now: datetime) -> list[Candidate]:
    """A correction replaces the release of the same quality, on offer now or downloaded before."""
    best: dict[Quality, int] = {}
    for each in candidates:
        best[each.quality] = max(best.get(each.quality, each.parse.proper_count), each.parse.proper_count)
    had: dict[Quality, int] = {}
    for release in episode.had:
        had[release.quality] = max(had.get(release.quality, release.proper_count), release.proper_count)
    wanted = _propers_wanted(config.propers, episode.first_seen, now)
    left = []
    for each in candidates:
        count = each.parse.proper_count
        if count < best[each.quality]:
            each.entry.reject(f"there is a proper of it in {each.quality}")
        elif each.quality not in had:
            left.append(each)
        elif count <= had[each.quality]:
            each.entry.reject(f"{episode.identifier} was downloaded in {each.quality} already")
        elif wanted:
            each.entry.accept(f"proper of the {each.quality} that was downloaded")
            had[each.quality] = count
        else:
            each.entry.reject(f"{episode.identifier} was downloaded in {each.quality}; no propers are wanted now")
    return left


def _propers_wanted(setting: bool | timedelta, first_seen: datetime | None, now: datetime) -> bool:
    if isinstance(setting, bool):
        return setting
    return first_seen is None or now <= first_seen + setting


def _downloaded(config: ShowConfig, episode: Episode, candidates: list[Candidate]) -> list[Candidate]:
    """What was downloaded is not wanted again, unless in better quality or in one of several qualities."""
    if not episode.had:
        return candidates
    best = max(release.quality for release in episode.had)
    if config.upgrade:
        for each in candidates:
            if each.quality < best:
                each.entry.reject(f"{each.quality} is no upgrade of {best}, which was downloaded")
        return [each for each in candidates if each.quality >= best]
    if config.qualities:
        return candidates
    for each in candidates:
        each.entry.reject(f"{episode.identifier} was downloaded already, in {best}")
    return []


def _choose(config: ShowConfig, episode: Episode, candidates: list[Candidate], now: datetime) -> None:
    if config.target is not None:
        _choose_target(config, episode, candidates, config.target, now)
    elif config.qualities:
        _choose_qualities(config, episode, candidates)
    else:
        first = candidates[0]
        if episode.had:
            first.entry.accept(f"{first.quality} is an upgrade of what was downloaded")
        elif config.quality is not None:
            first.entry.accept(f"{first.quality} fits {config.quality}")
        else:
            first.entry.accept("first release of it")


def _choose_target(
    config: ShowConfig, episode: Episode, candidates: list[Candidate], target: Requirements, now: datetime
) -> None:
    """The target quality; anything else only when the time to wait for it is over."""
    if any(target.allows(release.quality) for release in episode.had):
        return
    for each in candidates:
        if target.allows(each.quality):
            each.entry.accept(f"{each.quality} is the target quality ({target})")
            return
    if config.timeframe is None or episode.had:
        return
    over = (episode.first_seen or now) + config.timeframe
    if now >= over:
        first = candidates[0]
        first.entry.accept(f"the time to wait for {target} is over; {first.quality} is there")


def _choose_qualities(config: ShowConfig, episode: Episode, candidates: list[Candidate]) -> None:
    """One release in each of the qualities."""
    for wanted in config.qualities:
        if any(wanted.allows(release.quality) for release in episode.had):
            continue
        for each in candidates:
            if wanted.allows(each.quality):
                each.entry.accept(f"{each.quality} is one of the wanted qualities ({wanted})")
                break
