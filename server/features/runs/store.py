"""Every run with its entries and what happened to them: the answer to "why did it (not) download?".

A run is one row; its entries are one compressed blob of JSON lines, so that keeping them costs little and deleting them
nothing. Rows and blobs go after ``KEPT_DAYS`` or when all blobs together exceed ``KEPT_BYTES``, oldest first.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    select,
)

from server.storage.database import Database
from server.storage.schema import METADATA, Blob, Json, Schema, UtcDateTime

KEPT_DAYS = 30
KEPT_BYTES = 256 * 1024 * 1024

RUNS = Table(
    "runs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("task", String, nullable=False),
    Column("started", UtcDateTime, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("produced", Integer, nullable=False),
    Column("accepted", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("undecided", Integer, nullable=False),
    Column("aborted", Boolean, nullable=False),
    Column("silent", Boolean, nullable=False, server_default=false()),  # aborted, and nothing is wrong
    Column("reason", String),
    Column("options", Json, nullable=False),
    Index("ix_runs_task_started", "task", "started"),
)

BLOBS = Table(
    "run_entries",
    METADATA,
    Column("run_id", Integer, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("entries", Blob, nullable=False),
)


def _tell_silent_runs(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN silent BOOLEAN NOT NULL DEFAULT FALSE")


SCHEMA = Schema("runs", version=2, tables=(RUNS, BLOBS), migrations={2: _tell_silent_runs})


@dataclass(frozen=True, slots=True)
class Run:
    """One execution. ``seconds`` it took; ``passes``: 1, and one more for each rerun.

    ``silent``: aborted as it should be (by ``interval``, say).
    """

    id: int
    task: str
    started: datetime
    seconds: float
    passes: int
    produced: int
    accepted: int
    rejected: int
    failed: int
    undecided: int
    aborted: bool
    silent: bool
    reason: str | None
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a run: all that is given must fit. ``reason`` and ``text`` are looked for in any case.

    ``title``: words in lower case that the title must hold.
    """

    state: str | None = None
    plugin: str | None = None
    reason: str | None = None
    text: str | None = None
    title: tuple[str, ...] = ()

    def fits(self, entry: dict[str, Any]) -> bool:
        """Whether a kept entry is wanted."""
        if self.state is not None and entry["state"] != self.state:
            return False
        if self.plugin is not None and entry["plugin"] != self.plugin:
            return False
        if self.reason is not None and self.reason.lower() not in (entry["reason"] or "").lower():
            return False
        if self.title and not all(word in entry["title"].lower() for word in self.title):
            return False
        if self.text is None:
            return True
        told = "\n".join(entry[name] or "" for name in ("title", "url", "plugin", "reason"))
        return self.text.lower() in told.lower()

    def mark(self) -> Callable[[bytes], bool]:
        """A quick look at the JSON of an entry: most of those that do not fit need not be read."""
        if self.state is not None:
            state = b'"state":"%s"' % self.state.encode()
            return lambda line: state in line
        # what JSON writes in another way, or has other small letters, is found by reading only
        words = [word.encode() for word in self.title if word.isascii() and word.isalnum()]

        def may_fit(line: bytes) -> bool:
            low = line.lower()
            return all(word in low for word in words)

        return may_fit


