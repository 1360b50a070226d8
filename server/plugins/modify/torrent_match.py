"""``torrent_match``"""

from __future__ import annotations

import logging
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import Torrent, is_magnet
from server.plugins.inputs._nested import INPUT_SCHEMA, run_inputs
from server.plugins.outputs._fetch import fetch

logger = logging.getLogger("torrent_match")


class TorrentMatch(Plugin):
    """Keeps the torrents whose files are on disk already, and sets ``path`` to the folder to seed them from.

    ``what``: inputs whose entries have a field ``location``, such as ``filesystem``. A folder stands for all that is
    in it; a torrent of several files needs its own folder among them. Names and sizes must be the same. Other torrents
    are rejected.

    Example::

        torrent_match:
          what:
            - filesystem: {path: /storage/seed, retrieve: dirs}
          max_size_difference: 2%
    """

    schema = {
        "type": "object",
        "properties": {
            "what": {
                "type": "array",
                "items": INPUT_SCHEMA,
                "title": "What",
                "description": "Inputs that tell which files are on disk.",
                "examples": [[{"filesystem": "/storage/seed"}]],
            },
            "max_size_difference": {
                "type": "string",
                "format": "percent",
                "default": "0%",
                "title": "Difference",
                "description": "Part of a torrent's size that may be missing on disk.",
                "examples": ["2%"],
            },
        },
        "required": ["what"],
        "additionalProperties": False,
        "title": "Torrent match",
        "description": "Where to look, and how much may be missing.",
        "examples": [{"what": [{"filesystem": "/storage/seed"}], "max_size_difference": "2%"}],
    }
    category = "modify"

    @priority(0)
    def on_task_download(self, task: Task, config: dict[str, Any]) -> None:
        """Fetch the torrents that nothing else has fetched."""
        fetch(task, [entry for entry in task.accepted if not is_magnet(entry["url"])])

    def on_task_modify(self, task: Task, config: dict[str, Any]) -> None:
        """Look for the files of each torrent."""
        accepted = task.accepted
        if task.options.test or not accepted:  # nothing was fetched in a test
            return
        share = 1 - float(config.get("max_size_difference", "0%").strip().rstrip("%")) / 100
        disk = Disk()
        for entry in run_inputs(task.services.registry, task, config["what"]):
            task.check_cancelled()
            location = entry.get("location")
            if location:
                disk.add(str(location))
        for entry in accepted:
            _decide(entry, disk, share)


def _decide(entry: Entry, disk: Disk, share: float) -> None:
    torrent = entry.get("torrent")
    if torrent is None:
        entry.reject("it has no torrent file whose content could be looked for")
        return
    size, folder = disk.best(torrent)
    if folder is None or size < torrent.size * share:
        entry.reject(f"on disk are {size} of the torrent's {torrent.size} bytes; {share:.1%} of them are needed")
        return
    logger.debug("%s is in %s", entry["title"], folder)
    entry["path"] = str(folder)


class Disk:
    """The files on disk, by their names."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._files: dict[str, list[str]] = defaultdict(list)
        self._folders: dict[str, list[str]] = defaultdict(list)
        self._walked: set[str] = set()

    def add(self, location: str) -> None:
        """A file, or a folder with all that is in it."""
        location = os.path.normpath(location)
        if Path(location).is_dir():
            for folder, below, names in os.walk(location):
                if folder in self._walked:
                    below.clear()
                    continue
                self._walked.add(folder)
                self._folders[Path(folder).name].append(folder)
                self._add_files(str(Path(folder) / name) for name in names)
        else:
            self._add_files([location])

    def _add_files(self, paths: Iterable[str]) -> None:
        for path in paths:
            if path not in self._sizes and Path(path).is_file():
                self._sizes[path] = Path(path).stat().st_size
                self._files[Path(path).name].append(path)

    def best(self, torrent: Torrent) -> tuple[int, Path | None]:
        """Bytes of a torrent's files that are there at most in one place, and the folder in which they are."""
        found: list[tuple[int, Path]] = []
        if torrent.is_multi_file:
            files = torrent.files
            for folder in self._folders.get(torrent.name, ()):
                there = (file.size for file in files if self._sizes.get(f"{folder}{os.sep}{file.path}") == file.size)
                found.append((sum(there), Path(folder).parent))
        else:
            for path in self._files.get(torrent.name, ()):
                if self._sizes[path] == torrent.size:
                    found.append((torrent.size, Path(path).parent))
        return max(found, key=lambda place: place[0], default=(0, None))
