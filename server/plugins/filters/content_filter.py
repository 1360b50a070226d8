"""``content_filter``"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, as_list, priority
from server.engine.task import Task
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of

logger = logging.getLogger("content_filter")

MAIN_SHARE = 0.9
"""A file with this share of the whole size is the main one."""


def _masks(title: str, description: str, example: Any) -> dict[str, Any]:
    return {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "minItems": 1},
            {
                "type": "object",
                "properties": {
                    "from": {
                        "type": "array",
                        "title": "From",
                        "description": "Inputs whose titles are the masks.",
                        "items": INPUT_SCHEMA,
                        "examples": [[{"regexp_list": "masks"}]],
                    }
                },
                "additionalProperties": False,
            },
        ],
        "title": title,
        "description": description,
        "examples": [example],
    }


class ContentFilter(Plugin):
    """Rejects accepted torrents by the names of the files inside.

    Example::

        content_filter:
          require: ['*.mkv', '*.avi']
          reject: '*.rar'
    """

    schema = {
        "type": "object",
        "properties": {
            "require": _masks("Require", "One of these must fit a file.", ["*.mkv", "*.avi"]),
            "require_all": _masks("Require all", "Each of these must fit a file.", ["*.mkv", "*.nfo"]),
            "reject": _masks("Reject", "None of these may fit a file.", "*.rar"),
            "require_mainfile": {
                "type": "boolean",
                "default": False,
                "title": "Require a main file",
                "description": "Of several files one must have at least 90 % of the size.",
                "examples": [True],
            },
            "min_files": {
                "type": "integer",
                "title": "Fewest files",
                "description": "The least number of files.",
                "examples": [1],
            },
            "max_files": {
                "type": "integer",
                "title": "Most files",
                "description": "The greatest number of files.",
                "examples": [20],
            },
            "strict": {
                "type": "boolean",
                "default": False,
                "title": "Strict",
                "description": "Reject what tells no files, such as a magnet.",
                "examples": [True],
            },
            "regexp_mode": {
                "type": "boolean",
                "default": False,
                "title": "Regular expressions",
                "description": "Masks are regular expressions instead of wildcards.",
                "examples": [True],
            },
        },
        "additionalProperties": False,
    }
    category = "filter"

    @priority(150)
    def on_task_modify(self, task: Task, config: dict[str, Any]) -> None:
        """The task runs once more, for others to take the place of the rejected."""
        if task.options.test and not any("content_files" in entry for entry in task.accepted):
            logger.info("a test run downloads nothing, so there are no contents to look at")
            return
        masks = {name: _read(task, config.get(name)) for name in ("require", "require_all", "reject")}
        by_regexp = config.get("regexp_mode", False)
        if by_regexp:
            _check(mask for several in masks.values() for mask in several)
        fits = _by_regexp if by_regexp else fnmatchcase
        for entry in task.accepted:
            reason = _complaint(entry, config, masks, fits)
            if reason:
                logger.info("%s: %s", entry["title"], reason)
                entry.reject(reason, remember=True)
                task.rerun(self.name, "what was rejected may have an alternative")


def _read(task: Task, given: Any) -> list[str]:
    if isinstance(given, dict):
        return [str(entry["title"]) for item in given.get("from", []) for entry in entries_of(task, item)]
    return as_list(given)


def _check(masks: Iterable[str]) -> None:
    for mask in masks:
        try:
            re.compile(mask)
        except re.error as error:
            raise PluginError(f"{mask!r} is no regular expression, which `regexp_mode` asks for: {error}") from error


def _by_regexp(name: str, mask: str) -> bool:
    return re.search(mask, name, re.IGNORECASE) is not None


def _complaint(
    entry: Entry, config: dict[str, Any], masks: dict[str, list[str]], fits: Callable[[str, str], bool]
) -> str | None:
    files = entry.get("content_files")
    if files is None:
        return "it tells nothing of its files" if config.get("strict") else None
    files = [str(name) for name in files]
    count = len(files)
    if "min_files" in config and count < config["min_files"]:
        return f"it has {count} files, fewer than {config['min_files']}"
    if "max_files" in config and count > config["max_files"]:
        return f"it has {count} files, more than {config['max_files']}"

    def found(mask: str) -> bool:
        return any(fits(name, mask) for name in files)

    if masks["require"] and not any(map(found, masks["require"])):
        return f"it has no file like {_or(masks['require'])}"
    lacking = [mask for mask in masks["require_all"] if not found(mask)]
    if lacking:
        return f"it has no file like {_or(lacking)}"
    banned = next(filter(found, masks["reject"]), None)
    if banned is not None:
        return f"it has a file like {banned}"
    if config.get("require_mainfile") and count > 1 and not _has_main_file(entry):
        return "none of its files has most of the size"
    return None


def _or(masks: Iterable[str]) -> str:
    return " or ".join(masks)


def _has_main_file(entry: Entry) -> bool:
    """Whether one of the torrent's files has most of the size; True where the sizes are not known."""
    torrent = entry.get("torrent")
    sizes = [file.size for file in torrent.files] if torrent is not None else []
    return not sizes or max(sizes) >= MAIN_SHARE * sum(sizes)
