"""How far a task's shows are: what was downloaded by season, and what is known of how they are identified.

Everything is asked for all shows of a run at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, select, update

from server.features.series.store import ENTITIES, EPISODE, RELEASES, SEASON, SHOWS, SeriesStore
from server.parsing.names import normalize_name

ENOUGH_EPISODES = 2
ENOUGH_ALIKE = 3
ENOUGH_MIXED = 5


class Begin(NamedTuple):
    """Where a show begins: comparable with episodes that are identified the same way."""

    identified_by: str
    identifier: str
    season: int
    number: int


@dataclass(slots=True)
class Progress:
    """A show's past. ``seen``: episodes by the way they are identified; the others: by season."""

    seen: dict[str, int] = field(default_factory=dict)
    downloaded: dict[int, int] = field(default_factory=dict)
    packs: set[int] = field(default_factory=set)
    newest: tuple[int, int] | None = None

    @property
    def latest_season(self) -> int | None:
        """The furthest season that something was downloaded of."""
        return max([*self.packs, *self.downloaded], default=None)

    def identified_by(self) -> str | None:
        """How the show is identified, as far as its releases tell by now.

        Season and episode are believed early, anything else once enough was seen.
        """
        total = sum(self.seen.values())
        if not total:
            return None
        best = max(self.seen, key=lambda kind: self.seen[kind])
        if self.seen.get("ep", 0) >= ENOUGH_EPISODES and self.seen["ep"] > total / 3:
            return "ep"
        if total >= ENOUGH_MIXED or (len(self.seen) == 1 and total >= ENOUGH_ALIKE):
            return best
        return None


def progress(store: SeriesStore, show_ids: Iterable[int]) -> dict[int, Progress]:
    """The past of shows; those without any have an empty one."""
    wanted = list(show_ids)
    found = {show_id: Progress() for show_id in wanted}
    for batch in store.db.in_batches(wanted):
        for row in store.db.rows(_COUNTS, {"shows": batch}):
            _note(found[row["show_id"]], **{name: row[name] for name in row if name != "show_id"})
    return found


_HAD = select(RELEASES.c.id).where(RELEASES.c.entity_id == ENTITIES.c.id, RELEASES.c.downloaded.is_(True)).exists()
_PLACE = (ENTITIES.c.show_id, ENTITIES.c.kind, ENTITIES.c.identified_by, ENTITIES.c.season)
_ENTITIES = (
    select(*_PLACE, ENTITIES.c.number, _HAD.label("had"))
    .where(ENTITIES.c.show_id.in_(bindparam("shows", expanding=True)))
    .subquery()
)
_GROUP = tuple(_ENTITIES.c[column.name] for column in _PLACE)
_COUNTS = select(
    *_GROUP,
    func.count().label("seen"),
    func.count(case((_ENTITIES.c.had, 1))).label("downloaded"),
    func.max(case((_ENTITIES.c.had, _ENTITIES.c.number))).label("newest"),
).group_by(*_GROUP)


def _note(
    past: Progress,
    *,
    kind: str,
    identified_by: str,
    season: int | None,
    seen: int,
    downloaded: int,
    newest: int | None,
) -> None:
    if kind == EPISODE and identified_by not in ("special", "id"):
        past.seen[identified_by] = past.seen.get(identified_by, 0) + seen
    if not downloaded or identified_by != "ep" or season is None:
        return
    if kind == SEASON:
        past.packs.add(season)
    else:
        past.downloaded[season] = past.downloaded.get(season, 0) + downloaded
        past.newest = max(past.newest or (0, 0), (season, newest or 0))


def begins(store: SeriesStore, begin_ids: Mapping[int, int]) -> dict[int, Begin]:
    """Where shows begin, by show; from their ids of the episodes they begin at."""
    entities = store.entities(begin_ids.values())
    return {
        show_id: Begin(entity.identified_by, entity.identifier, entity.season or 0, entity.number or 0)
        for show_id, begin_id in begin_ids.items()
        if (entity := entities.get(begin_id)) is not None
    }


def read_begin(value: str | int) -> Begin:
    """The begin that a configuration or a person names: ``S02E05``, ``S02``, ``2012-05-06``, ``12``.

    Raises ValueError for anything else.
    """
    text = str(value).strip().upper()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Begin("sequence", str(int(text)), 0, int(text))
    match = re.fullmatch(r"S(\d{1,4})(?:E(\d{1,4}))?", text, re.ASCII)
    if match:
        season, number = int(match[1]), int(match[2] or 1)
        return Begin("ep", f"S{season:02}E{number:02}", season, number)
    match = re.fullmatch(r"(\d{4})[-. ](\d{1,2})[-. ](\d{1,2})", text, re.ASCII)
    if match:
        with suppress(ValueError):  # no such day
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return Begin("date", day.isoformat(), day.year, 0)
    raise ValueError(f"{text[:40]!r} is no episode; write S02E05, S02, 2012-05-06 or 12")


def set_begins(store: SeriesStore, wanted: Mapping[int, Begin]) -> None:
    """From now on shows begin there, and are identified that way."""
    if not wanted:
        return
    keys = {show_id: (show_id, EPISODE, begin.identifier) for show_id, begin in wanted.items()}
    with store.db.transaction():
        known = store.find_entities(keys.values())
        store.db.insert(ENTITIES, [_row(key, wanted[show_id]) for show_id, key in keys.items() if key not in known])
        known |= store.find_entities(key for key in keys.values() if key not in known)
        rows = [
            {"of": show_id, "begin": known[key].id, "by": wanted[show_id].identified_by}
            for show_id, key in keys.items()
        ]
        store.db.execute(_SET_BEGIN, rows)


_SET_BEGIN = (
    update(SHOWS)
    .where(SHOWS.c.id == bindparam("of"))
    .values(begin_id=bindparam("begin"), identified_by=bindparam("by"))
)


def _row(key: tuple[int, str, str], begin: Begin) -> dict[str, Any]:
    show_id, kind, identifier = key
    return {
        "show_id": show_id,
        "kind": kind,
        "identifier": identifier,
        "identified_by": begin.identified_by,
        "season": begin.season,
        "number": begin.number,
    }


def identify(store: SeriesStore, by_show: Mapping[int, str]) -> None:
    """Note how shows are identified."""
    by_kind: dict[str, list[int]] = {}
    for show_id, kind in by_show.items():
        by_kind.setdefault(kind, []).append(show_id)
    with store.db.transaction():
        for kind, show_ids in by_kind.items():
            for batch in store.db.in_batches(show_ids):
                store.db.execute(update(SHOWS).where(SHOWS.c.id.in_(batch)).values(identified_by=kind))


def sync_alternate_names(store: SeriesStore, wanted: Mapping[int, tuple[str, ...]]) -> None:
    """Note the other names that the configuration gives to shows; raises ``SeriesError`` where two shows share one.

    What is the very name of a show stays that show's.
    """
    known = store.alternate_names(wanted)
    fresh = {
        show_id: [name for name in names if name not in known.get(show_id, [])] for show_id, names in wanted.items()
    }
    keys = {normalize_name(name) for names in fresh.values() for name in names}
    taken = {key for key, show in store.shows_by_name(keys).items() if show.normalized == key}
    for show_id, names in fresh.items():
        missing = [name for name in names if normalize_name(name) not in taken]
        if missing:
            every = [*known.get(show_id, []), *missing]
            store.set_alternate_names(show_id, [(name, normalize_name(name)) for name in every])
