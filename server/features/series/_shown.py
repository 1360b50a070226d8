"""Shows, episodes, seasons and releases as the API tells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from server.features.series.store import EPISODE, Entity, Release, SeriesStore, Show
from server.web.shapes import BOOLEAN, DATE_OR_NULL, INTEGER, INTEGER_OR_NULL, TEXT, Shape, array, obj

IDENTIFIED_BY = {"enum": ["ep", "date", "sequence", "id", "special"]}
IDENTIFIER = {"type": "string", "description": "S01E02, S01, 2026-11-28, or the digits of a number in a sequence"}

SEASON_FIELDS = {
    "id": INTEGER,
    "identifier": IDENTIFIER,
    "identified_by": IDENTIFIED_BY,
    "season": INTEGER_OR_NULL,
    "number_of_releases": INTEGER,
    "first_seen": DATE_OR_NULL,
    "series_id": INTEGER,
}
EPISODE_FIELDS = {
    **SEASON_FIELDS,
    "number": INTEGER_OR_NULL,
    "premiere": {"type": ["string", "boolean"], "enum": ["Series Premiere", "Season Premiere", False]},
}
RELEASE_FIELDS = {
    "id": INTEGER,
    "title": TEXT,
    "downloaded": BOOLEAN,
    "quality": TEXT,
    "proper_count": INTEGER,
    "first_seen": DATE_OR_NULL,
}

SEASON = Shape("season", obj(SEASON_FIELDS))
EPISODE_SHAPE = Shape("episode", obj(EPISODE_FIELDS))
SEASON_RELEASE = Shape("season_release", obj({**RELEASE_FIELDS, "season_id": INTEGER}))
EPISODE_RELEASE = Shape("episode_release", obj({**RELEASE_FIELDS, "episode_id": INTEGER}))
LATEST = {
    "description": "the furthest episode or season that something was downloaded of",
    "anyOf": [
        obj({**EPISODE_FIELDS, "latest_release": EPISODE_RELEASE}),
        obj({**SEASON_FIELDS, "latest_release": SEASON_RELEASE}),
        {"type": "null"},
    ],
}
SHOW = Shape(
    "show",
    obj(
        {
            "id": INTEGER,
            "name": TEXT,
            "alternate_names": array(TEXT),
            "in_tasks": array(TEXT),
            "begin_episode": {"anyOf": [EPISODE_SHAPE, {"type": "null"}]},
            "latest_entity": LATEST,
            "lookup": {"type": "object", "description": "what the sites asked know of it, or the error of each"},
        },
        required=["id", "name", "alternate_names", "in_tasks"],
    ),
)

Counts = dict[int, tuple[int, datetime | None]]


def entity_as_json(entity: Entity, counts: Counts) -> dict[str, Any]:
    """An episode or season. ``counts``: releases and the first sighting by entity, see the store."""
    number, first_seen = counts.get(entity.id, (0, None))
    sequence = entity.identified_by == "sequence" and entity.number is not None
    counted = entity.identified_by in ("ep", "sequence")  # the store keeps a date's year as its season, for sorting
    shown = {
        "id": entity.id,
        "identifier": str(entity.number) if sequence else entity.identifier,
        "identified_by": entity.identified_by,
        "season": entity.season if counted else None,
        "number_of_releases": number,
        "first_seen": first_seen,
        "series_id": entity.show_id,
    }
    if entity.kind == EPISODE:
        shown |= {"number": entity.number if counted else None, "premiere": counted and entity.premiere}
    return shown


def release_as_json(release: Release, kind: str) -> dict[str, Any]:
    """A release of an episode or of a season (``kind``)."""
    return {
        "id": release.id,
        "title": release.title,
        "downloaded": release.downloaded,
        "quality": release.quality,
        "proper_count": release.proper_count,
        "first_seen": release.first_seen,
        f"{kind}_id": release.entity_id,
    }


def shows_as_json(store: SeriesStore, shows: Sequence[Show], *, begin: bool, latest: bool) -> list[dict[str, Any]]:
    """Shows, however many, in a handful of queries."""
    ids = [show.id for show in shows]
    names, tasks = store.alternate_names(ids), store.tasks(ids)
    begins = store.entities(show.begin_id for show in shows if show.begin_id is not None) if begin else {}
    newest = store.latest(ids) if latest else {}
    counts = store.release_counts({*begins, *(entity.id for entity, _ in newest.values())})
    found = []
    for show in shows:
        facts: dict[str, Any] = {
            "id": show.id,
            "name": show.name,
            "alternate_names": names.get(show.id, []),
            "in_tasks": tasks.get(show.id, []),
        }
        if begin:
            first = begins.get(show.begin_id or 0)
            facts["begin_episode"] = entity_as_json(first, counts) if first else None
        if latest:
            facts["latest_entity"] = _latest(newest.get(show.id), counts)
        found.append(facts)
    return found


def _latest(found: tuple[Entity, Release] | None, counts: Counts) -> dict[str, Any] | None:
    if found is None:
        return None
    entity, release = found
    return {**entity_as_json(entity, counts), "latest_release": release_as_json(release, entity.kind)}


def entities_as_json(store: SeriesStore, entities: Iterable[Entity]) -> list[dict[str, Any]]:
    """Episodes or seasons in one query more."""
    found = list(entities)
    counts = store.release_counts(entity.id for entity in found)
    return [entity_as_json(entity, counts) for entity in found]
