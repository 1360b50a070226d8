"""``/events/``: what happens, while it happens, as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson

from server.engine.events import (
    ConfigChanged,
    EntryDecided,
    Event,
    LogLine,
    SchedulesChanged,
    TaskFinished,
    TaskProgress,
    TaskQueued,
    TaskStarted,
)
from server.engine.log import LEVELS
from server.features.events.hub import LEVEL_OF, EventHub
from server.web.call import Call
from server.web.endpoint import Choice, Resource, Text, get
from server.web.errors import QueryInvalid, Unavailable
from server.web.replies import dump_json
from server.web.shapes import TEXT
from server.web.streaming import Stream, event_source

KINDS: dict[type[Event], str] = {
    TaskQueued: "task_queued",
    TaskStarted: "task_started",
    TaskProgress: "task_progress",
    EntryDecided: "entry_decided",
    TaskFinished: "task_finished",
    LogLine: "log_line",
    ConfigChanged: "config_changed",
    SchedulesChanged: "schedules_changed",
}

HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that nothing in between takes the line for dead."""

PAUSE = 0.02
"""Seconds in which events gather: a busy run is told in some fifty pieces a second, not in thousands."""

BATCH = 500
"""Events that are encoded at a time."""

MOST_READERS = 100
RETRY = 2000
"""Milliseconds after which a client that lost its line comes again."""


@dataclass(frozen=True)
class Choosing:
    """What a reader wants to hear."""

    kinds: Collection[str]
    task: str | None
    level: int

    def wants(self, event: Event) -> bool:
        """Whether an event is to be told."""
        if KINDS.get(type(event)) not in self.kinds:
            return False
        if isinstance(event, LogLine) and LEVEL_OF.get(event.level, 0) < self.level:
            return False
        return self.task is None or getattr(event, "task", self.task) == self.task


class Events(Resource):
    """Live events."""

    tag = "events"
    _hub: EventHub | None = None

    @get(
        "Follow what happens",
        query=[
            Text("kinds", f"only these, with commas between them: {', '.join(KINDS.values())}"),
            Text("task", "of events that belong to a task: only this one's"),
            Choice("level", "the least level of log lines", default="info", options=list(LEVELS)),
            Text("last_event_id", "the same as the header `Last-Event-ID`, which wins"),
        ],
        returns=TEXT,
        content_type="text/event-stream",
        errors=(503,),
    )
    async def events(
        self, call: Call, kinds: str | None, task: str | None, level: str, last_event_id: str | None
    ) -> Stream:
        """Server-sent events: `event:` is the kind, `data:` a JSON object, `id:` is for resuming.

        The first one is `hello` (`resumed`: whether it goes on where the client was). After `Last-Event-ID` those come
        that were missed; where some are not kept any more a `gap` event tells how many (null: not known), and what was
        learnt from earlier events should be asked anew.
        """
        wanted = Choosing(_kinds(kinds), task, LEVELS[level])
        hub = self.hub
        if hub.readers >= MOST_READERS:
            raise Unavailable(f"{MOST_READERS} clients follow the events already")
        last = call.headers.get("Last-Event-ID") or last_event_id
        return event_source(lambda: read(hub, wanted, last))

    @property
    def hub(self) -> EventHub:
        """The ring of this server; it begins with the first reader."""
        if self._hub is None:
            self._hub = EventHub(self.services.events, self.services.log)
        return self._hub


def _kinds(text: str | None) -> frozenset[str]:
    known = frozenset(KINDS.values())
    if text is None:
        return known
    asked = frozenset(name.strip() for name in text.split(",") if name.strip())
    if unknown := sorted(asked - known):
        raise QueryInvalid({"kinds": f"there is no kind `{unknown[0][:60]}`; there are {', '.join(KINDS.values())}"})
    return asked or known


async def read(hub: EventHub, wanted: Choosing, last: str | None) -> AsyncIterator[bytes]:
    """The stream of one reader, encoded."""
    wake = hub.join()
    try:
        known = None if last is None else hub.number_of(last)
        number = hub.newest if known is None else known
        hello = encoded("hello", {"resumed": known is not None}, hub.id_of(number))
        yield b"retry: %d\n%b" % (RETRY, hello)
        if last is not None and known is None:
            yield encoded("gap", {"missed": None}, hub.id_of(number))
        silent_since = time.monotonic()
        while True:
            wake.clear()
            lost, events = hub.after(number, BATCH)
            if lost:
                yield encoded("gap", {"missed": lost}, hub.id_of(number + lost))
            number += lost
            piece = b"".join(
                _told(hub, number + at, event) for at, event in enumerate(events, 1) if wanted.wants(event)
            )
            number += len(events)
            if not piece and time.monotonic() - silent_since >= HEARTBEAT:
                piece = b": still here\n\n"
            if piece:
                yield piece
                silent_since = time.monotonic()
            if events:
                await asyncio.sleep(0 if len(events) == BATCH else PAUSE)
            else:
                await _within(silent_since + HEARTBEAT - time.monotonic(), wake.wait)
    finally:
        hub.leave(wake)


def _told(hub: EventHub, number: int, event: Event) -> bytes:
    return encoded(KINDS[type(event)], event, hub.id_of(number))


def encoded(kind: str, data: Any, event_id: str | None) -> bytes:
    """One event as it goes over the line; JSON has no line breaks of its own."""
    try:
        text = orjson.dumps(data)
    except TypeError:  # broken texts of feeds
        text = dump_json(data.as_dict() if isinstance(data, Event) else data)
    head = b"" if event_id is None else b"id: %b\n" % event_id.encode()
    return b"%bevent: %b\ndata: %b\n\n" % (head, kind.encode(), text)


async def _within(seconds: float, wait: Callable[[], Any]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(wait(), seconds)
