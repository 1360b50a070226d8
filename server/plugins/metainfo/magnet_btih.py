"""``magnet_btih``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.parsing.torrent import hash_of_magnet


class MagnetBtih(Plugin):
    """Sets ``torrent_info_hash`` of entries with a magnet link.

    Example::

        magnet_btih: yes
    """

    schema = {
        "type": "boolean",
        "title": "Magnet hash",
        "description": "Whether the hash is taken from magnets (yes).",
        "examples": [True],
    }
    category = "metainfo"
    builtin = True

    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Look at each entry's addresses."""
        for entry in task.entries:
            if dict.__contains__(entry, "torrent_info_hash"):
                continue
            for url in dict.get(entry, "urls") or (entry["url"],):
                if url[:7] == "magnet:" and (found := hash_of_magnet(url)):
                    entry["torrent_info_hash"] = found
                    break
