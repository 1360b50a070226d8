"""Releases of episodes and seasons, and forgetting what there was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Float, Select, and_, bindparam, delete, func, select, update

from server.features.series._episodes import Episodes
from server.features.series._tables import ALTERNATE_NAMES, ENTITIES, IN_TASKS, RELEASES, SHOWS, Release, Sighting

KEPT_DAYS = 120
"""Days after which a release is dropped that nobody downloaded."""


class Releases(Episodes):
    """Look-ups and changes of releases, on top of those of shows and episodes."""

    _purged: datetime | None = None

    def remember(self, sightings: Sequence[Sighting]) -> dict[tuple[int, str, str, str], Release]:
        """Note releases that came by, new or known; returns them by (show id, kind, identifier, title)."""
        with self.db.transaction():
            rows = {
                (item.show_id, item.kind, item.identifier): {
                    "show_id": item.show_id,
                    "kind": item.kind,
                    "identifier": item.identifier,
                    "identified_by": item.identified_by,
                    "season": item.season,
                    "number": item.number,
                }
                for item in sightings
            }
            known = self.find_entities(rows)
            self.db.insert(ENTITIES, [row for key, row in rows.items() if key not in known])
            entities = known | self.find_entities(key for key in rows if key not in known)
            now = datetime.now(UTC)
            releases = self.releases_of(entity.id for entity in entities.values())
            titles = {(release.entity_id, release.title) for items in releases.values() for release in items}
            fresh: dict[tuple[int, str], dict[str, Any]] = {}
            for item in sightings:
                entity_id = entities[item.show_id, item.kind, item.identifier].id
                if (entity_id, item.title) not in titles:
                    fresh[entity_id, item.title] = {
                        "entity_id": entity_id,
                        "title": item.title,
                        "quality": item.quality,
                        "proper_count": item.proper_count,
                        "downloaded": False,
                        "first_seen": now,
                    }
            self.db.insert(RELEASES, list(fresh.values()))
            if fresh:
                releases = self.releases_of(entity.id for entity in entities.values())
        return {
            (entity.show_id, entity.kind, entity.identifier, release.title): release
            for entity in entities.values()
            for release in releases.get(entity.id, [])
        }

    def releases_of(self, entity_ids: Iterable[int], *, downloaded: bool | None = None) -> dict[int, list[Release]]:
        """Releases by entity, oldest first."""
        found: dict[int, list[Release]] = {}
        statement = _RELEASES_OF if downloaded is None else _RELEASES_OF.where(RELEASES.c.downloaded.is_(downloaded))
        for batch in self.db.in_batches(entity_ids):
            for row in self.db.rows(statement, {"entities": batch}):
                found.setdefault(row["entity_id"], []).append(Release(**row))
        return found

    def release(self, release_id: int) -> Release | None:
        """A release by its id."""
        row = self.db.row(_RELEASE_BY_ID, {"id": release_id})
        return Release(**row) if row else None

    def page_of_releases(
        self,
        entity_id: int,
        *,
        downloaded: bool | None = None,
        sort_by: str = "first_seen",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Release], int]:
        """Releases of an entity, and how many there are."""
        statement = select(RELEASES).where(RELEASES.c.entity_id == entity_id)
        if downloaded is not None:
            statement = statement.where(RELEASES.c.downloaded.is_(downloaded))
        column = RELEASES.c[sort_by]
        order = (column.desc(), RELEASES.c.id.desc()) if descending else (column.asc(), RELEASES.c.id.asc())
        rows, total = self.db.page(statement.order_by(*order), limit=limit, offset=offset)
        return [Release(**row) for row in rows], total

    def mark_downloaded(self, release_ids: Iterable[int], downloaded: bool = True) -> None:
        """Note that releases were downloaded (or are wanted again)."""
        with self.db.transaction():
            ids = list(release_ids)
            for batch in self.db.in_batches(ids):
                self.db.execute(update(RELEASES).where(RELEASES.c.id.in_(batch)).values(downloaded=downloaded))
            self._refresh(self._shows_of_releases(ids))

    def remove_releases(self, entity_id: int, release_ids: Iterable[int] | None, downloaded: bool | None) -> list[str]:
        """Forget releases of an entity (None: all); returns the titles of the downloaded ones among them."""
        with self.db.transaction():
            condition = RELEASES.c.entity_id == entity_id
            if release_ids is not None:
                condition = and_(condition, RELEASES.c.id.in_(list(release_ids)))
            if downloaded is not None:
                condition = and_(condition, RELEASES.c.downloaded.is_(downloaded))
            titles = self._downloaded_titles(condition)
            entity = self.entities([entity_id]).get(entity_id)
            self.db.execute(delete(RELEASES).where(condition))
            if entity is not None:
                self._refresh([entity.show_id])
        return titles

    def remove_entities(self, show_id: int, entity_ids: Iterable[int] | None, kind: str) -> list[str]:
        """Forget entities (None: all of that kind) of a show; returns the titles of their downloaded releases.

        After the last one others have to tell anew how the show is identified.
        """
        with self.db.transaction():
            condition = and_(ENTITIES.c.show_id == show_id, ENTITIES.c.kind == kind)
            if entity_ids is not None:
                condition = and_(condition, ENTITIES.c.id.in_(list(entity_ids)))
            titles = self._downloaded_titles(RELEASES.c.entity_id.in_(select(ENTITIES.c.id).where(condition)))
            self._delete_entities(condition)
            self.db.execute(update(SHOWS).where(SHOWS.c.id == show_id, ~_HAS_ENTITIES).values(identified_by=None))
            self._refresh([show_id])
        return titles

    def remove_show(self, show_id: int) -> list[str]:
        """Forget a show; returns the titles of its downloaded releases."""
        with self.db.transaction():
            titles = self._downloaded_titles(RELEASES.c.entity_id.in_(_entities_of(show_id)))
            self._delete_entities(ENTITIES.c.show_id == show_id)
            for table in (ALTERNATE_NAMES, IN_TASKS):
                self.db.execute(delete(table).where(table.c.show_id == show_id))
            self.db.execute(delete(SHOWS).where(SHOWS.c.id == show_id))
        return titles

    def purge(self) -> int:
        """Drop releases that nobody downloaded for :data:`KEPT_DAYS` days, then what has no releases left.

        Where shows begin stays. Returns how many rows went.
        """
        old = RELEASES.c.first_seen < datetime.now(UTC) - timedelta(days=KEPT_DAYS)
        gone = self.db.purge(RELEASES, and_(RELEASES.c.downloaded.is_(False), old))
        return gone + self.db.purge(ENTITIES, and_(~_HAS_RELEASES, ~_IS_BEGIN)) if gone else 0

    def purge_daily(self) -> None:
        """The same once a day: all releases that nobody downloaded are looked at."""
        now = datetime.now(UTC)
        if self._purged is None or now - self._purged >= timedelta(days=1):
            self._purged = now
            self.purge()

    def _delete_entities(self, condition: Any) -> None:
        ids = select(ENTITIES.c.id).where(condition)
        self.db.execute(update(SHOWS).where(SHOWS.c.begin_id.in_(ids)).values(begin_id=None))
        self.db.execute(delete(RELEASES).where(RELEASES.c.entity_id.in_(ids)))
        self.db.execute(delete(ENTITIES).where(condition))

    def _downloaded_titles(self, condition: Any) -> list[str]:
        rows = self.db.rows(select(RELEASES.c.title).where(condition, RELEASES.c.downloaded.is_(True)))
        return [row["title"] for row in rows]

    def _shows_of_releases(self, release_ids: Iterable[int]) -> set[int]:
        shows: set[int] = set()
        for batch in self.db.in_batches(release_ids):
            statement = select(ENTITIES.c.show_id).join(RELEASES).where(RELEASES.c.id.in_(batch)).distinct()
            shows |= {row["show_id"] for row in self.db.rows(statement)}
        return shows

    def _refresh(self, show_ids: Iterable[int]) -> None:
        """Keep ``last_download`` true."""
        for batch in self.db.in_batches(show_ids):
            newest = {
                row["show_id"]: row["newest"] for row in self.db.rows(_NEWEST.where(ENTITIES.c.show_id.in_(batch)))
            }
            self.db.execute(_SET_LATEST, [{"of": show_id, "moment": newest.get(show_id)} for show_id in batch])


_HAS_RELEASES = select(RELEASES.c.id).where(RELEASES.c.entity_id == ENTITIES.c.id).exists()
_IS_BEGIN = select(SHOWS.c.id).where(SHOWS.c.id == ENTITIES.c.show_id, SHOWS.c.begin_id == ENTITIES.c.id).exists()
_HAS_ENTITIES = select(ENTITIES.c.id).where(ENTITIES.c.show_id == SHOWS.c.id).exists()


def _entities_of(show_id: int) -> Select[Any]:
    return select(ENTITIES.c.id).where(ENTITIES.c.show_id == show_id)


_NEWEST = (
    select(ENTITIES.c.show_id, func.max(RELEASES.c.first_seen, type_=Float).label("newest"))
    .join(RELEASES, RELEASES.c.entity_id == ENTITIES.c.id)
    .where(RELEASES.c.downloaded.is_(True))
    .group_by(ENTITIES.c.show_id)
)
_SET_LATEST = update(SHOWS).where(SHOWS.c.id == bindparam("of")).values(last_download=bindparam("moment"))
_RELEASES_OF = (
    select(RELEASES).where(RELEASES.c.entity_id.in_(bindparam("entities", expanding=True))).order_by(RELEASES.c.id)
)
_RELEASE_BY_ID = select(RELEASES).where(RELEASES.c.id == bindparam("id"))
