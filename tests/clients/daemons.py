"""Real clients on loopback, each with an empty folder of its own."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bencode2 import bencode

PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(happened: Callable[[], Any], what: str) -> Any:
    """Wait for something; its value."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")


@contextmanager
def running(command: list[str], home: Path, ready: Callable[[], Any], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the foreground, until the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "xdg"), "LC_ALL": "C.UTF-8"}
    log = (home / "log").open("wb")
    process = subprocess.Popen(
        command, cwd=home, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **more
    )

    def up() -> Any:
        assert process.poll() is None, (home / "log").read_text(errors="replace")
        return ready()

    try:
        until(up, command[0])
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(8)
        log.close()


def make_torrent(folder: Path, name: str, files: dict[str, int], content: bytes | None = None) -> tuple[Path, str]:
    """A private torrent (so that no client asks the world for peers) with files of these sizes; its path and hash.

    ``content``: of a single file, where the torrent is to be found complete.
    """
    length = 16384
    total = sum(files.values())
    info: dict[bytes, Any] = {
        b"name": name.encode(),
        b"piece length": length,
        b"pieces": b"".join(hashlib.sha1(content[at : at + length]).digest() for at in range(0, total, length))
        if content
        else hashlib.sha1(name.encode()).digest() * -(-total // length),
        b"private": 1,
    }
    if list(files) == [name]:
        info[b"length"] = total
    else:
        info[b"files"] = [
            {b"length": size, b"path": [p.encode() for p in path.split("/")]} for path, size in files.items()
        ]
    path = folder / f"{name}.torrent"
    path.write_bytes(bencode({b"announce": b"http://127.0.0.1:9/announce", b"info": info}))
    return path, hashlib.sha1(bencode(info)).hexdigest()
