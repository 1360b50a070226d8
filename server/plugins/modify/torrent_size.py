"""``torrent_size``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class TorrentSize(Plugin):
    """Sets ``content_size`` (bytes) of entries whose torrent was downloaded.

    Example::

        torrent_size: yes
    """

    schema = {
        "type": "boolean",
        "title": "Torrent size",
        "description": "Whether the size is taken from torrents (yes).",
        "examples": [True],
    }
    category = "modify"
    builtin = True

    @priority(200)
    def on_task_modify(self, task: Task, config: Any) -> None:
        """Take the size over."""
        for entry in task.entries:
            torrent = dict.get(entry, "torrent")
            if torrent is not None:
                entry["content_size"] = torrent.size
