"""``deluge``"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from server.engine.entry import Entry
from server.engine.task import Task
from server.plugins._schema import choice, number, switch, text
from server.plugins.clients._base import (
    ENABLED,
    Refused,
    Source,
    TorrentClient,
    file_name_text,
    folder_text,
    hash_of,
    settings,
    source_of,
)
from server.plugins.clients._deluge import WHERE, Deluge
from server.plugins.clients._files import MAIN_FILE, ClientFile, FilePlan, needs_files, plan

logger = logging.getLogger("deluge")

SPARSE_FOLDER = ".sparse_files"

OPTIONS: dict[str, Any] = {
    "action": choice(
        "What to do",
        "`add` hands torrents over; the others act on the client's torrents (see `from_deluge`): `remove` keeps what "
        "was downloaded, `purge` deletes it too.",
        "add",
        "remove",
        "purge",
        "pause",
        "resume",
    ),
    "path": text("Folder", "Where the client saves to; may hold {{ fields }}.", "/tv/{{ series_name }}"),
    "move_completed_path": text("Folder when complete", "Where files are moved to in the end.", "/tv/done"),
    "label": text("Label", "Deluge's label; made where it is missing (in lower case).", "tv"),
    "add_paused": switch("Paused", "Whether torrents wait until somebody starts them."),
    "auto_managed": switch("Managed", "Whether Deluge's queue starts and stops the torrents.", default=True),
    "queue_to_top": switch("To the top", "Whether torrents are put first in the queue; `no` puts them last."),
    "max_connections": number("Peers", "Most peers of a torrent.", 50, kind="integer"),
    "max_up_slots": number("Upload slots", "Most peers that get something at once.", 8, kind="integer"),
    "max_up_speed": number("Upload limit", "In KiB/s.", 100),
    "max_down_speed": number("Download limit", "In KiB/s.", 500),
    "ratio": number("Ratio", "Stop at this ratio.", 1.5),
    "remove_at_ratio": switch("Remove at the ratio", "Whether torrents are taken out when they reach the ratio."),
    "compact": switch("Compact", "Whether space is taken only as pieces come in; `no` takes all of it at the start."),
    "force_recheck": switch("Check again", "Whether files that are there already are checked when a torrent is added."),
    "container_directory": text("Container", "Folder that all files of a torrent are put into.", "{{ title }}"),
    "hide_sparse_files": switch(
        "Hide rests", f"Whether files that are skipped go to a folder {SPARSE_FOLDER}, for pieces of them come anyway."
    ),
    "keep_subs": switch("Subtitles", "Whether subtitles are downloaded besides the main file.", default=True),
    **MAIN_FILE,
}

PLAIN = {
    "max_connections": ("max_connections", int),
    "max_up_slots": ("max_upload_slots", int),
    "max_up_speed": ("max_upload_speed", float),
    "max_down_speed": ("max_download_speed", float),
    "auto_managed": ("auto_managed", bool),
    "remove_at_ratio": ("remove_at_ratio", bool),
}
"""Option -> Deluge's name of it, and its type."""


class DelugePlugin(TorrentClient):
    """Hands torrents and magnets to Deluge, or acts on torrents that it has.

    A torrent that is there already counts as handed over; its settings are brought to what is asked for. Every option
    but those of the connection can be set on an entry (``set: {label: tv}``).

    Example::

        deluge:
          host: nas.local
          username: flexget
          password: a long password
          path: /incoming
          move_completed_path: /tv/{{ series_name }}
          label: tv
    """

    schema = settings(
        "Deluge",
        "Hands torrents to Deluge.",
        {**WHERE, "enabled": ENABLED, **OPTIONS},
        True,
        {"host": "nas.local", "username": "flexget", "password": "a long password", "label": "tv"},
    )
    options = tuple(OPTIONS)

    def connect(self, task: Task, config: dict[str, Any]) -> Deluge:
        """See :class:`server.plugins.clients._deluge.Deluge`."""
        return Deluge(config)

    def disconnect(self, client: Any) -> None:
        """End the connection."""
        client.close()

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Add it, or do what ``action`` says to the client's torrent."""
        action = options.get("action", "add")
        if action == "add":
            _add(task, client, entry, options)
        elif action in OPTIONS["action"]["enum"]:
            act(client, action, hash_of(entry).lower())
            logger.info("%s: %s", action, entry["title"])
        else:
            raise Refused(f"{action!r} is no action; there are {', '.join(OPTIONS['action']['enum'])}")


