"""Keeps a run's many objects from stopping all other threads."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from server.engine.way import WAY

if TYPE_CHECKING:
    from server.engine.entry import Entry

NEVER = 1_000_000
MIDDLE = 3
"""Collections of the youngest objects before the older ones are looked at too; after Python's 10 that takes 10 ms."""

PIECE = 256
"""Entries that are let go of at once: about a millisecond."""


@contextmanager
def no_full_collection() -> Iterator[None]:
    """No full garbage collections inside.

    A full collection looks at every object, hundreds of milliseconds with tens of thousands of entries, and no other
    thread runs meanwhile. Young objects are still collected.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, MIDDLE, NEVER)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)


def let_go(entries: list[Entry]) -> None:
    """Empty a list of entries piece by piece, so that freeing them is no long standstill either."""
    while entries:
        if WAY.wanted:
            WAY.give()
        for entry in entries[-PIECE:]:
            entry.task = None
        del entries[-PIECE:]
