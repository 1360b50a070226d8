"""``tail``"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.features.tail.store import Position, TailStore
from server.plugins.inputs._line_patterns import ENTRY_SCHEMA, FORMAT_SCHEMA, BadFormat, LinePatterns
from server.plugins.inputs._source import local_path

logger = logging.getLogger("tail")

BLOCK = 256 * 1024
MARKS = {"utf-16": 2, "utf-32": 4}
"""Encodings whose first bytes tell the order of the others, and how many those are."""


class Tail(Plugin):
    """Entries cut out of a text file that grows, such as a log: each run reads what was added since the last one.

    Each field has a regular expression whose first group (or the whole match, where it has none) is the value. An
    entry is complete when all fields were found, or when one of them turns up again. A file that became smaller is
    read from its beginning, as are those named by `execute --tail-reset` (the file, or the task).

    Example::

        tail:
          file: /var/log/irc/announce.log
          entry:
            title: 'New: (.*?) - http'
            url: '(https?://\\S+)'
    """

    schema = {
        "type": "object",
        "properties": {
            "file": {
                "type": "string",
                "format": "file",
                "title": "File",
                "description": "Path of the text.",
                "examples": ["/var/log/irc/announce.log"],
            },
            "encoding": {
                "type": "string",
                "title": "Encoding",
                "description": "The text's character set; UTF-8 unless said.",
                "examples": ["latin-1"],
            },
            "entry": ENTRY_SCHEMA,
            "format": FORMAT_SCHEMA,
        },
        "required": ["file", "entry"],
        "additionalProperties": False,
    }
    category = "input"
    acts_in = NOWHERE

    def on_task_input(self, task: Task, config: dict[str, Any]) -> list[Entry]:
        """The entries of what is new. How far it was read is remembered unless the task is aborted."""
        path = local_path(task, config["file"])
        known = task.state(self)
        if not known:
            task.at_end(lambda: self._remember(task))
        name = str(path)
        start = known.get(name) or self._start(task, name, config["file"])
        reader = _Reader(config)
        known[name] = reader.read(task, path, start)
        return reader.entries

    @staticmethod
    def _start(task: Task, name: str, written: str) -> Position:
        """Where to go on."""
        position = task.db.store(TailStore).get(task.name, name)
        if position.bytes and task.options.tail_reset in (task.name, written, name):
            logger.info("The position in %s (%d) is reset to its beginning", name, position.bytes)
            return Position()
        return position

    def _remember(self, task: Task) -> None:
        if not task.aborted:
            store = task.db.store(TailStore)
            for name, position in task.state(self).items():
                store.keep(task.name, name, position)


class _Reader:
    """Reads a file on from a position and collects the entries."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.entries: list[Entry] = []
        self._patterns = LinePatterns(config, logger)
        self._encoding: str = config.get("encoding") or "utf-8"

    def read(self, task: Task, path: Path, start: Position) -> Position:
        """Where the next run goes on; raises :class:`PluginError`."""
        patterns = self._patterns
        try:
            with path.open("rb") as file:
                if path.stat().st_size < start.bytes:
                    logger.info("%s is smaller than it was; it is read from its beginning", path)
                    start = Position()
                patterns.found = {field: text for field, text in start.found.items() if field in patterns.patterns}
                for line in _lines(file, start.bytes, self._encoding):
                    task.check_cancelled()
                    self.entries.extend(patterns.entry(found) for found in patterns.read(line))
                return Position(file.tell(), patterns.found)
        except BadFormat as error:
            raise PluginError(str(error)) from error
        except OSError as error:
            raise PluginError(f"cannot read {path}: {error.strerror or error}") from error


def _lines(file: BinaryIO, start: int, encoding: str) -> Iterator[str]:
    """The lines from a position on, without their ends; raises :class:`PluginError` for an unknown encoding."""
    try:
        name = codecs.lookup(encoding).name
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        raise PluginError(f"there is no encoding named {encoding}; utf-8 and latin-1 are the usual ones") from None
    if start and name in MARKS:
        decoder.decode(file.read(MARKS[name]))
    file.seek(start)
    rest = ""
    while block := file.read(BLOCK):
        *lines, rest = (rest + decoder.decode(block)).split("\n")
        yield from (line.rstrip("\r") for line in lines)
    if rest:
        yield rest.rstrip("\r")