def _add(task: Task, client: Deluge, entry: Entry, options: dict[str, Any]) -> None:
    source = source_of(entry)
    torrent = source.info_hash.lower()
    wishes = wishes_of(entry, options)
    name = file_name_text(entry, options["content_filename"]) if options.get("content_filename") else None
    container = file_name_text(entry, options["container_directory"]) if options.get("container_directory") else None
    if client.call("core.get_torrent_status", torrent, ["hash"]):
        logger.info("Deluge has %s already", entry["title"])
        changes = {key: value for key, value in wishes.items() if key not in ("add_paused", "download_location")}
        if changes:
            client.call("core.set_torrent_options", [torrent], changes)
    else:
        torrent = _hand(client, source, wishes)
    if options.get("label"):
        set_label(client, torrent, entry.render(str(options["label"])))
    if "queue_to_top" in options:
        client.call("core.queue_top" if options["queue_to_top"] else "core.queue_bottom", [torrent])
    if needs_files(options):
        wait = float(options.get("magnetization_timeout", 0)) if source.magnet else 0.0
        _arrange(task, client, entry, torrent, options, name, container, wait)
    if options.get("force_recheck"):
        client.call("core.force_recheck", [torrent])
    entry["torrent_info_hash"] = source.info_hash
    entry["deluge_id"] = torrent
    logger.info("Deluge has %s", entry["title"])


def _hand(client: Deluge, source: Source, wishes: dict[str, Any]) -> str:
    if source.magnet:
        added = client.call("core.add_torrent_magnet", source.magnet, wishes)
    else:
        raw = base64.b64encode(source.raw or b"").decode()
        added = client.call("core.add_torrent_file", source.filename, raw, wishes)
    if not added:
        raise Refused("Deluge did not take it and does not say why; its log may tell")
    return str(added)


def wishes_of(entry: Entry, options: dict[str, Any]) -> dict[str, Any]:
    """Options as Deluge's torrent options."""
    wishes = {theirs: kind(options[ours]) for ours, (theirs, kind) in PLAIN.items() if ours in options}
    if "add_paused" in options:
        wishes["add_paused"] = bool(options["add_paused"])
    if options.get("path"):
        wishes["download_location"] = folder_text(entry, options["path"])
    if options.get("move_completed_path"):
        wishes["move_completed"] = True
        wishes["move_completed_path"] = folder_text(entry, options["move_completed_path"])
    if "ratio" in options:
        wishes["stop_at_ratio"] = options["ratio"] >= 0
        wishes["stop_ratio"] = float(options["ratio"])
    if "compact" in options:
        wishes["pre_allocate_storage"] = not options["compact"]
    return wishes


def set_label(client: Deluge, torrent: str, label: str) -> None:
    """Label a torrent; Deluge allows ``a-z 0-9 _ -`` only."""
    label = re.sub(r"[^\w-]+", "_", label.lower(), flags=re.ASCII)
    client.enable_labels()
    if label and label not in client.call("label.get_labels"):
        client.call("label.add", label)
    client.call("label.set_torrent", torrent, label)


def _arrange(
    task: Task,
    client: Deluge,
    entry: Entry,
    torrent: str,
    options: dict[str, Any],
    name: str | None,
    container: str | None,
    wait: float,
) -> None:
    """Choose and rename files, once they are known."""
    files = files_of(client, torrent)
    while not files and wait > 0:
        task.sleep(min(0.5, wait))
        wait -= 0.5
        files = files_of(client, torrent)
    if not files:
        logger.warning(
            "%s: the files of the magnet are not known yet, so none is skipped or renamed; a longer "
            "`magnetization_timeout` may help",
            entry["title"],
        )
        return
    todo = plan(files, options, name, subtitles=bool(options.get("keep_subs", True)))
    if todo.note:
        logger.info("%s: %s", entry["title"], todo.note)
    if todo.skipped:
        priorities = [0 if file.index in todo.skipped else 1 for file in files]
        client.call("core.set_torrent_options", [torrent], {"file_priorities": priorities})
    moves = moves_of(files, todo, container, hide=bool(options.get("hide_sparse_files")))
    if moves:
        client.call("core.rename_files", torrent, moves)


def files_of(client: Deluge, torrent: str) -> list[ClientFile]:
    """The files of a torrent; none while a magnet is not resolved."""
    found = client.call("core.get_torrent_status", torrent, ["files"]).get("files", ())
    return [ClientFile(file["index"], file["path"], file["size"]) for file in found]


def moves_of(
    files: Sequence[ClientFile], todo: FilePlan, container: str | None, *, hide: bool
) -> list[tuple[int, str]]:
    """Numbers of files and their new paths."""
    moves = []
    for file in files:
        path = PurePosixPath(todo.renamed.get(file.index, file.path))
        if hide and file.index in todo.skipped:
            path = path.parent / SPARSE_FOLDER / path.name
        if container:
            below = path.parts[1:] if len(path.parts) > 1 else path.parts
            path = PurePosixPath(container, *below)
        if str(path) != file.path:
            moves.append((file.index, str(path)))
    return moves


def act(client: Deluge, action: str, torrent: str) -> None:
    """Do something to a torrent that the client has; one that is gone already is as good as removed."""
    known = bool(client.call("core.get_torrent_status", torrent, ["hash"]))
    if action in ("remove", "purge"):
        if known:
            client.call("core.remove_torrent", torrent, action == "purge")
    elif not known:
        raise Refused(f"Deluge has no torrent {torrent}")
    else:
        client.call(f"core.{action}_torrent", [torrent])
