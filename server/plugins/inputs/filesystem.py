"""``filesystem``"""

from __future__ import annotations

import fnmatch
import logging
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.plugins.inputs._source import local_path

logger = logging.getLogger("filesystem")

Found = Callable[[str], Any]


class Filesystem(Plugin):
    """Files and folders as entries.

    Fields: ``location`` (path), ``filename``, ``content_size`` (bytes, of files), ``atime``, ``mtime``, ``ctime``.

    Example::

        filesystem:
          path: /storage/downloads
          recursive: yes
          mask: '*.mkv'
    """

    schema = {
        "oneOf": [
            text_or_list(type="string", format="path", title="Folder"),
            {
                "type": "object",
                "properties": {
                    "path": {
                        **text_or_list(type="string", format="path"),
                        "title": "Folders",
                        "description": "Where to look.",
                        "examples": ["/storage/downloads", ["/storage/tv", "/storage/movies"]],
                    },
                    "mask": {
                        "type": "string",
                        "title": "Mask",
                        "description": "Pattern with * and ? that a path must fit, in any case.",
                        "examples": ["*.mkv"],
                    },
                    "regexp": {
                        "type": "string",
                        "format": "regex",
                        "title": "Regular expression",
                        "description": "Must fit the path from its beginning, in any case; a mask takes its place.",
                        "examples": [r".*\.(mkv|avi)$"],
                    },
                    "recursive": {
                        "oneOf": [{"type": "boolean"}, {"type": "integer", "minimum": 2}],
                        "title": "Recursive",
                        "description": "Whether to look into folders below, or how many levels deep.",
                        "examples": [True, 3],
                    },
                    "retrieve": {
                        **text_or_list(type="string", enum=["files", "dirs", "symlinks"]),
                        "title": "Retrieve",
                        "description": "Kinds to take; without it all of them.",
                        "examples": ["files", ["files", "symlinks"]],
                    },
                },
                "required": ["path"],
                "additionalProperties": False,
            },
        ],
        "title": "Folders",
        "description": "One folder, several, or options.",
        "examples": ["/storage/downloads"],
    }
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One entry for each fitting file or folder."""
        options = config if isinstance(config, dict) else {"path": config}
        fits = _matcher(options.get("mask"), options.get("regexp"))
        kinds = set(as_list(options.get("retrieve")) or ("files", "dirs", "symlinks"))
        depth = _depth(options.get("recursive", False))
        seen: set[str] = set()
        for place in as_list(options["path"]):
            folder = local_path(task, place)
            if not folder.is_dir():
                logger.error("%s does not exist (any more) or is no folder", folder)
                continue
            for item in _walk(str(folder), depth):
                task.check_cancelled()
                if item.path in seen or not fits(item.path) or not kinds & _kinds(item):
                    continue
                seen.add(item.path)
                entry = make_entry(Path(item.path))
                if entry is not None:
                    yield entry


def make_entry(path: Path) -> Entry | None:
    """The entry of a file or folder; None (and a warning) where it cannot be looked at, or its name is no text."""
    if not _is_text(str(path)):
        logger.warning("%s is left out: its name is not in UTF-8; rename it", ascii(str(path)))
        return None
    try:
        facts = path.stat()
        is_file = path.is_file()
    except OSError as error:
        logger.warning("%s cannot be read and is left out: %s", path, error.strerror or error)
        return None
    fields: dict[str, Any] = {
        "title": path.stem if is_file else path.name,
        "url": path.absolute().as_uri(),
        "filename": path.name,
        "location": str(path),
        "atime": datetime.fromtimestamp(facts.st_atime, UTC),
        "mtime": datetime.fromtimestamp(facts.st_mtime, UTC),
        "ctime": datetime.fromtimestamp(facts.st_ctime, UTC),
    }
    if is_file:
        fields["content_size"] = facts.st_size
    return Entry(fields)


def _is_text(name: str) -> bool:
    """Whether all of a name could be read; neither the log nor the database could keep it otherwise."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _matcher(mask: str | None, regexp: str | None) -> Found:
    """Where both are given the mask counts."""
    found = fnmatch.translate(mask) if mask else regexp
    return re.compile(found or "", re.IGNORECASE).match


def _depth(recursive: bool | int) -> int:
    if recursive is True:
        return -1
    return int(recursive) if recursive else 1


def _walk(folder: str, depth: int) -> Iterator[os.DirEntry[str]]:
    """Everything below, nearest first; links to folders are given but not followed."""
    try:
        with os.scandir(folder) as found:
            items = sorted(found, key=lambda item: item.name)
    except OSError as error:
        logger.warning("%s cannot be listed: %s", folder, error.strerror or error)
        return
    yield from items
    if depth == 1:
        return
    for item in items:
        if item.is_dir(follow_symlinks=False):
            yield from _walk(item.path, depth - 1)


def _kinds(item: os.DirEntry[str]) -> set[str]:
    if item.is_symlink():
        return {"symlinks"}
    return {"dirs"} if item.is_dir() else {"files"}
