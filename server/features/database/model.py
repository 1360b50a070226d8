"""What can be done with the database as a whole: clean, shrink, empty, copy, check.

The parts of it are known by the features: each has a ``store.py`` with a ``SCHEMA`` and a store class.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from server import features
from server.storage.database import Database
from server.storage.schema import Schema

KEPT = frozenset({"users"})
"""What emptying the whole database leaves alone: without it nobody could sign in any more."""


class UnknownPart(LookupError):
    """Nothing of that name keeps anything in the database; the message lists the names that do."""


def stores() -> Iterator[tuple[Schema, type[Any]]]:
    """Every schema with its store class. Imports all of them."""
    for folder in pkgutil.iter_modules(features.__path__, f"{features.__name__}."):
        if importlib.util.find_spec(f"{folder.name}.store") is None:
            continue
        module = importlib.import_module(f"{folder.name}.store")
        for value in vars(module).values():
            own = isinstance(value, type) and value.__module__ == module.__name__
            if own and isinstance(getattr(value, "schema", None), Schema):
                yield value.schema, value


def parts() -> list[str]:
    """Names for :func:`reset_part`."""
    return sorted({schema.name for schema, _ in stores()})


def reset(db: Database) -> None:
    """Empty everything but the accounts of the web server."""
    for schema, cls in stores():
        if schema.name not in KEPT:
            _empty(db, schema, cls)


def reset_part(db: Database, name: str) -> None:
    """Empty what one feature remembers; raises :class:`UnknownPart`."""
    found = [(schema, cls) for schema, cls in stores() if schema.name == name]
    if not found:
        raise UnknownPart(f"nothing named `{name}` keeps anything in the database; there are: {', '.join(parts())}")
    for schema, cls in found:
        _empty(db, schema, cls)


def _empty(db: Database, schema: Schema, cls: type[Any]) -> None:
    db.store(cls)
    db.reset(schema)


def cleanup(db: Database) -> dict[str, int]:
    """Drop what is older than it is worth keeping; returns how many rows went, by name."""
    gone = {}
    for schema, cls in stores():
        store = db.store(cls)
        if hasattr(store, "purge"):
            gone[schema.name] = int(store.purge() or 0)
    return gone


def back_up(db: Database, target: Path | None = None) -> Path:
    """A copy of the database as of now; by default beside it, with the time in its name."""
    if target is None:
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        target = (db.path or Path("db.sqlite")).with_suffix(f".{stamp}.bak")
    return db.backup(target)
