"""A web server on loopback for tests: answers what a test puts into it, and remembers what was asked."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Page:
    """What stands at a path. ``login``: user and password that must come with the request."""

    body: bytes
    content_type: str = "text/plain"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    login: tuple[str, str] | None = None
    cut_after: int | None = None


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class WebServer:
    """``web.put("/feed.xml", "...")``, then ``web.url("/feed.xml")``."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: str | bytes, content_type: str = "text/plain", **more: object) -> str:
        """Put something at a path; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(data, content_type, **more)  # type: ignore[arg-type]
        return self.url(path)

    def paths(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [asked.path for asked in self.asked]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                web.asked.append(Asked(self.command, self.path, dict(self.headers.items()), body))
                page = web.pages.get(self.path) or web.pages.get(urlsplit(self.path).path)
                if page is None:
                    page = Page(b"not here", "text/plain", 404)
                elif page.login and self.headers.get("Authorization") != _basic(*page.login):
                    page = Page(b"", "text/plain", 401, {"WWW-Authenticate": 'Basic realm="test"'})
                elif page.headers.get("ETag") and self.headers.get("If-None-Match") == page.headers["ETag"]:
                    page = Page(b"", page.content_type, 304)
                self.send_response(page.status)
                if page.status != 304:
                    self.send_header("Content-Type", page.content_type)
                    self.send_header("Content-Length", str(len(page.body)))
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(page.body[: page.cut_after])

            do_HEAD = do_POST = do_DELETE = do_GET

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
