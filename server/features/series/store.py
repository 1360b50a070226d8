"""Shows, seasons, episodes and their releases: what the series plugins know and the API shows.

An *entity* is an episode or a season (a season pack). Its releases are the titles that were seen for it, downloaded or
not. A show may *begin* at an episode: what lies before it is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

SHOWS = Table(
    "series_shows",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False),
    Column("normalized", String, nullable=False, unique=True),
    Column("identified_by", String),  # ep, date, sequence, id; None while it is not known
    Column("begin_id", Integer),  # the episode it begins at
    Column("last_download", Float, index=True),  # epoch seconds of the newest downloaded release
    Index("ix_series_shows_name", "name"),
)

ALTERNATE_NAMES = Table(
    "series_alternate_names",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("show_id", ForeignKey("series_shows.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("normalized", String, nullable=False, unique=True),
)

IN_TASKS = Table(
    "series_tasks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("show_id", ForeignKey("series_shows.id", ondelete="CASCADE"), nullable=False),
    Column("task", String, nullable=False, index=True),
    UniqueConstraint("show_id", "task"),
)

ENTITIES = Table(
    "series_entities",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("show_id", ForeignKey("series_shows.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String, nullable=False),  # episode, season
    Column("identifier", String, nullable=False),
    Column("identified_by", String, nullable=False),
    Column("season", Integer),
    Column("number", Integer),
    UniqueConstraint("show_id", "kind", "identifier"),
    Index("ix_series_entities_order", "show_id", "kind", "season", "number", "identifier"),
)

RELEASES = Table(
    "series_releases",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("entity_id", ForeignKey("series_entities.id", ondelete="CASCADE"), nullable=False),
    Column("title", String, nullable=False),
    Column("quality", String, nullable=False),
    Column("proper_count", Integer, nullable=False, default=0),
    Column("downloaded", Boolean, nullable=False, default=False),
    Column("first_seen", UtcDateTime, nullable=False),
    UniqueConstraint("entity_id", "title"),
    Index("ix_series_releases_downloaded", "downloaded", "entity_id"),
    Index("ix_series_releases_title", "title"),
)

SCHEMA = Schema("series", version=1, tables=(SHOWS, ALTERNATE_NAMES, IN_TASKS, ENTITIES, RELEASES))

EPISODE, SEASON = "episode", "season"


class SeriesError(ValueError):
    """What was asked does not fit the show; the message says why."""


@dataclass(frozen=True, slots=True)
class Show:
    """A show. ``begin_id``: the episode it begins at; ``last_download``: epoch seconds."""

    id: int
    name: str
    normalized: str
    identified_by: str | None
    begin_id: int | None
    last_download: float | None


@dataclass(frozen=True, slots=True)
class Entity:
    """An episode or season of a show."""

    id: int
    show_id: int
    kind: str
    identifier: str
    identified_by: str
    season: int | None
    number: int | None

    @property
    def order(self) -> tuple[int, int, str]:
        """What sorts entities of one show: season, number, identifier (for dates)."""
        return (self.season or 0, self.number if self.number is not None else 0, self.identifier)

    @property
    def premiere(self) -> str | bool:
        """``Series Premiere``, ``Season Premiere`` or False."""
        if self.kind != EPISODE or self.number != 1:
            return False
        return "Series Premiere" if self.season in (0, 1) else "Season Premiere"


@dataclass(frozen=True, slots=True)
class Release:
    """One title that was seen for an entity."""

    id: int
    entity_id: int
    title: str
    quality: str
    proper_count: int
    downloaded: bool
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """A release that came by, with the entities it is for; what :meth:`SeriesStore.remember` takes."""

    show_id: int
    kind: str
    identifier: str
    identified_by: str
    season: int | None
    number: int | None
    title: str
    quality: str
    proper_count: int


class SeriesStore:
    """Look-ups and changes come in batches: a task asks once for all of its entries."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    # -- shows --------------------------------------------------------------------------------------------------------

    def show(self, show_id: int) -> Show | None:
        """A show by its id."""
        row = self.db.row(_SHOW_BY_ID, {"id": show_id})
        return Show(**row) if row else None

    def shows_by_name(self, names: Iterable[str]) -> dict[str, Show]:
        """Shows by normalized name or alternate name; only those that are there."""
        found: dict[str, Show] = {}
        for batch in self.db.in_batches(names):
            for row in self.db.rows(_SHOWS_BY_NAME, {"names": batch}):
                found[row["normalized"]] = Show(**row)
            for row in self.db.rows(_SHOWS_BY_ALTERNATE, {"names": batch}):
                found.setdefault(row.pop("alternate"), Show(**row))
        return found

    def add_shows(self, names: Iterable[tuple[str, str]]) -> dict[str, Show]:
        """Make sure that shows exist: pairs of name and normalized name. Returns them by normalized name."""
        wanted = {normalized: name for name, normalized in names}
        found = self.shows_by_name(wanted)
        missing = [{"name": name, "normalized": key} for key, name in wanted.items() if key not in found]
        if missing:
            self.db.insert(SHOWS, missing)
            found |= self.shows_by_name([row["normalized"] for row in missing])
        return found

    def rename(self, show_id: int, name: str) -> None:
        """Another way to write the same name."""
        self.db.execute(update(SHOWS).where(SHOWS.c.id == show_id).values(name=name))

    def identify(self, show_id: int, identified_by: str) -> None:
        """From now on the show's releases are identified that way."""
        self.db.execute(update(SHOWS).where(SHOWS.c.id == show_id).values(identified_by=identified_by))

    def page(
        self,
        *,
        configured: bool | None = True,
        query: str | None = None,
        premieres: bool = False,
        sort_by: str = "show_name",
        descending: bool = True,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Show], int]:
        """Shows, and how many there are. ``configured``: in some task's config, in none, or either (None).

        ``query``: part of the normalized name. ``premieres``: only what nothing but a premiere was downloaded of.
        """
        statement = select(SHOWS)
        if configured is not None:
            exists = select(IN_TASKS.c.id).where(IN_TASKS.c.show_id == SHOWS.c.id).exists()
            statement = statement.where(exists if configured else ~exists)
        if query:
            statement = statement.where(SHOWS.c.normalized.contains(query, autoescape=True))
        if premieres:
            statement = statement.where(SHOWS.c.id.in_(_downloaded_shows()), SHOWS.c.id.not_in(_beyond_premiere()))
        column = SHOWS.c.last_download if sort_by == "last_download_date" else SHOWS.c.normalized
        order = (column.desc(), SHOWS.c.id.desc()) if descending else (column.asc(), SHOWS.c.id.asc())
        rows, total = self.db.page(statement.order_by(*order), limit=limit, offset=offset)
        return [Show(**row) for row in rows], total

    def search(self, text: str) -> list[Show]:
        """Shows whose normalized name or alternate name holds a text."""
        alternate = select(ALTERNATE_NAMES.c.show_id).where(
            ALTERNATE_NAMES.c.normalized.contains(text, autoescape=True)
        )
        fits = or_(SHOWS.c.normalized.contains(text, autoescape=True), SHOWS.c.id.in_(alternate))
        return [Show(**row) for row in self.db.rows(select(SHOWS).where(fits).order_by(SHOWS.c.normalized))]

    def remove_show(self, show_id: int) -> list[str]:
        """Forget a show; returns the titles of its downloaded releases."""
        with self.db.transaction():
            titles = self._downloaded_titles(RELEASES.c.entity_id.in_(_entities_of(show_id)))
            self._delete_entities(ENTITIES.c.show_id == show_id)
            for table in (ALTERNATE_NAMES, IN_TASKS):
                self.db.execute(delete(table).where(table.c.show_id == show_id))
            self.db.execute(delete(SHOWS).where(SHOWS.c.id == show_id))
        return titles

    # -- names and tasks of shows -------------------------------------------------------------------------------------

    def alternate_names(self, show_ids: Iterable[int]) -> dict[int, list[str]]:
        """Alternate names by show, in the order they were given."""
        found: dict[int, list[str]] = {}
        for batch in self.db.in_batches(show_ids):
            for row in self.db.rows(_ALTERNATES_OF, {"shows": batch}):
                found.setdefault(row["show_id"], []).append(row["name"])
        return found

    def set_alternate_names(self, show_id: int, names: Sequence[tuple[str, str]]) -> None:
        """Replace the alternate names: pairs of name and normalized name.

        Raises :class:`SeriesError` when one belongs to another show.
        """
        keys = [normalized for _, normalized in names]
        with self.db.transaction():
            for normalized, show in self.shows_by_name(keys).items():
                if show.id != show_id:
                    raise SeriesError(f"the name {normalized!r} belongs to the show {show.name!r} already")
            self.db.execute(delete(ALTERNATE_NAMES).where(ALTERNATE_NAMES.c.show_id == show_id))
            rows = {key: {"show_id": show_id, "name": name, "normalized": key} for name, key in names}
            self.db.insert(ALTERNATE_NAMES, list(rows.values()))

    def tasks(self, show_ids: Iterable[int]) -> dict[int, list[str]]:
        """Names of the tasks whose config names a show."""
        found: dict[int, list[str]] = {}
        for batch in self.db.in_batches(show_ids):
            for row in self.db.rows(_TASKS_OF, {"shows": batch}):
                found.setdefault(row["show_id"], []).append(row["task"])
        return found

    def set_task(self, task: str, show_ids: Iterable[int]) -> None:
        """The shows that a task's config names now; nothing is written when it is the same as before."""
        wanted = set(show_ids)
        known = {row["show_id"] for row in self.db.rows(_SHOWS_OF_TASK, {"task": task})}
        if wanted == known:
            return
        with self.db.transaction():
            for batch in self.db.in_batches(known - wanted):
                self.db.execute(delete(IN_TASKS).where(IN_TASKS.c.task == task, IN_TASKS.c.show_id.in_(batch)))
            self.db.insert(IN_TASKS, [{"show_id": show_id, "task": task} for show_id in sorted(wanted - known)])

    def forget_tasks_except(self, tasks: Iterable[str]) -> None:
        """Drop the marks of tasks that are not in the config any more."""
        self.db.execute(delete(IN_TASKS).where(IN_TASKS.c.task.not_in(list(tasks))))

    # -- entities -----------------------------------------------------------------------------------------------------

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

    def remove_entities(self, show_id: int, entity_ids: Iterable[int] | None, kind: str) -> list[str]:
        """Forget entities (None: all of that kind) of a show; returns the titles of their downloaded releases."""
        with self.db.transaction():
            condition = and_(ENTITIES.c.show_id == show_id, ENTITIES.c.kind == kind)
            if entity_ids is not None:
                condition = and_(condition, ENTITIES.c.id.in_(list(entity_ids)))
            titles = self._downloaded_titles(RELEASES.c.entity_id.in_(select(ENTITIES.c.id).where(condition)))
            self._delete_entities(condition)
            self._refresh([show_id])
        return titles

    def _delete_entities(self, condition: Any) -> None:
        ids = select(ENTITIES.c.id).where(condition)
        self.db.execute(update(SHOWS).where(SHOWS.c.begin_id.in_(ids)).values(begin_id=None))
        self.db.execute(delete(RELEASES).where(RELEASES.c.entity_id.in_(ids)))
        self.db.execute(delete(ENTITIES).where(condition))

    # -- begin and latest ---------------------------------------------------------------------------------------------

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

    # -- releases -----------------------------------------------------------------------------------------------------

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

    def titles_of(self, show_id: int, identifier: str | None = None) -> list[str]:
        """Titles of a show's downloaded releases, or of one entity's."""
        condition = ENTITIES.c.show_id == show_id
        if identifier is not None:
            condition = and_(condition, ENTITIES.c.identifier == identifier)
        return self._downloaded_titles(RELEASES.c.entity_id.in_(select(ENTITIES.c.id).where(condition)))

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


