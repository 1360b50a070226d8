"""One daemon a config: the lock file beside it, which also tells others where the daemon answers.

    lock = Lock(path)
    lock.acquire()                  # raises AlreadyRunning with the pid of the other one
    lock.tell(Running(...))
    ...
    lock.release()

What counts is the operating system's lock on the file, which ends with the process however that ends. So a file that a
crash left behind does no harm, and neither does a pid that something else has by now. The text in it is JSON:
``{"pid", "url", "control", "base", "version", "started", "secret"}``, for this user only (0600).

Tasks are run by one process at a time, the daemon or a command: the one whose :class:`Turn` it is.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

logger = logging.getLogger("lock")

PATIENCE = 0.5
"""Seconds to try again: somebody may just be looking whether the lock is free."""

FAR = 1 << 30
"""On Windows a locked byte cannot be read, so the byte that is locked lies beyond the text."""


@dataclass(frozen=True)
class Running:
    """A daemon. ``url``: of its web server, None when that is off. ``control``: ``unix:PATH`` or ``http://HOST:PORT``,

    where ``secret`` must be sent. ``base``: what the API's paths begin with. ``started``: epoch seconds.
    """

    pid: int
    url: str | None = None
    control: str | None = None
    base: str = ""
    version: str | None = None
    started: float = 0.0
    secret: str | None = None


class AlreadyRunning(Exception):
    """Another daemon works on this config."""

    def __init__(self, path: Path, running: Running | None) -> None:
        who = f"a daemon with pid {running.pid}" if running else "another process"
        super().__init__(f"{who} works on this config already (lock file {path}). Stop it first: flexget daemon stop")
        self.running = running


def lock_path(config: Path) -> Path:
    """``.config-lock`` beside ``config.yml``."""
    return config.with_name(f".{config.stem}-lock")


class _FileLock:
    """The system's lock on a file, which is there as long as somebody holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take it, or tell that somebody else has it; raises OSError where the folder or its file system cannot."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _lock(file) and _same(file, self.path):
                self._file, file = file, -1
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from error
        finally:
            if file >= 0:
                os.close(file)
        return self._file is not None

    def release(self) -> None:
        """Let go; the file goes too."""
        file, self._file = self._file, None
        if file is None:
            return
        if sys.platform == "win32":  # an open file cannot be removed there
            os.ftruncate(file, 0)
            os.close(file)
        else:
            if _same(file, self.path):
                self.path.unlink(missing_ok=True)
            os.close(file)


class Lock(_FileLock):
    """The lock of this process's daemon."""

    def __init__(self, config: Path) -> None:
        super().__init__(lock_path(config))

    def acquire(self) -> None:
        """Take the lock; raises :class:`AlreadyRunning`, or OSError where the folder cannot be written to."""
        end = time.monotonic() + PATIENCE
        while not self.take():
            if time.monotonic() > end:
                raise AlreadyRunning(self.path, _parsed(self.path))
            time.sleep(0.02)
        stale = _parsed(self.path)
        if stale is not None:
            logger.info("The daemon with pid %d did not end as it should; its lock is replaced", stale.pid)
        self.tell(Running(os.getpid()))

    def tell(self, running: Running) -> None:
        """Write who runs and where it answers."""
        if self._file is None:
            raise RuntimeError("the lock is not held")
        text = json.dumps(asdict(running)).encode() + b"\n"
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, text)
        os.ftruncate(self._file, len(text))


class Turn(_FileLock):
    """The right to run tasks of a config: two runs of a task beside each other would take the same entries twice."""

    def __init__(self, config: Path) -> None:
        super().__init__(config.with_name(f".{config.stem}-run"))

    def take(self) -> bool:
        """Whether it is this process's turn from now on; also where nobody can tell."""
        try:
            return super().take()
        except OSError as error:
            logger.warning("It cannot be seen to that only one process runs tasks: %s", error)
            return True


def find_running(config: Path) -> Running | None:
    """The daemon that works on a config right now, or None."""
    path = lock_path(config)
    end = time.monotonic() + PATIENCE
    while not is_free(path):
        found = _parsed(path)
        if found is not None or time.monotonic() > end:
            return found
        time.sleep(0.02)  # it is just writing, or only looking
    return None


def is_free(path: Path) -> bool:
    """Whether no living process holds the lock."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return True
    try:
        return _lock(file)
    except OSError:  # no locks on this file system, so nobody has one
        return True
    finally:
        os.close(file)


@contextlib.contextmanager
def held(config: Path) -> Iterator[Lock]:
    """The lock for the length of a block."""
    lock = Lock(config)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()


def _parsed(path: Path) -> Running | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        known = {name: data[name] for name in Running.__dataclass_fields__ if name in data}
        return Running(**known) if isinstance(known["pid"], int) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _same(file: int, path: Path) -> bool:
    """Whether the open file is still the one of that name: it may have been removed before it was locked."""
    try:
        there, here = path.stat(), os.fstat(file)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> bool:
        os.lseek(file, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
