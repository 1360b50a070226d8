"""``rtorrent_magnet``"""

from __future__ import annotations

import logging
from pathlib import Path

from server.engine.entry import Entry
from server.engine.paths import from_home, pathscrub
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import is_magnet

logger = logging.getLogger("rtorrent_magnet")


class RtorrentMagnet(Plugin):
    """Writes each magnet link as a file `meta-<title>.torrent` into a folder that rTorrent watches.

    Example::

        rtorrent_magnet: ~/torrents/watch
    """

    schema = {
        "type": "string",
        "format": "path",
        "title": "Folder",
        "description": "The folder that rTorrent watches.",
        "examples": ["~/torrents/watch"],
    }
    category = "output"

    @priority(0)
    def on_task_output(self, task: Task, config: str) -> None:
        """One file for each accepted entry that is a magnet; the others are no business of this plugin."""
        for entry in task.accepted:
            if not is_magnet(entry["url"]):
                continue
            name = pathscrub(f"meta-{entry['title']}.torrent", filename=True)
            path = from_home(config, task.services.home) / name
            if task.options.test:
                logger.info("Would write: %s", path)
            else:
                _write(entry, path)


def _write(entry: Entry, path: Path) -> None:
    magnet = entry["url"].encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"d10:magnet-uri%d:%be" % (len(magnet), magnet))
    except OSError as error:
        entry.fail(f"{path} cannot be written: {error.strerror or error}")
    else:
        logger.info("Wrote %s", path)
