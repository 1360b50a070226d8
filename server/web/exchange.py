"""One request and its answer on the wire: the place where every common rule of the API is kept.

Tornado hands over start line, headers and body (:class:`tornado.httputil.HTTPMessageDelegate`); what comes back is
rendered by :class:`~server.web.dispatch.Dispatcher` and leaves here with the common headers, compressed and
conditional as asked for. Requests that need no waiting are answered within the same turn of the loop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Iterator
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING

from tornado.httputil import HTTPHeaders, HTTPMessageDelegate, RequestStartLine, ResponseStartLine
from tornado.iostream import StreamClosedError

from server.web.bodies import MAX_BODY
from server.web.call import Call
from server.web.conditional import matches, unchanged_since
from server.web.errors import ApiError, InternalError, PreconditionFailed, body_too_large, head_too_large, reason
from server.web.rendered import Headers, Rendered
from server.web.replies import JSON, dump_json
from server.web.security import COMMON

if TYPE_CHECKING:
    from tornado.httputil import HTTPConnection

    from server.web.app import WebApp

logger = logging.getLogger("web_server")

MAX_DISCARD = 64 * 1024 * 1024
"""Bytes of a body too large that are read and dropped so that the client can see the 413; beyond, the line is cut."""


MAX_HEAD = 64 * 1024
"""Bytes of the address, and of all headers, that are taken."""

MAX_READ_HEAD = 1024 * 1024
"""Bytes of a head too large that are read so that the client can see why it is refused; beyond, the line is cut."""


class Exchange(HTTPMessageDelegate):
    """A request being read, then answered. Made by :class:`~server.web.app.WebApp` for each request."""

    def __init__(self, app: WebApp, connection: HTTPConnection, trusted: bool) -> None:
        self.app = app
        self.connection = connection
        self.trusted = trusted
        self.finished = False
        self._begun = False
        self._chunks: list[bytes] = []
        self._length = 0
        self._refused: ApiError | None = None

    # -- reading ------------------------------------------------------------------------------------------------------

    def headers_received(self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders) -> None:
        """Tornado: the head of the request is here."""
        assert isinstance(start_line, RequestStartLine)  # noqa: S101 - a server reads requests only
        context = self.connection.context  # type: ignore[attr-defined]
        peer = context.remote_ip if context.address_family else ""
        self.call = Call(start_line.method, start_line.path, headers, peer, context.protocol)
        self.call.trusted = self.trusted
        self._refused = _head_refused(start_line.path, headers)
        length = headers.get("Content-Length", "")
        if length.isascii() and length.isdigit() and int(length[:20]) > MAX_BODY:
            self._expect_too_much(int(length[:20]))

    def _expect_too_much(self, length: int) -> None:
        if length > MAX_DISCARD or self.call.headers.get("Expect"):
            self.connection.set_max_body_size(2**63)  # type: ignore[attr-defined]
            self.app.begin(self)
            self.refuse(body_too_large(MAX_BODY))

    def data_received(self, chunk: bytes) -> None:
        """Tornado: a piece of the body is here."""
        self._length += len(chunk)
        if self._length > MAX_BODY:
            self._chunks.clear()
        else:
            self._chunks.append(chunk)

    def finish(self) -> None:
        """Tornado: the request is here as a whole."""
        if self.finished:
            return
        self.app.begin(self)
        if self._refused:
            self.refuse(self._refused)
            return
        if self._length > MAX_BODY:
            self.refuse(body_too_large(MAX_BODY))
            return
        if self._chunks:
            self.call.body = b"".join(self._chunks)
        try:
            waiting = self.app.dispatcher.begin(self)
        except ApiError as error:
            self.refuse(error)
        except Exception:
            self.crash()
        else:
            if waiting is not None:
                self.app.keep(asyncio.get_running_loop().create_task(self._complete(waiting)))

    async def _complete(self, waiting: Coroutine[None, None, None]) -> None:
        try:
            await waiting
        except ApiError as error:
            self.refuse(error)
        except StreamClosedError:
            self._end()
        except asyncio.CancelledError:
            if not self.finished:
                self.abort()
            raise
        except Exception:
            self.crash()

    def on_connection_close(self) -> None:
        """Tornado: the client went away while the request was read."""
        self._end()

    # -- answering ----------------------------------------------------------------------------------------------------

    def send(self, answer: Rendered, *, conditional: bool = False, cookies: tuple[str, ...] = ()) -> None:
        """Send a rendered answer; with ``conditional`` look at ``If-Match`` and its like first."""
        headers = self.call.headers
        coding = answer.coding(headers.get("Accept-Encoding"))
        tag = f'"{answer.tag}:{coding}"' if coding else f'"{answer.tag}"'
        if conditional and answer.tag:
            wanted = headers.get("If-Match")
            if wanted is not None:
                if not matches(wanted, tag):
                    raise PreconditionFailed
            else:
                known, since = headers.get("If-None-Match"), headers.get("If-Modified-Since")
                modified = next((value for name, value in answer.headers if name == "Last-Modified"), None)
                if matches(known, tag) if known is not None else unchanged_since(since, modified):
                    self.write(304, [("ETag", tag), *answer.headers], b"", cookies)
                    return
        body = answer.coded(coding)
        lines = [("Content-Type", answer.content_type), ("Content-Length", str(len(body))), *answer.headers]
        if answer.tag:
            lines.append(("ETag", tag))
        if coding:
            lines.append(("Content-Encoding", coding))
        self.write(answer.status, lines, body, cookies)

    def write(self, status: int, headers: Headers, body: bytes, cookies: tuple[str, ...] = ()) -> None:
        """Write a whole answer."""
        self.start(status, headers, b"" if self.call.method == "HEAD" else body, cookies)
        self.done()

    def done(self) -> None:
        """The answer is complete."""
        self.connection.finish()
        self._end()

    def start(self, status: int, headers: Headers, body: bytes = b"", cookies: tuple[str, ...] = ()) -> None:
        """Write the head of an answer with the common headers, and the first piece of its body."""
        lines = _Lines()
        for name, value in COMMON:
            lines[name] = value
        lines["Date"] = _now(int(time.time()))
        for name, value in headers:
            lines[name] = value
        for cookie in cookies:
            lines.add("Set-Cookie", cookie)
        self._begun = True
        future = self.connection.write_headers(ResponseStartLine("HTTP/1.1", status, reason(status)), lines, body)
        future.add_done_callback(_swallow)

    def refuse(self, error: ApiError) -> None:
        """Answer with an error in its shape."""
        if self._begun or self.finished:
            logger.warning(
                "%s %s failed after its answer had begun: %s", self.call.method, self.call.path, error.message
            )
            self.abort()
            return
        answer = Rendered(error.status_code, dump_json(error.body()), JSON, list(error.headers.items()))
        self.send(answer)

    def crash(self) -> None:
        """Answer 500 to a fault of our own; the log has the rest."""
        logger.exception("%s %s failed", self.call.method, self.call.path)
        self.refuse(InternalError("the server failed on this request; its log tells why"))

    def abort(self) -> None:
        """Cut the line."""
        self.connection.close()  # type: ignore[attr-defined]
        self._end()

    def _end(self) -> None:
        self.finished = True
        self.app.end(self)


class _Lines(HTTPHeaders):
    """Headers whose names go out in the letters that clients of the reference know."""

    def get_all(self) -> Iterator[tuple[str, str]]:
        for name, value in super().get_all():
            yield _EXACT.get(name, name), value


_EXACT = {"Api-Version": "API-Version", "Etag": "ETag"}


def _head_refused(target: str, headers: HTTPHeaders) -> ApiError | None:
    if len(target) > MAX_HEAD:
        return head_too_large(MAX_HEAD, address=True)
    if sum(len(name) + len(value) for name, value in headers.get_all()) > MAX_HEAD:
        return head_too_large(MAX_HEAD, address=False)
    return None


def _swallow(future: asyncio.Future[None]) -> None:
    # a client that went away is no fault of ours: its future must not complain about being unread
    if not future.cancelled():
        future.exception()


@lru_cache(2)
def _now(second: int) -> str:
    return formatdate(second, usegmt=True)