_NEWEST = (
    select(ENTITIES.c.show_id, func.max(RELEASES.c.first_seen, type_=Float).label("newest"))
    .join(RELEASES, RELEASES.c.entity_id == ENTITIES.c.id)
    .where(RELEASES.c.downloaded.is_(True))
    .group_by(ENTITIES.c.show_id)
)
_SET_LATEST = update(SHOWS).where(SHOWS.c.id == bindparam("of")).values(last_download=bindparam("moment"))
_SHOWS_BY_NAME = select(SHOWS).where(SHOWS.c.normalized.in_(bindparam("names", expanding=True)))
_SHOWS_BY_ALTERNATE = (
    select(SHOWS, ALTERNATE_NAMES.c.normalized.label("alternate"))
    .join(ALTERNATE_NAMES, ALTERNATE_NAMES.c.show_id == SHOWS.c.id)
    .where(ALTERNATE_NAMES.c.normalized.in_(bindparam("names", expanding=True)))
)
_OF_SHOWS = bindparam("shows", expanding=True)
_ALTERNATES_OF = (
    select(ALTERNATE_NAMES).where(ALTERNATE_NAMES.c.show_id.in_(_OF_SHOWS)).order_by(ALTERNATE_NAMES.c.id)
)
_TASKS_OF = select(IN_TASKS).where(IN_TASKS.c.show_id.in_(_OF_SHOWS)).order_by(IN_TASKS.c.id)
_ENTITIES_BY_ID = select(ENTITIES).where(ENTITIES.c.id.in_(bindparam("ids", expanding=True)))
_ENTITIES_OF = select(ENTITIES).where(ENTITIES.c.show_id.in_(_OF_SHOWS))
_ENTITIES_NAMED = _ENTITIES_OF.where(ENTITIES.c.identifier.in_(bindparam("names", expanding=True)))
_RELEASES_OF = (
    select(RELEASES)
    .where(RELEASES.c.entity_id.in_(bindparam("entities", expanding=True)))
    .order_by(RELEASES.c.id)
)
_SHOW_BY_ID = select(SHOWS).where(SHOWS.c.id == bindparam("id"))
_ENTITY_BY_ID = select(ENTITIES).where(ENTITIES.c.id == bindparam("id"), ENTITIES.c.kind == bindparam("kind"))
_RELEASE_BY_ID = select(RELEASES).where(RELEASES.c.id == bindparam("id"))
_SHOWS_OF_TASK = select(IN_TASKS.c.show_id).where(IN_TASKS.c.task == bindparam("task"))
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


def _entities_of(show_id: int) -> Select[Any]:
    return select(ENTITIES.c.id).where(ENTITIES.c.show_id == show_id)


def _downloaded_shows() -> Select[Any]:
    return select(ENTITIES.c.show_id).join(RELEASES).where(RELEASES.c.downloaded.is_(True))


def _beyond_premiere() -> Select[Any]:
    """Shows of which more than the first two episodes of a first season were downloaded."""
    beyond = case((and_(ENTITIES.c.season <= 1, ENTITIES.c.number <= 2), False), else_=True)
    return _downloaded_shows().where(beyond)
