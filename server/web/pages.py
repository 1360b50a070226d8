"""What is served besides the API's resources: the web UI, the sign-in link, the Swagger page and files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.web.call import Call
from server.web.conditional import matches
from server.web.errors import NotFound, method_not_allowed
from server.web.rendered import Rendered
from server.web.replies import FileAnswer
from server.web.static_files import StaticFiles
from server.web.ui_v2 import UiV2

if TYPE_CHECKING:
    from server.web.app import WebApp
    from server.web.exchange import Exchange

Waiting = Coroutine[Any, Any, None]
PageHandler = Callable[["Exchange"], Waiting | None]

SWAGGER_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

SWAGGER_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>FlexGet API</title>
<link rel="stylesheet" href="{base}/api/swaggerui/swagger-ui.css">
<div id="swagger-ui"></div>
<noscript>The API is described in <a href="{base}/api/swagger.json">swagger.json</a>.</noscript>
<script src="{base}/api/swaggerui/swagger-ui-bundle.js"></script>
<script src="{base}/api/swaggerui/init.js" data-document="{base}/api/swagger.json"></script>
"""

SWAGGER_PLAIN = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>FlexGet API</title>
<h1>FlexGet API</h1>
<p>The page to try it out comes with the built web UI, which is not here. The description itself:
<a href="{base}/api/swagger.json">Swagger 2.0</a>, <a href="{base}/api/openapi.json">OpenAPI 3.1</a>.
"""

SWAGGER_INIT = b"""window.addEventListener("load", () => {
  const url = document.querySelector("script[data-document]").dataset.document;
  window.SwaggerUIBundle({ url, dom_id: "#swagger-ui", deepLinking: true, docExpansion: "none", validatorUrl: null });
});
"""


class Pages:
    """The addresses that are no resource. ``ui`` is the folder of the built UI; None: there is no UI."""

    def __init__(self, app: WebApp, base: str, *, web_ui: bool, ui: Path | None, ui_v2: Path | None = None) -> None:
        self._app = app
        self._base = base
        self._web_ui = web_ui
        self._files = StaticFiles(ui)
        self._v2 = UiV2(ui_v2, base) if ui_v2 else None

    def find(self, call: Call) -> PageHandler | None:
        """What serves this path; None when nothing does."""
        base, path = self._base, call.path
        if base and not (path == base or path.startswith(base + "/")):
            return None
        inner = path[len(base) :]
        if inner in ("/api", "/api/"):
            return _only_get(self._swagger)
        if inner.startswith("/api/swaggerui/"):
            return _only_get(lambda exchange: self._swagger_file(exchange, inner.removeprefix("/api/swaggerui/")))
        if inner.startswith("/api/") or (self._v2 and self._v2.is_api(inner)):
            return None
        if inner.rstrip("/") == "/signin":
            return _only_get(self._sign_in)
        if self._v2 and self._v2.holds(inner):
            v2 = self._v2
            return _only_get(lambda exchange: v2.show(exchange, inner))
        if self._web_ui:
            return _only_get(lambda exchange: self._files.send(exchange, inner.lstrip("/") or "index.html"))
        return self._nothing if inner in ("", "/") else None

    async def send_file(self, exchange: Exchange, answer: FileAnswer) -> None:
        """Send a file with its own tag, date and (one) range."""
        try:
            body, modified = await self._app.dispatcher.run(_read_file, answer.path)
        except OSError:
            raise NotFound(f"there is no file {answer.path.name}") from None
        headers = [
            ("Cache-Control", f"max-age={answer.max_age}"),
            ("Last-Modified", formatdate(modified, usegmt=True)),
            ("Accept-Ranges", "bytes"),
            *answer.headers.items(),
        ]
        tag = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        wanted = _range(exchange.call, len(body), tag)
        if wanted is None:
            exchange.send(Rendered(200, body, answer.content_type, headers, tag), conditional=True)
            return
        start, end = wanted
        if start >= len(body):
            exchange.write(416, [("Content-Range", f"bytes */{len(body)}"), ("Content-Length", "0")], b"")
            return
        part = body[start : end + 1]
        headers += [("Content-Range", f"bytes {start}-{end}/{len(body)}"), ("ETag", f'"{tag}"')]
        headers += [("Content-Type", answer.content_type), ("Content-Length", str(len(part)))]
        exchange.write(206, headers, part)

    def _swagger(self, exchange: Exchange) -> None:
        text = SWAGGER_PAGE if self._files.has("swagger/swagger-ui-bundle.js") else SWAGGER_PLAIN
        headers = [("Cache-Control", "no-cache"), ("Content-Security-Policy", SWAGGER_POLICY)]
        body = text.format(base=self._base).encode()
        exchange.send(Rendered(200, body, "text/html; charset=utf-8", headers).with_tag(()), conditional=True)

    def _swagger_file(self, exchange: Exchange, name: str) -> None:
        if name == "init.js":
            headers = [("Cache-Control", "no-cache")]
            answer = Rendered(200, SWAGGER_INIT, "text/javascript; charset=utf-8", headers)
            exchange.send(answer.with_tag(()), conditional=True)
            return
        self._files.send(exchange, f"swagger/{name}", page=False)

    def _sign_in(self, exchange: Exchange) -> None:
        if exchange.call.method == "HEAD":  # who only looks where a link leads does not use it up
            raise method_not_allowed("HEAD", ("GET", "OPTIONS"))
        target = self._base + ("/" if self._web_ui else "/api/")
        self._app.sign_in_by_link(exchange, target)

    def _nothing(self, exchange: Exchange) -> None:
        raise NotFound("the web UI is switched off (`web_ui: no`); the API is below /api/")


def _only_get(handler: PageHandler) -> PageHandler:
    def handle(exchange: Exchange) -> Waiting | None:
        if exchange.call.method == "OPTIONS":
            exchange.write(200, [("Allow", "GET, HEAD, OPTIONS"), ("Content-Length", "0")], b"")
            return None
        if exchange.call.method not in ("GET", "HEAD"):
            raise method_not_allowed(exchange.call.method, ("GET", "HEAD", "OPTIONS"))
        return handler(exchange)

    return handle


def _read_file(path: Path) -> tuple[bytes, float]:
    return path.read_bytes(), path.stat().st_mtime


def _range(call: Call, size: int, tag: str) -> tuple[int, int] | None:
    """First and last byte asked for by a single range.

    None: all of it (several ranges, another version, nonsense), or none of it (304, 412).
    """
    if "If-Match" in call.headers or matches(call.headers.get("If-None-Match", ""), f'"{tag}"'):
        return None  # these come first (RFC 9110, 13.2.2), and are looked at for the whole
    header = call.headers.get("Range", "")
    condition = call.headers.get("If-Range")
    unit, _, spec = header.partition("=")
    first, dash, last = spec.strip().partition("-")
    if unit != "bytes" or not dash or "," in spec or (condition is not None and condition != f'"{tag}"'):
        return None
    if not first:
        if not last.isdecimal():
            return None
        return (max(0, size - int(last[:19])), size - 1) if int(last[:19]) else (size, size)
    if not first.isdecimal() or (last and not last.isdecimal()):
        return None
    end = min(int(last[:19]), size - 1) if last else size - 1
    return None if last and int(last[:19]) < int(first[:19]) else (int(first[:19]), end)
