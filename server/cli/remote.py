"""The way to a running daemon: its API over the control channel.

remote = Remote.find(config)        # None where no daemon runs
remote.ask("GET", "/tasks/queue/")
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.lock import Running, find_running
from server.terminal.failures import USAGE, CommandFailed

TIMEOUT = 30.0
"""Seconds that an answer may take; a stream may be silent for as long as a task takes."""

CONTROL_HEADER = "X-FlexGet-Control"


class Unreachable(CommandFailed):
    """The daemon holds its lock but does not answer."""


class Refused(CommandFailed):
    """The daemon cannot do what was asked as it was asked."""

    exit_code = USAGE


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, timeout: float | None) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Remote:
    """A running daemon."""

    def __init__(self, running: Running) -> None:
        self.running = running

    @classmethod
    def find(cls, config: Path) -> Remote | None:
        """The daemon of a config; None where none runs."""
        running = find_running(config)
        return None if running is None else cls(running)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """An answer's JSON; raises :class:`CommandFailed` with the API's message when it is an error."""
        connection, answer = self._request(method, path, body, TIMEOUT)
        try:
            return _data(answer)
        finally:
            connection.close()

    def stream(self, path: str, body: Any) -> Iterator[dict[str, Any]]:
        """The pieces of a streamed answer as they come; raises like :meth:`ask`, and when the daemon goes away."""
        connection, answer = self._request("POST", path, body, None)
        try:
            if answer.status != 200:
                _data(answer)
            yield from _pieces(answer)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"the connection to the daemon broke ({error})") from error
        finally:
            connection.close()

    def _request(
        self, method: str, path: str, body: Any, timeout: float | None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = self._connection(timeout)
        headers = {} if self.running.secret is None else {CONTROL_HEADER: self.running.secret}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, f"{self.running.base}/api{path}", data, headers)
            return connection, connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreachable(f"the daemon with pid {self.running.pid} does not answer ({error})") from error

    def _connection(self, timeout: float | None) -> http.client.HTTPConnection:
        control = self.running.control
        if control is None:
            raise Unreachable(f"the daemon with pid {self.running.pid} is just starting; try again in a moment")
        if control.startswith("unix:"):
            return _UnixConnection(control.removeprefix("unix:"), timeout)
        return http.client.HTTPConnection(urlsplit(control).netloc, timeout=timeout)


def _data(answer: http.client.HTTPResponse) -> Any:
    raw = answer.read()
    try:
        data = json.loads(raw) if raw else None
    except ValueError as error:
        raise CommandFailed(f"the daemon's answer cannot be read ({error})") from error
    if answer.status >= 400:
        message = data.get("message") if isinstance(data, dict) else None
        about_the_config = isinstance(data, dict) and "errors" in data
        kind = Refused if answer.status == 400 or about_the_config else CommandFailed
        raise kind(str(message or f"the daemon answered with status {answer.status}"))
    return data


def _pieces(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """The objects of a ``{"stream": [`` document, which stands one a line."""
    first = True
    for raw in answer:
        line = raw.decode("utf-8")
        if first:
            line, first = line.removeprefix('{"stream": ['), False
        if line.startswith("{}]}"):
            return
        piece = json.loads(line.rstrip().removesuffix(","))
        if piece:
            yield piece


def tell_changes(config: Path, groups: list[str]) -> None:
    """Let a running daemon know which groups of tables were changed beside it."""
    remote = Remote.find(config)
    if remote is not None and remote.running.control is not None:
        remote.ask("POST", "/control/changed/", {"groups": groups})
