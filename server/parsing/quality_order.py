"""Another order of qualities than the usual one, for the thread that runs a task (``reorder_quality``).

A quality keeps its usual ranks; what compares qualities asks here which ranks are in force. Other threads see nothing
of it::

    IN_FORCE.ranks = moved(usual, place=1, rank=15, other=19, above=True)
    ...
    IN_FORCE.ranks = None
"""

from __future__ import annotations

import threading

Ranks = tuple[tuple[int, ...], ...]
"""For each category: at the place of the usual rank the one in force; 0 (unknown) stays."""


class _InForce(threading.local):
    ranks: Ranks | None = None


IN_FORCE = _InForce()
"""``IN_FORCE.ranks``: None for the usual order."""


def moved(ranks: Ranks, *, place: int, rank: int, other: int, above: bool) -> Ranks:
    """The order in which one component of a category stands right above or below another; all by their usual ranks."""
    now = ranks[place]
    ladder = sorted((each for each in range(1, len(now)) if each != rank), key=now.__getitem__)
    ladder.insert(ladder.index(other) + above, rank)
    renewed = [0] * len(now)
    for number, each in enumerate(ladder, 1):
        renewed[each] = number
    return (*ranks[:place], tuple(renewed), *ranks[place + 1 :])
