"""A whole web server in a thread, on a real loopback socket, with a real database and config file."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.config.settings import WebServerSettings
from server.engine.log import LogBuffer
from server.features.users.model import Accounts
from server.routes import ROUTES
from server.web.app import WebApp
from server.web.router import Route
from server.web.server import WebServer
from tests.support import Engine

CONFIG = """
tasks:
  hist:
    mock:
      - {title: one, url: "http://localhost/one"}
    accept_all: yes
schedules: no
lookups:  # no test asks the real ones
  imdb: {address: "http://127.0.0.1:1"}
  tmdb: {address: "http://127.0.0.1:1"}
  trakt: {address: "http://127.0.0.1:1"}
  tvdb: {address: "http://127.0.0.1:1"}
  tvmaze: {address: "http://127.0.0.1:1"}
"""

PASSWORD = "correct-horse-77-battery"


@dataclass
class Reply:
    """An answer: status, headers (any case) and body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    cookies: list[str] = field(default_factory=list)

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def cookie(self, name: str) -> str | None:
        """``name=value`` of a cookie that was set."""
        found = [line.partition(";")[0] for line in self.cookies if line.startswith(f"{name}=")]
        return found[0] if found else None


class Server:
    """The server and a client for it."""

    def __init__(
        self,
        home: Path,
        *,
        config: str = CONFIG,
        routes: Sequence[Route] = (),
        static: Path | None = None,
        timeout: float = 30.0,
        prepare: Callable[[Server], None] | None = None,
        log: LogBuffer | None = None,
        **settings: Any,
    ) -> None:
        self.engine = Engine(home, config)
        self.services = self.engine.services
        self.accounts = Accounts(self.engine.db, home / ".config-token", cost=4)
        self.services.users = self.accounts
        self.services.log = log
        self.stopped = threading.Event()
        self.services.stop = self.stopped.set
        self.settings = WebServerSettings(**settings)
        self._routes = (*routes, *ROUTES)
        self._static = static
        self._timeout = timeout
        self._prepare = prepare
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="web")
        self._thread.start()
        self._ready.wait(10)
        if self._failure:
            raise self._failure

    async def _main(self) -> None:
        try:
            self.loop = asyncio.get_running_loop()
            self.app = WebApp(
                self.services, self._routes, settings=self.settings, accounts=self.accounts, static=self._static
            )
            self.web = WebServer(self.app, timeout=self._timeout)
            self.port = self.web.listen("127.0.0.1", 0)
            if self._prepare:
                self._prepare(self)
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self._ready.set()
        self._end = asyncio.Event()
        await self._end.wait()
        await self.web.stop(drain=2)

    def close(self) -> None:
        """Stop it as the daemon does."""
        if self._thread.is_alive():
            self.loop.call_soon_threadsafe(self._end.set)
            self._thread.join(10)
        self.engine.close()

    @property
    def token(self) -> dict[str, str]:
        """The header that lets one in."""
        return {"Authorization": f"Token {self.accounts.token}"}

    def connect(self) -> http.client.HTTPConnection:
        """A connection of one's own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: bool = True,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """One request; a ``body`` that is neither bytes nor None goes out as JSON.

        A ``path`` that does not begin with ``/`` is below ``/api/``.
        """
        sent = dict(self.token) if token else {}
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = self.connect()
        try:
            connection.request(method, path if path.startswith("/") else f"/api/{path}", body, sent)
            answer = connection.getresponse()
            return Reply(answer.status, answer.msg, answer.read(), answer.msg.get_all("Set-Cookie") or [])
        finally:
            connection.close()

    def get(self, path: str, **more: Any) -> Reply:
        """A GET with the token."""
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Reply:
        """A POST with the token."""
        return self.ask("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Reply:
        """A PUT with the token."""
        return self.ask("PUT", path, body, **more)

    def delete(self, path: str, body: Any = None, **more: Any) -> Reply:
        """A DELETE with the token."""
        return self.ask("DELETE", path, body, **more)

    def raw(self, data: bytes) -> bytes:
        """Bytes as they are, and all that comes back until the server closes or falls silent for a second."""
        import socket

        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(data)
            found = b""
            try:
                while piece := line.recv(65536):
                    found += piece
            except TimeoutError:
                pass
            return found
