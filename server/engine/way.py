"""The thread that runs tasks gives way to the one that answers requests.

Both are Python, so one of them runs at a time. The interpreter takes turns at every wait for a socket, and there the
thread that computes always wins: each request then waits for it several times. Long turns are better for both. While
requests come in, the task pauses for ``REST`` seconds in every ``WORK + REST``; while none do, it never pauses.

    WAY.wanted = True             # the server: a request is here
    if WAY.wanted:                # the task, at each entry it looks at
        WAY.give()
"""

from __future__ import annotations

import time
from threading import get_ident

WORK = 0.003
"""Seconds that a task works on at least before it pauses again."""
REST = 0.005
"""Seconds of a pause: some twenty small requests are answered in it."""


class Way:
    """``wanted`` is true from a request until the task has paused for it."""

    __slots__ = ("_giver", "_since", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self._giver: int | None = None
        self._since = 0.0

    def given_here(self) -> None:
        """This thread is the one that runs the tasks from now on."""
        self._giver = get_ident()

    def give(self) -> None:
        """Pause, if this thread runs the tasks and has not just done so."""
        if self._giver == get_ident() and time.monotonic() - self._since >= WORK:
            self.wanted = False
            time.sleep(REST)
            self._since = time.monotonic()


WAY = Way()
"""The one way of this process."""
