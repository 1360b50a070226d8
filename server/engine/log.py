"""Logging: one line format for file, console, API and command line, and a memory of the latest lines.

    2026-11-23 19:01:51 VERBOSE  details       tv              Produced 3 entries.

The levels ``VERBOSE`` (15) and ``TRACE`` (5) exist besides Python's own. Secrets are masked before a line is kept.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.engine.context import CURRENT
from server.engine.log_writer import DeferredHandler, LogFile, write_to

VERBOSE, TRACE = 15, 5
LEVELS = {
    "none": 100,
    "critical": logging.CRITICAL,
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "verbose": VERBOSE,
    "debug": logging.DEBUG,
    "trace": TRACE,
}
"""Names as the command line takes them, in any case."""

logging.addLevelName(VERBOSE, "VERBOSE")
logging.addLevelName(TRACE, "TRACE")

MAX_FILE = 10 * 1024 * 1024
KEPT_FILES = 9
KEPT_LINES = 2000

LINE = re.compile(
    r"^(?P<timestamp>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?P<level>[A-Z]+) +(?P<plugin>\S+) +(?P<rest>.*)$", re.DOTALL
)
PLUGIN_WIDTH, TASK_WIDTH = 13, 15

Masker = Callable[[str], str]
Hides = Callable[[logging.LogRecord], bool]


class _Everywhere:
    """What holds for all threads, as ``CURRENT`` does for one."""

    hidden: Hides | None = None


_EVERYWHERE = _Everywhere()


@dataclass(frozen=True, slots=True)
class Line:
    """One log line in parts, as the API tells them; ``number`` grows by one with each line of this process."""

    number: int
    timestamp: str
    log_level: str
    plugin: str
    task: str
    message: str
    raw: str

    def as_dict(self) -> dict[str, str]:
        """The keys of the API's stream."""
        return {
            "timestamp": self.timestamp,
            "log_level": self.log_level,
            "plugin": self.plugin,
            "task": self.task,
            "message": self.message,
        }


class _Formatter(logging.Formatter):
    """Makes the line of a record, once for all handlers."""

    _stamp = (-1, "")
    """A second and how it is written."""

    def format(self, record: logging.LogRecord) -> str:
        made: str | None = record.__dict__.get("line")
        if made is not None:
            return made
        second, stamp = self._stamp
        if second != int(record.created):
            second = int(record.created)
            stamp = datetime.fromtimestamp(second).strftime("%Y-%m-%d %H:%M:%S")
            self._stamp = second, stamp
        task = getattr(record, "task", CURRENT.task)
        message = record.getMessage()
        if record.exc_info:
            message = f"{message}\n{record.exc_text or self.formatException(record.exc_info)}"
        line = f"{stamp} {record.levelname:8} {record.name:{PLUGIN_WIDTH}} {task:{TASK_WIDTH}} {message}"
        record.line = line
        return line


class _Masking(logging.Filter):
    """Takes secrets out of a record, and fixes the task's name while its thread is known."""

    def filter(self, record: logging.LogRecord) -> bool:
        if CURRENT.apart or (CURRENT.hidden is not None and CURRENT.hidden(record)):
            return False
        if _EVERYWHERE.hidden is not None and _EVERYWHERE.hidden(record):
            return False
        if not hasattr(record, "task"):
            record.task = CURRENT.task
        if not getattr(record, "masked", False):
            record.msg, record.args, record.masked = masked(record.getMessage()), (), True
            if record.exc_info:  # a traceback tells the message of its exception, and lines of the program
                record.exc_text = masked(_TRACEBACKS.formatException(record.exc_info))
        return True


class LogBuffer(logging.Handler):
    """Keeps the latest lines and tells new ones to subscribers (in the thread that logged)."""

    def __init__(self, size: int = KEPT_LINES) -> None:
        super().__init__()
        self.setFormatter(_Formatter())
        self.path: Path | None = None
        self._lines: deque[Line] = deque(maxlen=size)
        self._number = 0
        self._subscribers: tuple[Callable[[Line, int], None], ...] = ()
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        try:
            raw = self.format(record)
            task = str(getattr(record, "task", ""))
            message = raw[_prefix_length(record.name, task) :]
            with self._guard:
                self._number += 1
                line = Line(self._number, raw[:19], record.levelname, record.name, task, message, raw)
                self._lines.append(line)
            for tell in self._subscribers:
                tell(line, record.levelno)
        except Exception:
            self.handleError(record)

    def lines(self) -> list[Line]:
        """The kept lines, oldest first."""
        with self._guard:
            return list(self._lines)

    def subscribe(self, callback: Callable[[Line, int], None]) -> Callable[[], None]:
        """``callback(line, level number)`` for each new line; returns the function that ends it."""
        with self._guard:
            self._subscribers = (*self._subscribers, callback)

        def unsubscribe() -> None:
            with self._guard:
                self._subscribers = tuple(known for known in self._subscribers if known is not callback)

        return unsubscribe


