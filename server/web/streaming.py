"""Answers without an end in sight: the ``{"stream": [`` documents of the reference, and plain pieces of text.

A stream of the reference announces ``text/event-stream`` and is one JSON document, told line by line: it opens with
``{"stream": [``, each piece is an object, a comma and a line break, and it closes with ``{}]}``, when its source
ends and also when the server stops. A client that reads slower than the pieces come holds up its own stream only;
one that does not read for :data:`PATIENCE` seconds is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tornado.iostream import StreamClosedError

from server.web.replies import dump_json

if TYPE_CHECKING:
    from server.web.exchange import Exchange

PATIENCE = 30.0
"""Seconds that one piece may take to be taken over by the system."""


@dataclass(frozen=True)
class Stream:
    """An endless answer: ``pieces()`` makes the source, which is closed when the client leaves or the server stops."""

    pieces: Callable[[], AsyncIterator[Any]]
    encode: Callable[[Any], bytes] = field(default=lambda piece: dump_json(piece) + b",\n")
    opening: bytes = b'{"stream": ['
    closing: bytes = b"{}]}"
    content_type: str = "text/event-stream; charset=utf-8"


def event_source(pieces: Callable[[], AsyncIterator[bytes]]) -> Stream:
    """A stream of real server-sent events; the source yields them encoded."""
    return Stream(pieces, encode=lambda piece: piece, opening=b"", closing=b"")


async def serve_stream(exchange: Exchange, stream: Stream, stopping: asyncio.Event) -> None:
    """Send a stream until its source ends, the client leaves or ``stopping`` is set."""
    headers = [("Content-Type", stream.content_type), ("Cache-Control", "no-cache"), ("X-Accel-Buffering", "no")]
    if exchange.call.method == "HEAD":
        exchange.write(200, headers, b"")
        return
    exchange.start(200, headers, stream.opening)
    gone = asyncio.Event()
    exchange.connection.set_close_callback(gone.set)  # type: ignore[attr-defined]
    source = stream.pieces()
    ends = [asyncio.ensure_future(gone.wait()), asyncio.ensure_future(stopping.wait())]
    try:
        await _pump(exchange, stream, source, ends)
    except StreamClosedError:
        exchange.abort()
        return
    finally:
        for end in ends:
            end.cancel()
        await source.aclose()  # type: ignore[attr-defined]
    if gone.is_set():
        exchange.abort()
        return
    if stream.closing:
        exchange.connection.write(stream.closing)
    exchange.done()


async def _pump(
    exchange: Exchange, stream: Stream, source: AsyncIterator[Any], ends: Sequence[asyncio.Future[Any]]
) -> None:
    while True:
        following = asyncio.ensure_future(anext(source, _END))
        try:
            await asyncio.wait([following, *ends], return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not following.done():
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
        if following.cancelled() or (piece := following.result()) is _END:
            return
        written = exchange.connection.write(stream.encode(piece))
        try:
            await asyncio.wait_for(asyncio.shield(written), PATIENCE)
        except TimeoutError:
            raise StreamClosedError from None
        if any(end.done() for end in ends):
            return


_END = object()
