"""What the benchmarks share: both programs under one interface, and where the figures were taken."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Program:
    """A ``flexget`` command: ours, or the reference's."""

    name: str
    command: tuple[str, ...]

    def run(self, config: Path, *args: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a command on a config and wait for it."""
        return subprocess.run(
            [*self.command, "-c", str(config), *args],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=environment(),
            cwd=config.parent,
            check=False,
        )

    @contextmanager
    def daemon(self, config: Path, port: int) -> Iterator[Daemon]:
        """A daemon in the foreground, up when the block begins; ended by its pid afterwards."""
        log = config.parent / f"{self.name}-daemon.out"
        started = time.perf_counter()
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*self.command, "-c", str(config), "daemon", "start"],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment(),
                cwd=config.parent,
            )
        daemon = Daemon(process, f"http://127.0.0.1:{port}", started, log)
        try:
            daemon.wait_up()
            yield daemon
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def token(self, config: Path) -> str:
        """The API's token."""
        found = re.search(r"\b[0-9a-f]{56}\b", self.run(config, "web", "showtoken").stdout)
        if not found:
            raise SystemExit(f"{self.name}: no token")
        return found.group(0)


@dataclass
class Daemon:
    """A running daemon; ``ready`` seconds from its start to its first 200."""

    process: subprocess.Popen[bytes]
    url: str
    started: float
    log: Path
    ready: float = 0.0

    def wait_up(self, path: str = "/api/server/pid/", timeout: float = 30) -> None:
        """Poll until something answers (401 counts: the server is up)."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"the daemon ended: {self.log.read_text()[-2000:]}")
            try:
                urllib.request.urlopen(self.url + path, timeout=5).close()
            except urllib.error.HTTPError:
                pass
            except OSError:
                time.sleep(0.01)
                continue
            self.ready = time.perf_counter() - self.started
            return
        raise SystemExit(f"no answer from {self.url}")

    def memory(self) -> float:
        """Resident MiB of the process and its children."""
        main = psutil.Process(self.process.pid)
        return sum(process.memory_info().rss for process in [main, *main.children(recursive=True)]) / 2**20

    def cpu(self) -> float:
        """CPU seconds so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


def environment() -> dict[str, str]:
    """A plain environment: no proxies, UTF-8, the tree importable, bytecode kept as an installation does."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and name not in left_out
    }
    return {**kept, "LANG": "C.UTF-8", "TZ": "UTC", "PYTHONPATH": str(ROOT)}


def ours() -> Program:
    """This project, by the interpreter that runs the benchmark."""
    return Program("ours", (sys.executable, "-m", "server.cli.main"))


def reference() -> Program | None:
    """The reference, when ``FLEXGET_REFERENCE`` names its command; else None."""
    command = os.environ.get("FLEXGET_REFERENCE")
    if not command:
        return None
    return Program("reference", tuple(command.split()))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load(url: str, *, connections: int, seconds: float, token: str, headers: dict[str, str] | None = None) -> dict:
    """One measurement of :mod:`tests.bench.load`, in a process of its own."""
    extra = [part for name, value in (headers or {}).items() for part in ("-H", f"{name}: {value}")]
    command = [
        sys.executable,
        "-m",
        "tests.bench.load",
        url,
        "-c",
        str(connections),
        "-s",
        str(seconds),
        "--token",
        token,
    ]
    done = subprocess.run([*command, *extra], capture_output=True, text=True, check=True, cwd=ROOT, env=environment())
    return json.loads(done.stdout)


def machine() -> str:
    """One line about where the figures were taken."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor(),
    )
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, Python {platform.python_version()}"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def median(values: list[float]) -> float:
    """The middle value."""
    return sorted(values)[len(values) // 2]


def heading(programs: Sequence[Program]) -> str:
    """The head of a table of figures, a column for each program and one for the ratio."""
    names = " | ".join(program.name for program in programs)
    return f"| figure | {names} | ratio |\n| --- |{' ---: |' * (len(programs) + 1)}"


def row(name: str, values: Sequence[float]) -> str:
    """A line of that table; the ratio is ours by the reference's."""
    ratio = f"{values[0] / values[1]:.2f}" if len(values) > 1 and values[1] else ""
    return (
        f"| {name} | {' | '.join(f'{value:,.0f}' if value >= 1000 else f'{value:.3g}' for value in values)} | {ratio} |"
    )


def csv_file(path: Path, entries: int) -> Path:
    """A feed of that many entries for the ``csv`` input: title, url."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(entries):
            title = f"Some.Show.Number.{number}.S{number % 20:02}E{number % 24:02}.720p.HDTV.x264-GRP{number}"
            file.write(f"{title},http://localhost/{number}\n")
    return path


def clean(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
