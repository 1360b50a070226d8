"""Episodes and seasons, where shows begin, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from server.features.series._shows import Shows
from server.features.series._tables import ENTITIES, RELEASES, SHOWS, Entity, Release, SeriesError


class Episodes(Shows):
    """Look-ups and changes of episodes and seasons, on top of those of shows."""

    def entity(self, entity_id: int, kind: str) -> Entity | None:
        """An episode or season by its id."""
        row = self.db.row(_ENTITY_BY_ID, {"id": entity_id, "kind": kind})
        return Entity(**row) if row else None

    def entities(self, entity_ids: Iterable[int]) -> dict[int, Entity]:
        """Entities by id."""
        found = {}
        for batch in self.db.in_batches(entity_ids):
            for row in self.db.rows(_ENTITIES_BY_ID, {"ids": batch}):
                found[row["id"]] = Entity(**row)
        return found

    def entities_of(self, show_ids: Iterable[int]) -> dict[int, list[Entity]]:
        """All episodes and seasons by show."""
        found: dict[int, list[Entity]] = {}
        for batch in self.db.in_batches(show_ids):
            for row in self.db.rows(_ENTITIES_OF, {"shows": batch}):
                found.setdefault(row["show_id"], []).append(Entity(**row))
        return found

    def find_entities(self, keys: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str, str], Entity]:
        """Entities by (show id, kind, identifier)."""
        wanted = set(keys)
        found: dict[tuple[int, str, str], Entity] = {}
        by_identifier = {identifier for _, _, identifier in wanted}
        shows = sorted({show_id for show_id, _, _ in wanted})
        for batch in self.db.in_batches(shows, 250):
            for names in self.db.in_batches(sorted(by_identifier), 250):
                for row in self.db.rows(_ENTITIES_NAMED, {"shows": batch, "names": names}):
                    key = (row["show_id"], row["kind"], row["identifier"])
                    if key in wanted:
                        found[key] = Entity(**row)
        return found

    def add_entity(
        self, show_id: int, kind: str, identifier: str, identified_by: str, season: int | None, number: int | None
    ) -> Entity:
        """Make sure that an entity exists."""
        key = (show_id, kind, identifier)
        row = {
            "show_id": show_id,
            "kind": kind,
            "identifier": identifier,
            "identified_by": identified_by,
            "season": season,
            "number": number,
        }
        with self.db.transaction():
            found = self.find_entities([key])
            if key not in found:
                self.db.insert(ENTITIES, [row])
                found = self.find_entities([key])
        return found[key]

    def page_of_entities(
        self, show_id: int, kind: str, *, descending: bool, limit: int, offset: int
    ) -> tuple[list[Entity], int]:
        """Episodes (or seasons) of a show by season and number, and how many there are."""
        columns = (ENTITIES.c.season, ENTITIES.c.number, ENTITIES.c.identifier)
        order = [column.desc() if descending else column.asc() for column in columns]
        statement = select(ENTITIES).where(ENTITIES.c.show_id == show_id, ENTITIES.c.kind == kind).order_by(*order)
        rows, total = self.db.page(statement, limit=limit, offset=offset)
        return [Entity(**row) for row in rows], total

    def set_begin(self, show_id: int, entity: Entity | None) -> None:
        """Where a show begins; raises :class:`SeriesError` when the show is identified another way."""
        show = self.show(show_id)
        if show is None:
            raise SeriesError("there is no such show")
        if entity is not None and show.identified_by and show.identified_by not in (entity.identified_by, "auto"):
            raise SeriesError(
                f"{show.name} is identified by {show.identified_by}, so it cannot begin at {entity.identifier}, "
                f"which is of the kind {entity.identified_by}"
            )
        values: dict[str, Any] = {"begin_id": entity.id if entity else None}
        if entity is not None and not show.identified_by:
            values["identified_by"] = entity.identified_by
        self.db.execute(update(SHOWS).where(SHOWS.c.id == show_id).values(**values))

    def latest(self, show_ids: Iterable[int]) -> dict[int, tuple[Entity, Release]]:
        """By show: the furthest entity that something was downloaded of, with its newest downloaded release."""
        found: dict[int, tuple[Entity, Release]] = {}
        for batch in self.db.in_batches(show_ids):
            for row in self.db.rows(_LATEST, {"shows": batch}):
                row.pop("place")
                release = Release(**{name[2:]: row.pop(name) for name in list(row) if name.startswith("r_")})
                entity = Entity(**row)
                found[entity.show_id] = (entity, release)
        return found

    def release_counts(self, entity_ids: Iterable[int]) -> dict[int, tuple[int, datetime | None]]:
        """By entity: number of releases, and when the first was seen."""
        found: dict[int, tuple[int, datetime | None]] = {}
        for batch in self.db.in_batches(entity_ids):
            rows = self.db.rows(
                select(
                    RELEASES.c.entity_id, func.count().label("number"), func.min(RELEASES.c.first_seen).label("first")
                )
                .where(RELEASES.c.entity_id.in_(batch))
                .group_by(RELEASES.c.entity_id)
            )
            for row in rows:
                found[row["entity_id"]] = (row["number"], row["first"])
        return found


_ENTITIES_BY_ID = select(ENTITIES).where(ENTITIES.c.id.in_(bindparam("ids", expanding=True)))
_ENTITIES_OF = select(ENTITIES).where(ENTITIES.c.show_id.in_(bindparam("shows", expanding=True)))
_ENTITIES_NAMED = _ENTITIES_OF.where(ENTITIES.c.identifier.in_(bindparam("names", expanding=True)))
_ENTITY_BY_ID = select(ENTITIES).where(ENTITIES.c.id == bindparam("id"), ENTITIES.c.kind == bindparam("kind"))
_DOWNLOADS = (
    select(
        ENTITIES,
        *(column.label(f"r_{column.name}") for column in RELEASES.c),
        func.row_number()
        .over(
            partition_by=ENTITIES.c.show_id,
            order_by=(
                func.coalesce(ENTITIES.c.season, 0).desc(),
                func.coalesce(ENTITIES.c.number, 0).desc(),
                ENTITIES.c.identifier.desc(),
                RELEASES.c.first_seen.desc(),
                RELEASES.c.id.desc(),
            ),
        )
        .label("place"),
    )
    .join(RELEASES, RELEASES.c.entity_id == ENTITIES.c.id)
    .where(ENTITIES.c.show_id.in_(bindparam("shows", expanding=True)), RELEASES.c.downloaded.is_(True))
    .subquery()
)
_LATEST = select(_DOWNLOADS).where(_DOWNLOADS.c.place == 1)
