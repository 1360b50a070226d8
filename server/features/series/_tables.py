"""The tables of shows, episodes and releases, and their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

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
        """``Series Premiere``, ``Season Premiere`` or False; a pilot (``S01E00``) is one too."""
        if self.kind != EPISODE or self.number not in (0, 1):
            return False
        return "Series Premiere" if self.season == 1 else "Season Premiere"


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
