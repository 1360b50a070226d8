"""``/server/log/``: the latest lines of the log, then each new one as it is written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from typing import Any

from server.engine.log import Line, LogBuffer, flush, parse_line
from server.web.endpoint import Integer, Resource, Shape, Text, get, obj
from server.web.errors import QueryInvalid, Unavailable
from server.web.resources.log_query import Matcher, QueryError, parse
from server.web.shapes import TEXT
from server.web.streaming import Stream

LOG_LINE = Shape("log_line", obj(dict.fromkeys(("timestamp", "log_level", "plugin", "task", "message"), TEXT)))

HEARTBEAT = 2.0
"""Seconds of silence after which an empty object is sent."""
MOST_LINES = 10_000
WAITING = 1000
"""New lines kept for a reader that is slower than the log; then the oldest go."""
FILE_TAIL = 10 * 1024 * 1024
"""Bytes of the log file that are searched."""


class Log(Resource):
    """The log."""

    tag = "server"

    @get(
        "Follow the log",
        query=[
            Integer("lines", "how many of the latest lines come first", default=200, minimum=0, cap=MOST_LINES),
            Text("search", 'only lines with these words; `"quoted words"`, `and`, `or`, `no <word>` and parentheses'),
            Text("query", "the same, for clients that call it so"),
        ],
        returns=LOG_LINE,
        content_type="text/event-stream",
    )
    async def log(self, lines: int, search: str | None, query: str | None) -> Stream:
        """One JSON document told line by line: `{"stream".

        [`, an object for each line, `{}` every 2 seconds of silence.
        """
        name, text = ("search", search) if search is not None else ("query", query)
        try:
            matches = parse(text or "")
        except QueryError as error:
            raise QueryInvalid({name: str(error)}) from None
        buffer = self.services.log
        if buffer is None:
            raise Unavailable("this program keeps no log")
        return Stream(lambda: self._lines(buffer, lines, matches))

    async def _lines(self, buffer: LogBuffer, count: int, matches: Matcher) -> AsyncIterator[dict[str, Any]]:
        loop = asyncio.get_running_loop()
        fresh: asyncio.Queue[Line] = asyncio.Queue(WAITING)

        def offer(line: Line) -> None:
            if fresh.full():
                fresh.get_nowait()
            fresh.put_nowait(line)

        def tell(line: Line, level: int) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(offer, line)

        unsubscribe = buffer.subscribe(tell)
        try:
            held = buffer.lines()
            tasks = self.services.config.task_names(hidden=True)
            for line in await self.run(latest, held, buffer.path, count, matches, tasks):
                yield line.as_dict()
            newest = held[-1].number if held else 0
            silent_until = loop.time() + HEARTBEAT
            while True:
                line = await _within(silent_until - loop.time(), fresh)
                if line is None:
                    yield {}
                elif line.number > newest and matches(line.raw):
                    yield line.as_dict()
                else:
                    continue
                silent_until = loop.time() + HEARTBEAT
        finally:
            unsubscribe()


async def _within(seconds: float, queue: asyncio.Queue[Line]) -> Line | None:
    try:
        return await asyncio.wait_for(queue.get(), seconds)
    except TimeoutError:
        return None


def latest(held: list[Line], file: Path | None, count: int, matches: Matcher, tasks: list[str]) -> list[Line]:
    """The last ``count`` matching lines, oldest first: from memory, and what is older from the log file.

    ``tasks``: the names by which the file's lines are taken apart.
    """
    found = list(islice((line for line in reversed(held) if matches(line.raw)), count))
    if len(found) < count and file is not None:
        flush()
        older = _before(_tail(file), held[0].raw if held else None)
        parsed = (parse_line(raw, tasks) for raw in reversed(older) if matches(raw))
        found += islice((line for line in parsed if line is not None), count - len(found))
    return found[::-1]


def _tail(file: Path) -> list[str]:
    try:
        with file.open("rb") as source:
            source.seek(max(0, file.stat().st_size - FILE_TAIL))
            return source.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []


def _before(lines: list[str], first_held: str | None) -> list[str]:
    """The lines that were written before those in memory; all of them where the file has none of those."""
    first = (first_held or "").partition("\n")[0]
    for at in range(len(lines) - 1, -1, -1):
        if lines[at] == first:
            return lines[:at]
    return lines
