"""The web UI: built files with a hash in their name never change, anything else is asked for again each time.

The files come from ``static/dist`` of a checkout or ``server/_static`` of an installed package. Where a file has
compressed siblings (``app.js.br``, ``app.js.gz``) those are sent to clients that take them. Every path that is no
file shows the UI's page, so that its own addresses can be opened directly.
"""

from __future__ import annotations

import mimetypes
import re
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from server.web.errors import NotFound
from server.web.parameters import decode
from server.web.rendered import Rendered

if TYPE_CHECKING:
    from server.web.exchange import Exchange

_HASHED = re.compile(r"[.-][0-9A-Za-z_-]{8,}\.\w+$")
_CODED = (("br", ".br"), ("gzip", ".gz"))

FALLBACK = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>FlexGet</title>
<h1>FlexGet is running</h1>
<p>Its web page was not built. The API is here: <a href="api/">api/</a>
"""


@lru_cache(1)
def default_folder() -> Path | None:
    """Where the built UI is: beside the package, or in the checkout; None when it was not built."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_static", package.parent / "static" / "dist"):
        if (folder / "index.html").is_file():
            return folder
    return None


class StaticFiles:
    """The files of one folder below one address."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None
        self._held: dict[Path, tuple[float, Rendered]] = {}

    def send(self, exchange: Exchange, name: str, *, page: bool = True) -> None:
        """Send the file ``name`` (percent-encoded, below the folder).

        With ``page`` the UI's page where there is none.
        """
        path = self._path(name)
        if path is None and page:
            path = self._path("index.html")
            if path is None:
                fallback = Rendered(200, FALLBACK, "text/html; charset=utf-8", [("Cache-Control", "no-cache")])
                exchange.send(fallback.with_tag(()), conditional=True)
                return
        if path is None:
            raise NotFound(f"there is no file {name[:200]}")
        exchange.send(self._file(path, exchange), conditional=True)

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._path(name) is not None

    def _path(self, name: str) -> Path | None:
        if self._folder is None:
            return None
        try:
            inner = decode(name).lstrip("/")
            if "\\" in inner or ":" in inner:
                return None  # on Windows it may be an address of another machine, which a look at it would reach
            path = (self._folder / inner).resolve()
        except (ValueError, OSError):
            return None
        return path if path.is_relative_to(self._folder) and path.is_file() else None

    def _file(self, path: Path, exchange: Exchange) -> Rendered:
        modified = path.stat().st_mtime
        held = self._held.get(path)
        if held is not None and held[0] == modified:
            return held[1]
        kind = content_type(path)
        seconds = "public, max-age=31536000, immutable" if _HASHED.search(path.name) else "no-cache"
        headers = [("Cache-Control", seconds), ("Last-Modified", formatdate(modified, usegmt=True))]
        answer = Rendered(200, path.read_bytes(), kind, headers).with_tag(())
        for coding, ending in _CODED:
            sibling = path.with_name(path.name + ending)
            if sibling.is_file():
                answer.add(coding, sibling.read_bytes())
        self._held[path] = (modified, answer)
        return answer


def content_type(path: Path) -> str:
    """By the file's name; texts are UTF-8."""
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
    kind = known.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
