"""Real processes for tests: daemons, launchers and what they need around them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLEXGET = (sys.executable, "-m", "server.cli.main")
WAIT = 20.0
Answer = TypeVar("Answer")
WEB = "web_server: {bind: 127.0.0.1, port: 0}\n"


def wait_for(look: Callable[[], Answer | None], what: str, seconds: float = WAIT) -> Answer:
    """The first answer of ``look`` that is not None or False; fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = look()
        if answer is not None and answer is not False:
            return answer
        time.sleep(0.05)
    pytest.fail(f"waited {seconds:.0f} s in vain: {what}")


def lock_of(config: Path) -> dict[str, object] | None:
    """What the daemon of a config wrote into its lock file, once it serves."""
    try:
        answer: dict[str, object] = json.loads(config.with_name(f".{config.stem}-lock").read_text())
    except (OSError, ValueError):
        return None
    return answer if answer.get("control") else None


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@dataclass
class Running:
    """A process whose output goes to a file."""

    process: subprocess.Popen[bytes]
    config: Path
    output: Path

    @property
    def said(self) -> str:
        """What it printed so far."""
        return self.output.read_text(errors="replace")

    @property
    def url(self) -> str:
        """Where the daemon of its config serves, with no slash at the end."""
        lock = wait_for(lambda: lock_of(self.config), f"the lock of {self.config}\n{self.said}")
        return str(lock["url"]).rstrip("/")

    def find(self, pattern: str) -> str:
        """Waits until the output matches; the match (its first group if it has one)."""

        def look() -> str | None:
            found = re.search(pattern, self.said)
            if found is None and self.process.poll() is not None:
                pytest.fail(f"it ended with {self.process.returncode} before it said {pattern!r}:\n{self.said}")
            return found[found.re.groups and 1] if found else None

        return wait_for(look, f"{pattern!r} in the output")

    def end(self, number: int = signal.SIGTERM) -> int:
        """Signals it (once more than needed does no harm) and waits; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"it did not end within {WAIT:.0f} s:\n{self.said}")


def start(
    command: Sequence[str | Path], folder: Path, config: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Running:
    """Starts a command (with ``-c`` and the config's path added after its first words, see ``CONFIG``) in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yml"
    path.write_text(config)
    output = folder / "output.txt"
    words = [str(path) if word == "CONFIG" else str(word) for word in command]
    with output.open("wb") as out:  # a file, not a pipe: nothing to drain
        environment = dict(os.environ) if env is None else dict(env)
        process = subprocess.Popen(words, cwd=cwd, env=environment, stdout=out, stderr=subprocess.STDOUT)
    return Running(process, path, output)


def start_daemon(folder: Path, config: str, **env: str) -> Running:
    """A daemon that serves already."""
    running = start((*FLEXGET, "-c", "CONFIG", "daemon", "start"), folder, config, {**os.environ, **env})
    wait_for(lambda: lock_of(running.config) or running.process.poll() is not None, "the daemon's lock")
    if running.process.poll() is not None:
        pytest.fail(f"the daemon did not start:\n{running.said}")
    return running
