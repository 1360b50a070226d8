"""The latest events, numbered, for streams that read them at their own pace.

One ring of events serves all readers: a reader is nothing but a number (what it has seen), so that a slow one costs no
memory. Who was away asks for what came after the number it saw last; what has left the ring by then is a gap, and the
reader is told its size.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from server.engine.events import Event, LogLine, TaskDump
from server.engine.log import LEVELS

if TYPE_CHECKING:
    from server.engine.events import EventBus
    from server.engine.log import Line, LogBuffer

KEPT = 20_000
"""Events in the ring."""

IDLE_SECONDS = 300.0
"""So long after the last reader left, events are kept for its return."""

LEVEL_OF = {name.upper(): number for name, number in LEVELS.items()}


class EventHub:
    """Keeps events while somebody reads them. ``kept``: how many. Made on the loop's thread."""

    def __init__(self, events: EventBus, log: LogBuffer | None, *, kept: int = KEPT) -> None:
        self.process = secrets.token_hex(4)
        """Part of every id: numbers of another process, or from before a pause, mean nothing here."""
        self._events = events
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._guard = threading.Lock()
        self._kept = kept
        self._ring: dict[int, Event] = {}
        self._newest = 0
        self._readers: set[asyncio.Event] = set()
        self._waking = False
        self._left = 0.0
        self._ends: list[Callable[[], None]] = []

    @property
    def readers(self) -> int:
        """How many read now."""
        return len(self._readers)

    @property
    def newest(self) -> int:
        """Number of the latest event; 0 before the first."""
        return self._newest

    # -- readers (the loop's thread) ----------------------------------------------------------------------------------

    def join(self) -> asyncio.Event:
        """A new reader; the event is set whenever something happened."""
        if not self._ends:
            self._ends.append(self._events.subscribe(self._keep))
            if self._log is not None:
                self._ends.append(self._log.subscribe(self._keep_line))
        wake = asyncio.Event()
        self._readers.add(wake)
        return wake

    def leave(self, wake: asyncio.Event) -> None:
        """A reader is gone."""
        self._readers.discard(wake)
        self._left = time.monotonic()

    def after(self, number: int, limit: int) -> tuple[int, list[Event]]:
        """(how many events after ``number`` are lost, the next ones up to ``limit``)."""
        with self._guard:
            start = max(number + 1, self._newest - len(self._ring) + 1)
            end = min(self._newest, start + limit - 1)
            found = [self._ring[each] for each in range(start, end + 1)]
        return start - number - 1, found

    def id_of(self, number: int) -> str:
        """The id of an event for the world outside."""
        return f"{self.process}-{number}"

    def number_of(self, event_id: str) -> int | None:
        """The number of an id; None where it is none of this process's."""
        process, _, digits = event_id.partition("-")
        if process != self.process or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
            return None
        return int(digits) if int(digits) <= self._newest else None

    # -- events (any thread) ------------------------------------------------------------------------------------------

    def _keep_line(self, line: Line, level: int) -> None:
        self._keep(LogLine(None, line.task, line.plugin, line.log_level, line.message, line.raw))

    def _keep(self, event: Event) -> None:
        if isinstance(event, TaskDump):
            return  # whole entries, meant for the one who asked for them
        with self._guard:
            self._newest += 1
            self._ring[self._newest] = event
            self._ring.pop(self._newest - self._kept, None)
            wake = bool(self._readers) and not self._waking
            self._waking = self._waking or wake
        if wake:
            self._on_loop(self._wake)
        elif not self._readers and time.monotonic() - self._left > IDLE_SECONDS:
            self._left = time.monotonic()  # ask for it once
            self._on_loop(self._rest)

    def _on_loop(self, function: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:  # the loop has ended, and nobody will read any more
            self._end()

    def _wake(self) -> None:
        self._waking = False
        for wake in self._readers:
            wake.set()

    def _rest(self) -> None:
        """Nobody came back: keep nothing until somebody does, who is told that something is missing."""
        if not self._readers:
            self._end()
            self.process = secrets.token_hex(4)
            with self._guard:
                self._ring.clear()

    def _end(self) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            end()
