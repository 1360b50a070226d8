"""``torrent_files``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class TorrentFiles(Plugin):
    """Sets ``content_files`` (list of paths) of entries whose torrent was downloaded.

    Example::

        torrent_files: yes
    """

    schema = {
        "type": "boolean",
        "title": "Torrent files",
        "description": "Whether the files are taken from torrents (yes).",
        "examples": [True],
    }
    category = "modify"
    builtin = True

    @priority(200)
    def on_task_modify(self, task: Task, config: Any) -> None:
        """Take the list over."""
        for entry in task.entries:
            torrent = dict.get(entry, "torrent")
            if torrent is not None:
                entry["content_files"] = [file.path for file in torrent.files]