class RunStore:
    """Runs, newest first."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, run: dict[str, Any], entries: bytes) -> int:
        """Keep a run and its entries (as :class:`EntryWriter` packs them); returns its id."""
        with self.db.transaction():
            run_id = self.db.insert_one(RUNS, run)
            self.db.insert(BLOBS, [{"run_id": run_id, "size": len(entries), "entries": entries}])
        return run_id

    def get(self, run_id: int) -> Run | None:
        """A run by its id."""
        row = self.db.row(_BY_ID, {"id": run_id})
        return Run(**row) if row else None

    def page(
        self, *, task: str | None = None, aborted: bool | None = None, limit: int = 50, offset: int = 0
    ) -> tuple[list[Run], int]:
        """Runs, newest first, and how many there are."""
        statement = select(RUNS)
        if task is not None:
            statement = statement.where(RUNS.c.task == task)
        if aborted is not None:
            statement = statement.where(RUNS.c.aborted.is_(aborted))
        rows, total = self.db.page(
            statement.order_by(RUNS.c.started.desc(), RUNS.c.id.desc()), limit=limit, offset=offset
        )
        return [Run(**row) for row in rows], total

    def latest(self, number: int) -> dict[str, list[Run]]:
        """The latest runs of every task, newest first: one query for all strips of a dashboard."""
        found: dict[str, list[Run]] = {}
        for row in self.db.rows(_LATEST, {"number": number}):
            found.setdefault(row["task"], []).append(Run(**row))
        return found

    def totals(self, since: datetime) -> dict[str, int]:
        """Sums over the runs that began since then: ``runs, aborted, produced, accepted, rejected, failed``."""
        row = self.db.row(_TOTALS, {"since": since}) or {}
        return {name: int(value or 0) for name, value in row.items()}

    def entries(self, run_id: int) -> Iterator[dict[str, Any]]:
        """The entries of a run in their order; nothing when they are not kept any more."""
        row = self.db.row(_BLOB, {"id": run_id})
        return unpack(row["entries"]) if row else iter(())

    def entry_page(
        self, run_id: int, wanted: Wanted, *, limit: int, offset: int
    ) -> tuple[list[tuple[int, dict[str, Any]]], int]:
        """Entries of a run with their numbers (from 1), and how many fit. Without a wish only the page is read."""
        row = self.db.row(_BLOB, {"id": run_id})
        if row is None:
            return [], 0
        everything = wanted == Wanted()
        mark = wanted.mark()
        found: list[tuple[int, dict[str, Any]]] = []
        total = 0
        for number, line in enumerate(_lines(row["entries"]), 1):
            if everything:
                if offset <= total < offset + limit:
                    found.append((number, orjson.loads(line)))
                total += 1
            elif mark(line) and wanted.fits(entry := orjson.loads(line)):
                if offset <= total < offset + limit:
                    found.append((number, entry))
                total += 1
        return found, total

    def purge(self, *, now: datetime | None = None, days: int = KEPT_DAYS, size: int = KEPT_BYTES) -> int:
        """Delete what is too old, and the oldest entries beyond the size; returns the number of runs deleted."""
        old = RUNS.c.started < (now or datetime.now(UTC)) - timedelta(days=days)
        self.db.purge(BLOBS, BLOBS.c.run_id.in_(select(RUNS.c.id).where(old)))
        gone = self.db.purge(RUNS, old)
        total = func.sum(BLOBS.c.size).over(order_by=BLOBS.c.run_id.desc())
        sums = select(BLOBS.c.run_id, total.label("total")).subquery()
        for batch in self.db.in_batches(row["run_id"] for row in self.db.rows(select(sums).where(sums.c.total > size))):
            self.db.execute(delete(BLOBS).where(BLOBS.c.run_id.in_(batch)))
        return gone


class EntryWriter:
    """Packs entries one by one: JSON lines, compressed as they come, so that no step takes long."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(1)
        self._parts: list[bytes] = []

    def add(self, line: bytes) -> None:
        """One entry as JSON."""
        self._parts.append(self._compressor.compress(line + b"\n"))

    def finish(self) -> bytes:
        """All of them."""
        self._parts.append(self._compressor.flush())
        return b"".join(self._parts)


PIECE = 256 * 1024
"""Bytes of a blob that are taken at a time."""


def unpack(blob: bytes, size: int = PIECE) -> Iterator[dict[str, Any]]:
    """The entries of a blob, read piece by piece."""
    return (orjson.loads(line) for line in _lines(blob, size))


def _lines(blob: bytes, size: int = PIECE) -> Iterator[bytes]:
    decompressor = zlib.decompressobj()
    rest = b""
    for start in range(0, len(blob), size):
        *lines, rest = (rest + decompressor.decompress(blob[start : start + size])).split(b"\n")
        yield from lines
    yield from filter(None, (rest + decompressor.flush()).split(b"\n"))


_BY_ID = select(RUNS).where(RUNS.c.id == bindparam("id"))
_BLOB = select(BLOBS.c.entries).where(BLOBS.c.run_id == bindparam("id"))
_TOTALS = select(
    func.count().label("runs"),
    func.sum(case((and_(RUNS.c.aborted, RUNS.c.silent.is_(False)), 1), else_=0)).label("aborted"),
    *(func.sum(RUNS.c[name]).label(name) for name in ("produced", "accepted", "rejected", "failed")),
).where(RUNS.c.started >= bindparam("since"))


def _latest() -> Select[Any]:
    """The runs of each task by steps through the index of tasks and times: what is kept besides costs nothing."""
    tasks = select(func.min(RUNS.c.task).label("task")).cte("tasks", recursive=True)
    following = select(func.min(RUNS.c.task)).where(RUNS.c.task > tasks.c.task).scalar_subquery()
    tasks = tasks.union_all(select(following).where(tasks.c.task.is_not(None)))
    one = RUNS.alias("one")
    newest = select(one.c.id).where(one.c.task == tasks.c.task).order_by(one.c.started.desc(), one.c.id.desc())
    wanted = newest.limit(bindparam("number")).correlate(tasks)
    joined = tasks.join(RUNS, RUNS.c.id.in_(wanted))
    return select(RUNS).select_from(joined).order_by(RUNS.c.task, RUNS.c.started.desc(), RUNS.c.id.desc())


_LATEST = _latest()
