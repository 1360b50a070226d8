"""``transmission``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import as_list, text_or_list
from server.engine.task import Task
from server.plugins._schema import choice, number, switch, text
from server.plugins.clients._base import (
    ENABLED,
    Refused,
    TorrentClient,
    file_name_text,
    folder_text,
    hash_of,
    settings,
    source_of,
)
from server.plugins.clients._files import MAIN_FILE, ClientFile, needs_files, plan
from server.plugins.clients._transmission import WHERE, asking, connect

logger = logging.getLogger("transmission")

LABELS_SINCE = 16
"""RPC version with labels (Transmission 3.00)."""

PATTERNS: dict[str, Any] = text_or_list()

OPTIONS: dict[str, Any] = {
    "action": choice(
        "What to do",
        "`add` hands torrents over; the others act on the client's torrents (see `from_transmission`): `remove` keeps "
        "what was downloaded, `purge` deletes it too, `bypass_queue` starts at once.",
        "add",
        "remove",
        "purge",
        "pause",
        "resume",
        "bypass_queue",
    ),
    "path": text("Folder", "Where the client saves to; may hold {{ fields }}.", "/tv/{{ series_name }}"),
    "add_paused": switch("Paused", "Whether torrents wait until somebody starts them."),
    "bandwidth_priority": number("Priority", "-1 low, 0 normal, 1 high.", 1, default=0),
    "honor_limits": switch(
        "Session limits", "Whether the client's overall limits hold for the torrents.", default=True
    ),
    "labels": {
        **text_or_list(),
        "title": "Labels",
        "description": "Put on the torrents; may hold {{ fields }}.",
        "examples": ["tv"],
    },
    "max_connections": number("Peers", "Most peers of a torrent.", 50, kind="integer"),
    "max_down_speed": number("Download limit", "In kB/s.", 500),
    "max_up_speed": number("Upload limit", "In kB/s.", 100),
    "queue_position": number("Place in the queue", "0 is the first.", 0, kind="integer"),
    "ratio": number("Ratio", "Seed until this ratio; -1 without end.", 1.5),
    "include_files": {
        **PATTERNS,
        "title": "Always download",
        "description": "Patterns of files that are never skipped.",
        "examples": [["*.nfo"]],
    },
    "include_subs": switch("Subtitles", "Whether subtitles are downloaded besides the main file."),
    "rename_like_files": switch(
        "Rename alike", "Whether files named as the main file (subtitles, say) get the new name too."
    ),
    "skip_files": {
        **PATTERNS,
        "title": "Do not download",
        "description": "Patterns of files to leave out.",
        "examples": [["*sample*", "*.txt"]],
    },
    **MAIN_FILE,
}


class Transmission(TorrentClient):
    """Hands torrents and magnets to Transmission, or acts on torrents that it has.

    A torrent that is there already counts as handed over; its settings are brought to what is asked for. Every option
    but those of the connection can be set on an entry (``set: {ratio: 2}``).

    Example::

        transmission:
          host: nas.local
          username: flexget
          password: a long password
          path: /tv/{{ series_name }}
          labels: tv
    """

    schema = settings(
        "Transmission",
        "Hands torrents to Transmission.",
        {**WHERE, "enabled": ENABLED, **OPTIONS},
        True,
        {"host": "nas.local", "path": "/tv/{{ series_name }}", "ratio": 2},
    )
    options = tuple(OPTIONS)

    def connect(self, task: Task, config: dict[str, Any]) -> Any:
        """See :func:`server.plugins.clients._transmission.connect`."""
        return connect(config)

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Add it, or do what ``action`` says to the client's torrent."""
        action = options.get("action", "add")
        if action == "add":
            self._add(task, client, entry, options)
        elif action in OPTIONS["action"]["enum"]:
            act(client, action, hash_of(entry).lower())
            logger.info("%s: %s", action, entry["title"])
        else:
            raise Refused(f"{action!r} is no action; there are {', '.join(OPTIONS['action']['enum'])}")

    def _add(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        source = source_of(entry)
        folder = folder_text(entry, options["path"]) if options.get("path") else None
        name = file_name_text(entry, options["content_filename"]) if options.get("content_filename") else None
        changes = changes_of(entry, options, client)
        files_needed = needs_files(options)
        wait = float(options.get("magnetization_timeout", 0)) if source.magnet and files_needed else 0.0
        paused = bool(options.get("add_paused", False))
        with asking():
            # Files are chosen before the first piece is asked for; a magnet must run to learn its files.
            added = client.add_torrent(
                source.magnet or source.raw, download_dir=folder, paused=paused if wait else (paused or files_needed)
            )
            known = client.get_torrent(added.id, ["id", "name", "hashString"])
            if changes:
                client.change_torrent([known.id], **changes)
            if files_needed:
                self._arrange(task, client, entry, known.id, options, name, wait)
                if not paused:
                    client.start_torrent([known.id])
        entry["torrent_info_hash"] = source.info_hash
        entry["transmission_id"] = known.id
        logger.info("Transmission has %s", entry["title"])

    @staticmethod
    def _arrange(
        task: Task, client: Any, entry: Entry, number: int, options: dict[str, Any], name: str | None, wait: float
    ) -> None:
        """Choose and rename files, once they are known."""
        files = files_of(client, number)
        while not files and wait > 0:
            task.sleep(min(0.5, wait))
            wait -= 0.5
            files = files_of(client, number)
        if not files:
            logger.warning(
                "%s: the files of the magnet are not known yet, so none is skipped or renamed; a longer "
                "`magnetization_timeout` may help",
                entry["title"],
            )
            return
        todo = plan(files, options, name, subtitles=bool(options.get("include_subs")))
        if todo.note:
            logger.info("%s: %s", entry["title"], todo.note)
        if todo.skipped:
            client.change_torrent([number], files_unwanted=todo.skipped)
        paths = {file.index: file.path for file in files}
        for index, new in todo.renamed.items():
            client.rename_torrent_path(number, paths[index], new.rpartition("/")[2])


def files_of(client: Any, number: int) -> list[ClientFile]:
    """The files of a torrent; none while a magnet is not resolved."""
    found = client.get_torrent(number, ["id", "name", "files", "priorities", "wanted"]).fields.get("files", [])
    return [ClientFile(index, file["name"], file["length"]) for index, file in enumerate(found)]


def changes_of(entry: Entry, options: dict[str, Any], client: Any) -> dict[str, Any]:
    """Options as arguments of ``torrent-set`` (Transmission's RPC specification, 3.2)."""
    changes: dict[str, Any] = {}
    if "bandwidth_priority" in options:
        changes["bandwidth_priority"] = int(options["bandwidth_priority"])
    if "honor_limits" in options:
        changes["honors_session_limits"] = bool(options["honor_limits"])
    if "max_connections" in options:
        changes["peer_limit"] = int(options["max_connections"])
    for option, way in (("max_down_speed", "download"), ("max_up_speed", "upload")):
        if option in options:
            limited = options[option] >= 0
            changes[f"{way}_limited"] = limited
            if limited:
                changes[f"{way}_limit"] = int(options[option])
    if "queue_position" in options:
        changes["queue_position"] = int(options["queue_position"])
    if "ratio" in options:
        ratio = float(options["ratio"])
        changes["seed_ratio_mode"] = 2 if ratio < 0 else 1
        if ratio >= 0:
            changes["seed_ratio_limit"] = ratio
    labels = [entry.render(str(label)) for label in as_list(options.get("labels"))]
    if labels:
        with asking():
            version = client.get_session().rpc_version
        if version < LABELS_SINCE:
            raise Refused("this Transmission has no labels; 3.00 or newer is needed")
        changes["labels"] = labels
    return changes


def act(client: Any, action: str, info_hash: str) -> None:
    """Do something to a torrent that the client has; one that is gone already is as good as removed."""
    with asking():
        known = {torrent.hash_string.lower() for torrent in client.get_torrents(arguments=["id", "hashString", "name"])}
        if info_hash not in known:
            if action in ("remove", "purge"):
                return
            raise Refused(f"Transmission has no torrent {info_hash}")
        if action in ("remove", "purge"):
            client.remove_torrent([info_hash], delete_data=action == "purge")
        elif action == "pause":
            client.stop_torrent([info_hash])
        elif action == "bypass_queue":
            client.start_torrent_now([info_hash])
        else:
            client.start_torrent([info_hash])