def _prefix_length(plugin: str, task: str) -> int:
    """Characters before the message: time, level and the two padded columns."""
    return 29 + max(len(plugin), PLUGIN_WIDTH) + 1 + max(len(task), TASK_WIDTH) + 1


def parse_line(raw: str, tasks: Collection[str] = ()) -> Line | None:
    """A line of the log file in parts; None when it is not the beginning of one.

    ``tasks``: names that there are. Without it one with spaces, or longer than its column, cannot be told from the
    message.
    """
    found = LINE.match(raw)
    if not found:
        return None
    # The task's column follows the plugin's; a name longer than its column pushes the rest to the right.
    start = 29 + max(len(found["plugin"]), PLUGIN_WIDTH) + 1
    known = [name for name in tasks if raw.startswith(f"{name:{TASK_WIDTH}} ", start)]
    task = max(known, key=len, default=None)
    if task is None:
        column = raw[start : start + TASK_WIDTH]
        word = column.strip()
        task = word if column == word.ljust(TASK_WIDTH) and " " not in word else ""
        message = raw[start + TASK_WIDTH + 1 :] if task == word else found["rest"]
    else:
        message = raw[start + max(len(task), TASK_WIDTH) + 1 :]
    return Line(0, found["timestamp"], found["level"], found["plugin"], task, message, raw)


_SECRET_IN_ADDRESS = re.compile(
    r"(?i)([?&](?:api_?key|(?:access_?|auth_?)?token|auth_?key|torrent_pass|pass(?:key|word|wd)?|rss_?key|secret)=)"
    r"[^&#\s'\"<>`]+|(://[^/\s:@'\"]*:)[^/\s@'\"]+(?=@)"
)


def mask_addresses(text: str) -> str:
    """The text without the keys and passwords that addresses in it carry: ``?apikey=***``, ``ftp://me:***@host``."""
    if "=" not in text and "://" not in text:
        return text
    return _SECRET_IN_ADDRESS.sub(lambda found: f"{found[1] or found[2]}***", text)


_MASKERS: list[Masker] = [mask_addresses]


_TRACEBACKS = logging.Formatter()


def add_masker(mask: Masker) -> None:
    """From now on every log line passes through ``mask`` first."""
    _MASKERS.append(mask)


def hide(fits: Hides | None) -> None:
    """From now on leave out the lines that fit, whoever logs them; None leaves out none."""
    _EVERYWHERE.hidden = fits


def masked(text: str) -> str:
    """The text without secrets, as it may be kept."""
    for mask in _MASKERS:
        text = mask(text)
    return text


def level_number(name: str) -> int:
    """The number of a level's name (any case); raises ``ValueError`` that lists the names."""
    try:
        return LEVELS[name.lower()]
    except KeyError:
        raise ValueError(f"unknown log level {name!r}; known are {', '.join(LEVELS)}") from None


def setup(
    *, level: str = "verbose", file: Path | None = None, console: bool = True, buffer: LogBuffer | None = None
) -> None:
    """Send the program's log to a file (rotating, 0600), the console and the buffer. May be called again.

    With a buffer, as in the daemon, the console is written to in the background.
    """
    root = logging.getLogger()
    for old in list(root.handlers):
        if getattr(old, "ours", False):
            root.removeHandler(old)
            old.close()
    root.setLevel(level_number(level))
    for noisy in ("urllib3", "requests", "asyncio", "alembic", "PIL", "tornado.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    handlers: list[logging.Handler] = []
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = LogFile(file, maxBytes=MAX_FILE, backupCount=KEPT_FILES)
        handlers.append(DeferredHandler(kept.write, str(file), kept.close))
    if console and sys.stderr is not None:
        # a command's own output and its log belong in the order in which they were made
        handlers.append(logging.StreamHandler() if buffer is None else DeferredHandler(write_to(sys.stderr), "stderr"))
    if buffer is not None:
        buffer.path = file
        handlers.append(buffer)
    for handler in handlers:
        handler.setFormatter(_Formatter())
        handler.addFilter(_Masking())
        handler.ours = True  # type: ignore[attr-defined]
        root.addHandler(handler)


def flush() -> None:
    """Write what was logged so far: the file is complete when this returns."""
    for handler in logging.getLogger().handlers:
        if getattr(handler, "ours", False):
            handler.flush()
