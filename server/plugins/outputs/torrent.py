"""``torrent``"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import Torrent, TorrentError, looks_like_torrent

logger = logging.getLogger("torrent")

MAX_TORRENT = 64 * 1024 * 1024
"""Bytes; a larger file is no torrent worth reading into memory."""


class TorrentInfo(Plugin):
    """Reads downloaded torrent files: sets ``torrent`` and ``torrent_info_hash``, and writes changed ones back.

    Example::

        torrent: yes
    """

    schema = {
        "type": "boolean",
        "title": "Torrent",
        "description": "Whether torrents are read (yes).",
        "examples": [True],
    }
    category = "output"
    acts_in = NOWHERE
    builtin = True

    @priority(255)
    def on_task_modify(self, task: Task, config: Any) -> None:
        """Read the torrents among the files."""
        for entry in task.accepted:
            if dict.__contains__(entry, "file") and "torrent" not in entry:
                self._read(entry)

    @staticmethod
    def _read(entry: Entry) -> None:
        path = Path(str(entry["file"]))
        try:
            with path.open("rb") as file:
                head = file.read(16)
                if not looks_like_torrent(head) or path.stat().st_size > MAX_TORRENT:
                    return
                torrent = Torrent.read(head + file.read())
        except TorrentError as error:
            if entry.get("mime-type", "", False) == "application/x-bittorrent":
                logger.warning("The file of %s should be a torrent, but %s", entry["title"], error)
            return
        except OSError as error:
            logger.warning("The file of %s cannot be read: %s", entry["title"], error)
            return
        entry["torrent"] = torrent
        entry["torrent_info_hash"] = torrent.info_hash
        name = entry.get("filename", None, False)
        if name and not str(name).endswith(".torrent"):
            entry["filename"] = f"{name}.torrent"

    @priority(255)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Write back those that plugins changed."""
        for entry in task.accepted:
            torrent = entry.get("torrent", None, False)
            if torrent is None or not getattr(torrent, "modified", False) or "file" not in entry:
                continue
            try:
                Path(str(entry["file"])).write_bytes(torrent.encode())
            except OSError as error:
                entry.fail(f"its changed torrent cannot be written: {error}")
                continue
            torrent.modified = False
            entry["torrent_info_hash"] = torrent.info_hash
