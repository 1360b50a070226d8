"""How far ``tail`` has read its files.

positions = db.store(TailStore)
positions.get("irc", "/var/log/irc.log"); positions.keep("irc", "/var/log/irc.log", Position(4096, {"title": "Half"}))
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import BigInteger, Column, String, Table, bindparam, select

from server.storage.database import Database
from server.storage.schema import METADATA, Json, Schema

POSITIONS = Table(
    "tail_positions",
    METADATA,
    Column("task", String, primary_key=True),
    Column("file", String, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("found", Json, nullable=False),
)

SCHEMA = Schema("tail", version=1, tables=(POSITIONS,))

_ONE = select(POSITIONS.c.bytes, POSITIONS.c.found).where(
    POSITIONS.c.task == bindparam("task"), POSITIONS.c.file == bindparam("file")
)


@dataclass
class Position:
    """Bytes that were read, and what was found of an entry whose other lines were not there yet."""

    bytes: int = 0
    found: dict[str, str] = field(default_factory=dict)


class TailStore:
    """One position for each file of a task."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, task: str, file: str) -> Position:
        """How far the file was read; its beginning where it never was."""
        row = self._db.row(_ONE, {"task": task, "file": file})
        return Position(row["bytes"], row["found"]) if row else Position()

    def keep(self, task: str, file: str, position: Position) -> None:
        """Remember how far it was read."""
        row = {"task": task, "file": file, "bytes": position.bytes, "found": position.found}
        with self._db.transaction():
            self._db.put(POSITIONS, [row], key=("task", "file"))
