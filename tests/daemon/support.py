"""A real daemon process on a config of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "server.cli.main"]
PATIENCE = 20.0

CONFIG = """
    web_server: {bind: 127.0.0.1, port: 0}
    schedules: no
    tasks:
      fruit:
        mock: [{title: Apple, url: "http://x/1"}, {title: Pear, url: "http://x/2"}]
        accept_all: yes
        seen: no
"""


class Outcome(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


def environment() -> dict[str, str]:
    """The environment of the processes: this checkout, no proxies."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait for something to be true, and give it."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, f"{what} did not come true within {seconds} seconds"
        time.sleep(0.02)
    return found


class Daemon:
    """The daemon of ``folder/config.yml`` and the commands that talk to it."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self.folder = folder
        self.config = folder / "config.yml"
        self.lock = folder / ".config-lock"
        self.process: subprocess.Popen[str] | None = None
        self.write(config)

    def write(self, text: str) -> None:
        """Another config."""
        self.config.write_text(textwrap.dedent(text), encoding="utf-8")

    def plugin(self, name: str, text: str) -> None:
        """A plugin of the user's."""
        (self.folder / "plugins").mkdir(exist_ok=True)
        (self.folder / "plugins" / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")

    def start(self, *options: str) -> Daemon:
        """Start it in the foreground and wait until it answers."""
        said = (self.folder / "said.txt").open("w")
        self.process = subprocess.Popen(
            [*COMMAND, "-c", str(self.config), "daemon", "start", *options],
            env=environment(),
            stdout=said,
            stderr=said,
            text=True,
        )
        said.close()
        until(self._is_up)
        return self

    def _is_up(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said
        return self.info.get("pid") == self.process.pid and bool(self.info.get("control"))

    @property
    def said(self) -> str:
        """What it printed."""
        return (self.folder / "said.txt").read_text(encoding="utf-8")

    @property
    def log(self) -> str:
        """Its log file."""
        return (self.folder / "flexget.log").read_text(encoding="utf-8")

    @property
    def info(self) -> dict[str, Any]:
        """The lock file's content."""
        try:
            data: dict[str, Any] = json.loads(self.lock.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return data

    def run(self, *args: str, timeout: float = 30.0) -> Outcome:
        """``flexget -c config.yml ARGS``."""
        done = subprocess.run(
            [*COMMAND, "-c", str(self.config), *args],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def begin(self, *args: str) -> subprocess.Popen[str]:
        """A command that is not waited for."""
        command = [*COMMAND, "-c", str(self.config), *args]
        return subprocess.Popen(
            command,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )

    def api(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A request to the web server, with the token."""
        token = (self.folder / ".config-token").read_text().strip()
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.info['url']}/api{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or "null")

    def signal(self, number: int) -> None:
        """Send a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait for its end; the exit status."""
        assert self.process is not None
        return self.process.wait(seconds)

    def close(self) -> None:
        """Make sure that nothing goes on."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        pid = self.info.get("pid")
        if pid and self.process is None:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                return
