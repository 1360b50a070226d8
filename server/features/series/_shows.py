"""Shows, their names and the tasks that name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, delete, or_, select

from server.features.series._tables import ALTERNATE_NAMES, ENTITIES, IN_TASKS, RELEASES, SHOWS, SeriesError, Show
from server.storage.database import Database


class Shows:
    """Look-ups and changes of shows."""

    def __init__(self, db: Database) -> None:
        self.db = db

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
        """Drop the marks of tasks that are not in the config any more; nothing is written where there are none."""
        known = {row["task"] for row in self.db.rows(_TASKS)}
        for batch in self.db.in_batches(known.difference(tasks)):
            self.db.execute(delete(IN_TASKS).where(IN_TASKS.c.task.in_(batch)))


def _downloaded_shows() -> Select[Any]:
    return select(ENTITIES.c.show_id).join(RELEASES).where(RELEASES.c.downloaded.is_(True))


def _beyond_premiere() -> Select[Any]:
    """Shows of which more than the first two episodes of a first season were downloaded."""
    beyond = case((and_(ENTITIES.c.season <= 1, ENTITIES.c.number <= 2), False), else_=True)
    return _downloaded_shows().where(beyond)


_SHOWS_BY_NAME = select(SHOWS).where(SHOWS.c.normalized.in_(bindparam("names", expanding=True)))
_SHOWS_BY_ALTERNATE = (
    select(SHOWS, ALTERNATE_NAMES.c.normalized.label("alternate"))
    .join(ALTERNATE_NAMES, ALTERNATE_NAMES.c.show_id == SHOWS.c.id)
    .where(ALTERNATE_NAMES.c.normalized.in_(bindparam("names", expanding=True)))
)
_ALTERNATES_OF = (
    select(ALTERNATE_NAMES)
    .where(ALTERNATE_NAMES.c.show_id.in_(bindparam("shows", expanding=True)))
    .order_by(ALTERNATE_NAMES.c.id)
)
_TASKS_OF = select(IN_TASKS).where(IN_TASKS.c.show_id.in_(bindparam("shows", expanding=True))).order_by(IN_TASKS.c.id)
_TASKS = select(IN_TASKS.c.task).distinct()
_SHOW_BY_ID = select(SHOWS).where(SHOWS.c.id == bindparam("id"))
_SHOWS_OF_TASK = select(IN_TASKS.c.show_id).where(IN_TASKS.c.task == bindparam("task"))
