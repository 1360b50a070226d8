"""Follows executions for one client: the pieces of the stream of ``/tasks/execute/``.

    follower = RunFollower(services, choice)      # listens from now on
    jobs = ...queue them...
    follower.follow(jobs)
    async for piece in follower: ...              # encoded, until all of them are over

The runs know nothing of it: their events are put into a bounded queue here, and a client that is too slow loses its
stream.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError

from server.engine.events import Event, TaskDump, TaskFinished, TaskProgress, TaskStarted
from server.web.replies import dump_json

if TYPE_CHECKING:
    from server.engine.log import Line
    from server.engine.queue import Job
    from server.engine.services import Services

MOST_PIECES = 200_000
"""Pieces that may wait for a client; beyond, it is given up."""

PIECE = 256 * 1024
"""Bytes that are written at a time: a large dump goes out in parts, so that a slow line is not taken for a dead one."""

CHECK = 1.0
"""Seconds after which a silent run is looked at: one that was taken out of the queue tells nothing by itself."""


@dataclass(frozen=True)
class Choice:
    """What a client wants to hear of. ``level``: number of the least log level; None: no log lines."""

    progress: bool = False
    summary: bool = False
    entry_dump: bool = False
    level: int | None = None

    @property
    def anything(self) -> bool:
        """Whether there is a stream at all."""
        return self.progress or self.summary or self.entry_dump or self.level is not None


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A piece that was made where the event happened. ``ends``: nothing comes of that job after it."""

    job: int
    data: bytes
    ends: bool = False


class RunFollower(AsyncIterator[bytes]):
    """The pieces as bytes, each with the comma and the line break behind it. Make it on the loop's thread."""

    def __init__(self, services: Services, choice: Choice) -> None:
        self._choice = choice
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Encoded] = deque()
        self._ready: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._jobs: dict[int, Job] | None = None
        self._dumps: dict[int, bytes] = {}
        self._running: tuple[int, str] | None = None
        self._overrun = False
        self._ends: list[Callable[[], None]] = [services.events.subscribe(self._on_event)]
        if choice.level is not None and services.log is not None:
            self._ends.append(services.log.subscribe(self._on_line))

    def follow(self, jobs: Sequence[Job]) -> None:
        """These are the executions; what others told meanwhile is forgotten."""
        self._jobs = {job.id: job for job in jobs}
        self._ready.append(piece({"tasks": [{"id": str(job.id), "name": job.name} for job in jobs]}))
        waiting, self._waiting = self._waiting, deque()
        for item in waiting:
            self._take(item)

    def close(self) -> None:
        """Listen no more."""
        for end in self._ends:
            end()
        self._ends.clear()

    async def aclose(self) -> None:
        """The stream is over, or its client left."""
        self.close()

    # -- in the thread of the run -------------------------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        if isinstance(event, TaskStarted):
            self._running = (event.job, event.task)
        elif isinstance(event, TaskProgress):
            if self._choice.progress and self._may_be_mine(event.job):
                told = {name: getattr(event, name) for name in ("status", "phase", "plugin", "percent")}
                self._hand_over(_Encoded(event.job, piece({"progress": told, "task_id": str(event.job)})))
        elif isinstance(event, TaskDump):
            if self._choice.entry_dump and self._may_be_mine(event.job):
                # a rerun tells again; what the last pass had is what counts
                self._dumps[event.job] = piece({"entry_dump": event.entries, "task_id": str(event.job)})
        elif isinstance(event, TaskFinished):
            self._running = None
            self._hand_over(_Encoded(event.job, self._end_of(event.job, event.summary), ends=True))

    def _on_line(self, line: Line, level: int) -> None:
        running = self._running
        if running is not None and line.task == running[1] and level >= (self._choice.level or 0):
            self._hand_over(_Encoded(running[0], piece({"log": line.raw})))

    def _end_of(self, job: int, summary: dict[str, Any]) -> bytes:
        data = self._dumps.pop(job, b"")
        return data + piece({"summary": summary, "task_id": str(job)}) if self._choice.summary else data

    def _may_be_mine(self, job: int) -> bool:
        jobs = self._jobs
        return jobs is None or job in jobs

    def _hand_over(self, item: _Encoded) -> None:
        self._loop.call_soon_threadsafe(self._take, item)

    # -- in the loop's thread -----------------------------------------------------------------------------------------

    def _take(self, item: _Encoded) -> None:
        if self._jobs is None:
            self._waiting.append(item)
            return
        if item.job not in self._jobs or self._overrun:
            return
        self._ready.extend(item.data[start : start + PIECE] for start in range(0, len(item.data), PIECE))
        if item.ends:
            del self._jobs[item.job]
        if len(self._ready) > MOST_PIECES:
            self._overrun = True
            self._ready.clear()
        if self._overrun or not self._jobs:
            self.close()
        self._wake.set()

    async def __anext__(self) -> bytes:
        while not self._ready:
            if self._overrun:
                raise StreamClosedError
            if not self._jobs:
                raise StopAsyncIteration
            self._wake.clear()
            try:
                await asyncio.wait_for(self._wake.wait(), CHECK)
            except TimeoutError:
                self._look_for_silent_ends()
        return self._batch()

    def _batch(self) -> bytes:
        """As many pieces as go out together: a run that logs a lot makes them faster than single writes would go."""
        pieces = [self._ready.popleft()]
        size = len(pieces[0])
        while self._ready and size + len(self._ready[0]) <= PIECE:
            pieces.append(self._ready.popleft())
            size += len(pieces[-1])
        return b"".join(pieces)

    def _look_for_silent_ends(self) -> None:
        for job in list((self._jobs or {}).values()):
            if job.result is not None:
                self._take(_Encoded(job.id, self._end_of(job.id, job.result.summary()), ends=True))


def piece(value: dict[str, Any]) -> bytes:
    """One piece as it goes over the line."""
    return dump_json(value) + b",\n"
