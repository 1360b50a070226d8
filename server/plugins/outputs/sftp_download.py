"""``sftp_download``"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.log import VERBOSE
from server.engine.paths import OutsideError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._remote import cancellable, local_folder, name_here, words, written_whole
from server.plugins._schema import switch, text
from server.plugins._sftp import TRIES, Access, Item, item_at, items, session, troubles

if TYPE_CHECKING:
    from paramiko import SFTPClient

logger = logging.getLogger("sftp_download")

Wanted = list[tuple[Entry, str]]


class SftpDownload(Plugin):
    """Fetches what accepted entries stand for from SFTP servers; with ``sftp_list`` as the input.

    ``location`` holds the path of the file or folder afterwards. Files appear under their names when they are whole;
    one that is there already is kept.
    Needs the package ``paramiko`` (``pip install 'flexget-tray[sftp]'``).

    Example::

        sftp_download:
          to: /storage/incoming/{{ series_name }}
          delete_origin: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "to": text(
                "To", "Folder to save to; may hold {{ fields }}.", "/storage/incoming/{{ series_name }}", format="path"
            ),
            "recursive": switch(
                "Recursive", "Whether of a folder the folders in it are fetched too, else only its files.", default=True
            ),
            "delete_origin": switch(
                "Delete there", "Whether files and folders are deleted on the server once they are here.", default=False
            ),
            **TRIES,
        },
        "required": ["to"],
        "additionalProperties": False,
        "title": "SFTP download",
        "description": "Where to save.",
        "examples": [{"to": "/storage/incoming"}],
    }
    category = "output"

    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """Fetch from one server after the other."""
        servers: dict[Access, Wanted] = {}
        for entry in task.accepted:
            try:
                access, path = Access.of_entry(task, entry, config)
            except ValueError as error:
                logger.warning("%s is left alone: %s", entry["title"], error)
                continue
            if task.options.test:
                logger.info("Would fetch %s from %s", path, access.host)
                continue
            servers.setdefault(access, []).append((entry, path))
        for access, wanted in servers.items():
            try:
                with session(task, access) as sftp:
                    for entry, path in wanted:
                        _fetch_entry(task, sftp, entry, path, config)
            except PluginError as error:
                for entry, _ in wanted:
                    entry.fail(f"it cannot be fetched: {error}")


def _fetch_entry(task: Task, sftp: SFTPClient, entry: Entry, path: str, config: dict[str, Any]) -> None:
    task.check_cancelled()
    try:
        folder = local_folder(task, entry, config["to"])
        item = item_at(sftp, path.rstrip("/") or "/")
        if item is None:
            entry.fail(f"{path} is no usual file or folder")
            return
        Fetching(task, sftp, config).fetch(item, folder)
        entry["location"] = str(name_here(folder, item.name)) if item.name else str(folder)
    except RenderError as error:
        entry.fail(f"where to save it cannot be told: {error}")
    except OutsideError as error:
        entry.fail(f"it was not saved: {error}")
    except troubles() as error:
        entry.fail(f"{path} cannot be fetched: {words(error)}")


class Fetching:
    """One file or folder on its way here."""

    def __init__(self, task: Task, sftp: SFTPClient, config: dict[str, Any]) -> None:
        self._task = task
        self._sftp = sftp
        self._recursive = config.get("recursive", True)
        self._delete = config.get("delete_origin", False)

    def fetch(self, item: Item, folder: Path) -> None:
        """Fetch it into a folder of this machine; raises what went wrong, after which nothing more of it is deleted."""
        if item.kind == "file":
            self._fetch_file(item, folder)
            return
        here = name_here(folder, item.name) if item.name else folder
        for below in items(self._sftp, item.path):
            if below.kind == "file" or (self._recursive and not below.is_link):
                self.fetch(below, here)
        if self._delete and not self._sftp.listdir(item.path):
            self._sftp.rmdir(item.path)

    def _fetch_file(self, item: Item, folder: Path) -> None:
        target = name_here(folder, item.name)
        if target.exists():
            logger.log(VERBOSE, "%s is left out: %s exists already", item.path, target)
        else:
            logger.log(VERBOSE, "Fetching %s to %s", item.path, target)
            with written_whole(target) as partial:
                self._sftp.get(item.path, str(partial), callback=cancellable(self._task))
        if self._delete and target.is_file() and target.stat().st_size == item.size:
            self._sftp.remove(item.path)
