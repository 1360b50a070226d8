"""What can go wrong with the database, told so that its owner can act."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError


class StorageError(Exception):
    """The database cannot be used; the message says which file and what to do."""


class StoreRevoked(StorageError):
    """This handle belonged to a run that was given up; it must not write any more."""


_REASONS = {
    "SQLITE_BUSY": "is kept locked by another program ({}): end that program, or try again",
    "SQLITE_FULL": "cannot grow ({}): make room on its disk, then try again",
    "SQLITE_IOERR": "cannot be read or written ({}): look after its disk, then try again",
    "SQLITE_READONLY": "cannot be written ({}): let this program's user write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened ({}): let this program's user write the file and its folder",
    "SQLITE_CORRUPT": "is damaged ({}): run `flexget doctor`, and restore a backup",
    "SQLITE_NOTADB": "is damaged ({}): run `flexget doctor`, and restore a backup",
}
"""By SQLite's result codes (https://www.sqlite.org/rescode.html), of which the longer ones begin like these."""


def outside_reason(error: DBAPIError) -> str | None:
    """Why the database cannot be used, where that is the world's fault; None where the question itself was wrong."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        return next((text.format(cause) for code, text in _REASONS.items() if name.startswith(code)), None)
    # PostgreSQL: the connection was lost, the server ends, its disk is full, a lock took too long
    return f"cannot be used ({str(cause).strip()}): try again" if isinstance(error, OperationalError) else None
