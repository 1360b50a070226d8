"""``rtorrent``"""

from __future__ import annotations

import logging
from typing import Any
from xmlrpc.client import Binary

from server.engine.entry import Entry
from server.engine.task import Task
from server.plugins._schema import choice, switch, text
from server.plugins.clients._base import Refused, TorrentClient, folder_text, hash_of, source_of
from server.plugins.clients._fast_resume import with_resume_data
from server.plugins.clients._rtorrent import WHERE, connect
from server.plugins.clients._xmlrpc import XmlRpc

logger = logging.getLogger("rtorrent")

TRIES = 50
PAUSE = 0.1
"""Seconds between two looks; rTorrent answers before it has the torrent."""

PRIORITIES = {"off": 0, "low": 1, "normal": 2, "high": 3}
CUSTOM = ("custom1", "custom2", "custom3", "custom4", "custom5")

OPTIONS: dict[str, Any] = {
    "action": choice(
        "What to do",
        "`add` hands torrents over; the others act on the client's torrents (see `from_rtorrent`): `update` sets the "
        "options, `delete` keeps what was downloaded, `purge` deletes it too.",
        "add",
        "update",
        "delete",
        "purge",
    ),
    "start": switch("Start", "Whether torrents start at once.", default=True),
    "mkdir": switch("Make the folder", "Whether the folder is made where it is missing.", default=True),
    "fast_resume": switch(
        "Fast resume",
        "Whether files that lie in `path` already, in their sizes, count as complete without being checked.",
        default=False,
    ),
    "path": text("Folder", "Where the client saves to; may hold {{ fields }}.", "/tv/{{ series_name }}"),
    "message": text("Message", "Shown beside the torrent; may hold {{ fields }}.", "by FlexGet"),
    "priority": text("Priority", "off, low, normal or high.", "high"),
    **{
        name: text(f"Field {name[-1]}", "One of rTorrent's fields; ruTorrent shows the first as label.", "tv")
        for name in CUSTOM
    },
    "custom_fields": {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "title": "More fields",
        "description": "Fields of any name; the texts may hold {{ fields }}.",
        "examples": [{"addedby": "flexget"}],
    },
}


class Rtorrent(TorrentClient):
    """Hands torrents and magnets to rTorrent, or acts on torrents that it has.

    A torrent that is there already counts as handed over and is left as it is. Every option but those of the connection
    can be set on an entry (``set: {custom1: tv}``).

    Example::

        rtorrent:
          uri: scgi://localhost:5000
          path: /tv/{{ series_name }}
          custom1: tv
          priority: high
    """

    schema = {
        "type": "object",
        "title": "rTorrent",
        "description": "Hands torrents to rTorrent.",
        "examples": [{"uri": "scgi://localhost:5000", "path": "/tv/{{ series_name }}"}],
        "properties": {**WHERE, **OPTIONS},
        "required": ["uri"],
        "additionalProperties": False,
    }
    # `priority` and `message` are names that feeds use too.
    options = tuple(name for name in OPTIONS if name not in ("priority", "message"))

    def connect(self, task: Task, config: dict[str, Any]) -> XmlRpc:
        """See :func:`server.plugins.clients._rtorrent.connect`."""
        return connect(task, config)

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Add it, or do what ``action`` says to the client's torrent."""
        action = options.get("action", "add")
        if action == "add":
            self._add(task, client, entry, options)
            return
        torrent = hash_of(entry)
        if not has(client, torrent):
            if action == "update":
                raise Refused(f"rTorrent has no torrent {torrent}")
        elif action == "update":
            set_options(client, torrent, entry, options)
        elif action in ("delete", "purge"):
            remove(client, torrent, purge=action == "purge")
        else:
            raise Refused(f"{action!r} is no action; there are {', '.join(OPTIONS['action']['enum'])}")
        logger.info("%s: %s", action, entry["title"])

    @staticmethod
    def _add(task: Task, client: XmlRpc, entry: Entry, options: dict[str, Any]) -> None:
        source = source_of(entry)
        torrent = source.info_hash
        if has(client, torrent):
            logger.info("rTorrent has %s already", entry["title"])
        else:
            if source.magnet:
                client.call("load.normal", "", source.magnet)
            else:
                client.call("load.raw", "", Binary(prepared(source.raw or b"", entry, options)))
            for _ in range(TRIES):
                if has(client, torrent):
                    break
                task.sleep(PAUSE)
            else:
                raise Refused("rTorrent did not take it; its log may tell why")
            try:
                set_options(client, torrent, entry, options)
            except Refused:
                client.call("d.erase", torrent)
                raise
            if options.get("start", True):
                client.call("d.start", torrent)
            logger.info("rTorrent has %s", entry["title"])
        entry["torrent_info_hash"] = torrent


def prepared(raw: bytes, entry: Entry, options: dict[str, Any]) -> bytes:
    """The torrent file as it is handed over."""
    if not options.get("fast_resume"):
        return raw
    found = with_resume_data(raw, folder_text(entry, options["path"])) if options.get("path") else None
    if found is None:
        logger.info("%s is checked by rTorrent: not all of its files are in `path`", entry["title"])
    return found or raw


def has(client: XmlRpc, torrent: str) -> bool:
    """Whether rTorrent knows the torrent."""
    return torrent in client.call("download_list", "", "main")


def set_options(client: XmlRpc, torrent: str, entry: Entry, options: dict[str, Any]) -> None:
    """Folder, fields, message and priority, each by a call of its own so that no value is read as a command."""
    if options.get("path"):
        folder = folder_text(entry, options["path"])
        if options.get("mkdir", True):
            client.call("execute.throw", "", "mkdir", "-p", "--", folder)
        client.call("d.directory.set", torrent, folder)
    for name in CUSTOM:
        if name in options:
            client.call(f"d.{name}.set", torrent, entry.render(str(options[name])))
    for name, value in options.get("custom_fields", {}).items():
        client.call("d.custom.set", torrent, name, entry.render(str(value)))
    if options.get("priority"):
        word = str(options["priority"]).lower()
        if word not in PRIORITIES:
            raise Refused(f"{word!r} is no priority; there are {', '.join(PRIORITIES)}")
        client.call("d.priority.set", torrent, PRIORITIES[word])
    if options.get("message"):
        client.call("d.message.set", torrent, entry.render(str(options["message"])))


def remove(client: XmlRpc, torrent: str, *, purge: bool) -> None:
    """Take a torrent out; ``purge``: with what was downloaded (and nothing but that)."""
    base = str(client.call("d.base_path", torrent))
    client.call("d.erase", torrent)
    if purge and len(base.strip("/").split("/")) > 1:  # never a folder of the root
        client.call("execute.throw", "", "rm", "-rf", "--", base)
