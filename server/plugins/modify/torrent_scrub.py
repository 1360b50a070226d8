"""``torrent_scrub``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task

STANDARD = frozenset({b"announce", b"announce-list", b"comment", b"created by", b"creation date", b"encoding", b"info"})
"""Keys outside of the info that stay (BEP 3, 12)."""

INFO = frozenset({b"files", b"length", b"name", b"piece length", b"pieces", b"private"})
"""Keys of the info; other ones are taken away by ``all`` only, which changes the info hash."""

RESUME = frozenset({b"libtorrent_resume"})
"""What a client needs to go on with a download."""

RTORRENT = RESUME | {b"rtorrent"}
"""What rTorrent writes into the torrents of its session."""


class TorrentScrub(Plugin):
    """Takes keys out of downloaded torrents that clients or sites have left there.

    Example::

        torrent_scrub: resume
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {"type": "string", "enum": ["off", "on", "all", "resume", "rtorrent"]},
            {"type": "array", "items": {"type": "string"}},
        ],
        "title": "Scrub",
        "description": "`on`: unusual keys; `all`: those of the info too; `resume`: a client's resume data; "
        "`rtorrent`: all that rTorrent left; a list: these.",
        "examples": ["resume", ["libtorrent_resume", "info.x_cross_seed"]],
    }
    category = "modify"

    @priority(245)
    def on_task_modify(self, task: Task, config: Any) -> None:
        """What is no torrent is left alone."""
        if config in (False, "off"):
            return
        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is None:
                continue
            gone = _scrub(torrent.content, config)
            if gone:
                torrent.modified = True
                task.log(self.name).info("%s: took %s out of the torrent", entry["title"], ", ".join(gone))


def _scrub(content: dict[bytes, Any], config: Any) -> list[str]:
    """Take keys away and return their names."""
    if isinstance(config, list):
        return [key for key in config if _take(content, [part.encode() for part in key.split(".")])]
    unwanted = {"resume": RESUME, "rtorrent": RTORRENT}.get(str(config))
    keys = [key for key in content if (key in unwanted if unwanted else key not in STANDARD)]
    for key in keys:
        del content[key]
    names = [key.decode("utf-8", "replace") for key in keys]
    if config == "all":
        inner = [key for key in content[b"info"] if key not in INFO]
        for key in inner:
            del content[b"info"][key]
        names += [f"info.{key.decode('utf-8', 'replace')}" for key in inner]
    return names


def _take(content: dict[bytes, Any], path: list[bytes]) -> bool:
    *parents, key = path
    for parent in parents:
        inner = content.get(parent)
        if not isinstance(inner, dict):
            return False
        content = inner
    return content.pop(key, None) is not None
