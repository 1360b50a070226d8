"""``cookies``"""

from __future__ import annotations

import logging
import sqlite3
import time
from http.cookiejar import Cookie, CookieJar, LoadError, LWPCookieJar, MozillaCookieJar
from pathlib import Path
from typing import Any

from server.engine.errors import PluginError
from server.engine.paths import from_home
from server.engine.plugin import Plugin
from server.engine.task import Task

logger = logging.getLogger("cookies")


class Cookies(Plugin):
    """Cookies of a browser for the HTTP requests of a task.

    Types: ``mozilla`` (``cookies.txt``, which most browsers can export), ``firefox3`` (Firefox's ``cookies.sqlite``)
    and ``lwp``.

    Example::

        cookies: cookies.txt
    """

    schema = {
        "oneOf": [
            {"type": "string", "format": "file", "title": "File"},
            {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "string",
                        "format": "file",
                        "title": "File",
                        "description": "The file with the cookies.",
                        "examples": ["cookies.txt"],
                    },
                    "type": {
                        "type": "string",
                        "enum": ["firefox3", "mozilla", "lwp"],
                        "title": "Type",
                        "description": "Its format; told by the file's name unless said.",
                    },
                },
                "required": ["file"],
                "additionalProperties": False,
            },
        ],
        "title": "Cookies",
        "description": "The file, or options.",
        "examples": ["cookies.txt"],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: Any) -> None:
        """Load them into the task's session."""
        options = {"file": config} if isinstance(config, str) else config
        path = from_home(options["file"], task.services.home)
        kind = options.get("type") or ("firefox3" if path.suffix == ".sqlite" else "mozilla")
        try:
            for cookie in load(path, kind):
                task.requests.cookies.set_cookie(cookie)
        except (OSError, LoadError, UnicodeDecodeError, sqlite3.Error) as error:
            raise PluginError(f"the cookies in {path} cannot be read as {kind}: {error}") from error


def load(path: Path, kind: str) -> CookieJar:
    """The cookies of a file; raises ``LoadError``, ``OSError``, ``UnicodeDecodeError`` or ``sqlite3.Error``."""
    if kind == "firefox3":
        return _firefox(path)
    jar = LWPCookieJar() if kind == "lwp" else MozillaCookieJar()
    jar.load(str(path), ignore_discard=True, ignore_expires=True)
    return jar


def _firefox(path: Path) -> CookieJar:
    jar = CookieJar()
    # immutable: a running browser holds locks that are of no interest here
    base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = base.execute("SELECT host, path, isSecure, expiry, name, value FROM moz_cookies").fetchall()
    finally:
        base.close()
    for host, place, secure, expiry, name, value in rows:
        expires = expiry / 1000 if expiry and expiry > 100_000_000_000 else expiry
        if expires and expires < time.time():
            continue
        jar.set_cookie(
            Cookie(
                0,
                name,
                value,
                None,
                False,
                host,
                host.startswith("."),
                host.startswith("."),
                place,
                False,
                bool(secure),
                int(expires) if expires else None,
                not expires,
                None,
                None,
                {},
            )
        )
    return jar
