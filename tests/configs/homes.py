"""Homes of the example configs: a config copied to a folder of its own, run by the real command line.

    home = make_home("one-feed")        # tests/configs/one-feed, with https://example.com replaced by a loopback server
    home.execute()
    home.serve("later")                 # what the web server has from now on
    home.files("iso")

A config's folder holds ``config.yml`` and what lies beside it; its folder ``web`` is what the web server has at first.
What the feeds point to below ``/get/`` is there as well: its text is its path. ``~`` is the folder ``home`` beside the
config.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from server.cli.main import main
from tests.processes import FLEXGET, ROOT
from tests.web_server import Page, WebServer

CONFIGS = ROOT / "tests" / "configs"
SITE = "https://example.com"
NAMES = sorted(path.parent.name for path in CONFIGS.glob("*/config.yml"))

_TYPES = {".xml": "application/rss+xml", ".html": "text/html; charset=utf-8", ".csv": "text/csv"}
_POINTED_AT = re.compile(rf"(?:{re.escape(SITE)}|\.\.|href=\")(/get/[^\s\"<]+)")


class Outcome(NamedTuple):
    """What a call gave."""

    code: int
    out: str
    err: str


class Home:
    """A config at work; ``settings`` are texts of the config that are replaced, such as the mail server's port."""

    def __init__(self, name: str, folder: Path, web: WebServer, settings: dict[str, str] | None = None) -> None:
        self.web = web
        self.source = CONFIGS / name
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self._settings = {SITE: web.url(""), **(settings or {})}
        for path in self.source.iterdir():
            if path.is_file():
                (folder / path.name).write_text(self._filled(path), encoding="utf-8")
                self.offer(path.read_text(encoding="utf-8"))
        self.serve("web")

    def _filled(self, path: Path) -> str:
        text = path.read_text(encoding="utf-8")
        for old, new in self._settings.items():
            text = text.replace(old, new)
        return text

    def serve(self, folder: str) -> None:
        """Put the files of a folder of the config, and what they point to, on the web server."""
        top = self.source / folder
        for path in (path for path in top.rglob("*") if path.is_file()):
            self.web.put(f"/{path.relative_to(top).as_posix()}", self._filled(path), _TYPES[path.suffix])
            self.offer(path.read_text(encoding="utf-8"))

    def offer(self, text: str) -> None:
        """Let the web server have what a text points to."""
        for place in _POINTED_AT.findall(text):
            self.web.pages.setdefault(place, Page(place.encode(), "application/octet-stream"))

    def run(self, *args: str) -> Outcome:
        """``flexget ARGS`` in the config's folder, as a process."""
        environment = {**os.environ, "HOME": str(self.home), "USERPROFILE": str(self.home), "PYTHONPATH": str(ROOT)}
        environment["PYTHONUTF8"] = "1"
        done = subprocess.run(
            [*FLEXGET, *args],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def execute(self, *args: str, test: bool = False) -> str:
        """``flexget execute ARGS``, which must succeed; its log. ``test``: nothing may last."""
        outcome = self.run(*(["--test"] if test else []), "execute", *args)
        assert outcome.code == 0, outcome.err + outcome.out
        assert "Traceback" not in outcome.err
        return outcome.err

    def files(self, below: str = "") -> list[str]:
        """Paths of all files below a folder of the user's home, with slashes, sorted."""
        top = self.home / below
        return sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())

    def text(self, name: str) -> str:
        """What a file below the user's home holds."""
        return (self.home / name).read_text(encoding="utf-8")

    def put(self, name: str, text: str) -> Path:
        """A file below the user's home."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def ask(self, *args: str) -> str:
        """``flexget ARGS`` in this process, which is quicker, for a look or a small change; what it prints."""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = main(["-c", str(self.folder / "config.yml"), *args])
        assert code == 0, printed.getvalue()
        return printed.getvalue()

    def history(self) -> list[str]:
        """Titles of what was accepted, newest first."""
        return [line.partition("|")[2] for line in self.ask("history", "--porcelain").splitlines()[1:]]

    def clear(self) -> None:
        """Forget which requests came to the web server."""
        self.web.asked.clear()

    def remove(self, below: str) -> None:
        """Remove a folder of the user's home."""
        shutil.rmtree(self.home / below)
