"""``ftp_download``"""

from __future__ import annotations

import ftplib
import logging
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.log import VERBOSE
from server.engine.paths import OutsideError, from_home
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._ftp import TROUBLES, Access, Item, item_at, items, session
from server.plugins._remote import name_here, words, written_whole
from server.plugins._schema import switch, text

logger = logging.getLogger("ftp_download")

PIECE = 256 * 1024


class FtpDownload(Plugin):
    """Fetches what accepted entries stand for from FTP servers; with ``ftp_list`` as the input.

    ``location`` holds the path of the file or folder afterwards, so ``move`` and the like find it. Files appear under
    their names when they are whole; one that is there already, and is not shorter, is kept.

    Example::

        ftp_download:
          use-ssl: yes
          ftp_tmp_path: /storage/incoming
          delete_origin: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "use-ssl": switch("TLS", "Whether to speak TLS (`AUTH TLS`, on the usual port).", default=False),
            "ftp_tmp_path": text(
                "Folder",
                "Where to save; `temp` in the config's folder unless said.",
                "/storage/incoming",
                format="path",
            ),
            "delete_origin": switch(
                "Delete there", "Whether files and folders are deleted on the server once they are here.", default=False
            ),
            "download_empty_dirs": switch(
                "Empty folders", "Whether folders are made in which there is nothing.", default=False
            ),
        },
        "additionalProperties": False,
        "title": "FTP download",
        "description": "How, and where to save.",
        "examples": [{"ftp_tmp_path": "/storage/incoming", "use-ssl": True}],
    }
    category = "output"

    def on_task_download(self, task: Task, config: dict[str, Any]) -> None:
        """Fetch from one server after the other."""
        folder = from_home(config.get("ftp_tmp_path") or "temp", task.services.home)
        servers: dict[Access, list[tuple[Entry, str]]] = {}
        for entry in task.accepted:
            try:
                access, path = Access.of_entry(
                    entry, tls=config.get("use-ssl", False), verify=bool(task.requests.verify)
                )
            except ValueError as error:
                logger.warning("%s is left alone: %s", entry["title"], error)
                continue
            if task.options.test:
                logger.info("Would fetch %s from %s to %s", path, access.host, folder)
                continue
            servers.setdefault(access, []).append((entry, path))
        for access, wanted in servers.items():
            try:
                with session(access) as ftp:
                    for entry, path in wanted:
                        _fetch_entry(Fetching(task, ftp, config), entry, path, folder)
            except PluginError as error:
                for entry, _ in wanted:
                    entry.fail(f"it cannot be fetched: {error}")


def _fetch_entry(fetching: Fetching, entry: Entry, path: str, folder: Path) -> None:
    try:
        item = item_at(fetching.ftp, path)
        fetching.fetch(item, folder)
        entry["location"] = str(name_here(folder, item.name) if item.name else folder)
    except OutsideError as error:
        entry.fail(f"it was not saved: {error}")
    except TROUBLES as error:
        entry.fail(f"{path} cannot be fetched: {words(error)}")


class Fetching:
    """One file or folder on its way here."""

    def __init__(self, task: Task, ftp: ftplib.FTP, config: dict[str, Any]) -> None:
        self._task = task
        self.ftp = ftp
        self._empty = config.get("download_empty_dirs", False)
        self._delete = config.get("delete_origin", False)

    def fetch(self, item: Item, folder: Path) -> None:
        """Fetch it into a folder of this machine; raises what went wrong, after which nothing more of it is deleted."""
        self._task.check_cancelled()
        if not item.is_folder:
            self._fetch_file(item, folder)
            return
        here = name_here(folder, item.name) if item.name else folder
        if self._empty:
            here.mkdir(parents=True, exist_ok=True)
        for below in items(self.ftp, item.path):
            if not (below.is_folder and below.is_link):
                self.fetch(below, here)
        if self._delete and item.name:
            self.ftp.cwd("/")
            if not items(self.ftp, item.path):
                self.ftp.cwd("/")
                self.ftp.rmd(item.path)

    def _fetch_file(self, item: Item, folder: Path) -> None:
        target = name_here(folder, item.name)
        size = item.size
        if target.exists() and target.stat().st_size >= size:
            logger.log(VERBOSE, "%s is left out: %s exists already", item.path, target)
        else:
            logger.info("Fetching %s to %s", item.path, target)
            with written_whole(target) as partial, partial.open("wb") as file:

                def keep(piece: bytes) -> None:
                    file.write(piece)
                    self._task.check_cancelled()

                self.ftp.retrbinary(f"RETR {item.path}", keep, PIECE)
                if file.tell() < size:
                    raise ftplib.error_temp(f"only {file.tell()} of {size} bytes came")
        if self._delete and target.stat().st_size == size:
            self.ftp.delete(item.path)
