"""The file that a running daemon keeps beside its config: who it is and where it answers."""

import json
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Lock:
    """What a daemon wrote about itself. ``url`` is None when its web server is off, or while it is not ``ready``."""

    pid: int
    url: str | None
    version: str | None
    ready: bool


def lock_path(config: Path) -> Path:
    """Where the daemon of ``config`` keeps its lock: ``.config-lock`` beside ``config.yml``."""
    return config.with_name(f".{config.stem}-lock")


def read_lock(config: Path) -> Lock | None:
    """The lock of a living daemon, or None: no file, half a file, or one that a crash left behind."""
    try:
        data = json.loads(lock_path(config).read_text(encoding="utf-8"))
        lock = Lock(int(data["pid"]), data.get("url") or None, data.get("version"), bool(data.get("control")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return lock if psutil.pid_exists(lock.pid) else None
