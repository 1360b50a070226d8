"""Writes the log from a thread of its own, many lines at once.

A line costs the thread that logs no system call: with one for each line, a task that decides about thousands of entries
and the thread that answers the API would hand each other the interpreter at every one of them.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

PAUSE = 0.05
"""Seconds that lines are gathered for."""
MOST_WAITING = 20_000
"""Lines that may wait; then who logs writes them himself, so that a slow disk cannot fill the memory."""


class DeferredHandler(logging.Handler):
    """Formats a record at once and hands its line to ``write(text)`` soon after; ``flush`` hands over what waits.

    ``end`` is called when it is closed. When writing fails, that is said once on stderr with ``target``, until it
    succeeds again.
    """

    def __init__(self, write: Callable[[str], None], target: str, end: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._target = target
        self._write, self._end = write, end
        self._waiting: deque[str] = deque()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._failed = False
        self._thread: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line until it is written."""
        if self._ended.is_set():
            return
        try:
            line = self.format(record) + "\n"
        except Exception:
            self.handleError(record)
            return
        self._waiting.append(line)
        if not self._wake.is_set():
            self._wake.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log", daemon=True)
                self._thread.start()
        elif len(self._waiting) > MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write everything that waits, in this thread."""
        with self._writing:
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not lines:
                return
            try:
                self._write("".join(lines))
            except (OSError, ValueError) as error:  # a full disk, a closed terminal
                self._tell(error)
            else:
                self._failed = False

    def _tell(self, error: Exception) -> None:
        if not self._failed and sys.stderr is not None:
            with suppress(OSError, ValueError):  # nobody may be there to hear it
                print(f"The log cannot be written to {self._target}: {error}", file=sys.stderr)
        self._failed = True

    def close(self) -> None:
        """Write the rest and end the thread."""
        self._ended.set()
        self._wake.set()
        self.flush()
        if self._end is not None:
            self._end()
        super().close()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._wake.wait()
            self._ended.wait(PAUSE)
            self._wake.clear()
            self.flush()


class LogFile(RotatingFileHandler):
    """A rotating file, only this user's, that takes many lines at once."""

    def __init__(self, path: Path, *, maxBytes: int, backupCount: int) -> None:
        super().__init__(path, maxBytes=maxBytes, backupCount=backupCount, encoding="utf-8", errors="backslashreplace")

    def _open(self) -> TextIOWrapper:
        return open(
            self.baseFilename,
            "a",
            encoding=self.encoding,
            errors=self.errors,
            opener=lambda path, flags: os.open(path, flags, 0o600),
        )

    def write(self, text: str) -> None:
        """Append lines, to a new file where the old one would grow too long or is gone. Raises OSError."""
        stream = self._at_its_place()
        if Path(self.baseFilename).is_file():  # never rename a pipe or a device
            stream.seek(0, os.SEEK_END)
            if stream.tell() + len(text) >= self.maxBytes:
                self.doRollover()
                stream = self._at_its_place()
        stream.write(text)
        stream.flush()

    def _at_its_place(self) -> TextIOWrapper:
        """The open file, another one where it lost its name: users and logrotate move it away."""
        if self.stream is not None and not self._has_its_name(self.stream):
            stream, self.stream = self.stream, None
            stream.close()
        if self.stream is None:
            self.stream = self._open()
        return self.stream

    def _has_its_name(self, stream: TextIOWrapper) -> bool:
        try:
            return os.path.samestat(Path(self.baseFilename).stat(), os.fstat(stream.fileno()))
        except FileNotFoundError:
            return False


def write_to(stream: TextIO) -> Callable[[str], None]:
    """A function that writes to a stream, and on to where that leads."""

    def write(text: str) -> None:
        stream.write(text)
        stream.flush()

    return write
