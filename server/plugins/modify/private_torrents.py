"""``private_torrents``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class PrivateTorrents(Plugin):
    """Rejects downloaded torrents that are not private, or those that are.

    Example::

        private_torrents: no
    """

    schema = {
        "type": "boolean",
        "title": "Private torrents",
        "description": "Whether torrents must be private (`yes`) or public (`no`).",
        "examples": [False],
    }
    category = "modify"
    runs_when_off = True

    @priority(127)
    def on_task_modify(self, task: Task, config: bool) -> None:
        """What is no torrent is left alone."""
        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is not None and torrent.private != config:
                entry.reject("the torrent is private" if torrent.private else "the torrent is public", remember=True)
