"""``sftp_upload``"""

from __future__ import annotations

import logging
import posixpath
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.log import VERBOSE
from server.engine.paths import OutsideError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._remote import cancellable, remote_folder, words
from server.plugins._schema import switch, text
from server.plugins._sftp import ACCESS, Access, session, troubles

if TYPE_CHECKING:
    from paramiko import SFTPClient

logger = logging.getLogger("sftp_upload")


class SftpUpload(Plugin):
    """Puts the local files of accepted entries (field ``location``) on an SFTP server.

    A file gets its name there when it is whole; one of that name is replaced. Folders are left alone. Needs the package
    ``paramiko`` (``pip install 'flexget-tray[sftp]'``). The server's key must be known, see the option ``host_key``.

    Example::

        sftp_upload:
          host: nas.example.org
          username: me
          private_key: ~/.ssh/id_ed25519
          to: /volume1/tv/{{ series_name }}
    """

    schema = {
        "type": "object",
        "properties": {
            **ACCESS,
            "to": text(
                "To",
                "Folder on the server, made where it is missing; may hold {{ fields }}. The folder after the login.",
                "/volume1/tv/{{ series_name }}",
            ),
            "delete_origin": switch(
                "Delete here", "Whether the local file is deleted once it is there.", default=False
            ),
        },
        "required": ["host", "username"],
        "additionalProperties": False,
        "title": "SFTP upload",
        "description": "The server, and where to save.",
        "examples": [{"host": "nas.example.org", "username": "me", "password": "secret", "to": "/volume1/tv"}],
    }
    category = "output"

    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """Upload one after the other."""
        wanted = [(entry, path) for entry in task.accepted if (path := _local_file(entry)) is not None]
        if not wanted:
            return
        if task.options.test:
            for _, path in wanted:
                logger.info("Would upload %s to %s", path, config["host"])
            return
        try:
            with session(task, Access.of(config)) as sftp:
                for entry, path in wanted:
                    task.check_cancelled()
                    _upload_entry(task, sftp, entry, path, config)
        except PluginError as error:
            for entry, _ in wanted:
                entry.fail(f"it cannot be uploaded: {error}")


def _local_file(entry: Entry) -> Path | None:
    location = entry.get("location")
    path = Path(str(location))
    if not location or not path.exists():
        entry.fail(f"there is no local file to upload{f' ({path})' if location else ''}")
        return None
    if path.is_dir():
        logger.log(VERBOSE, "%s is a folder; it is left alone", path)
        return None
    return path


def _upload_entry(task: Task, sftp: SFTPClient, entry: Entry, path: Path, config: dict[str, Any]) -> None:
    try:
        folder = remote_folder(entry, config.get("to") or ".")
        _make_folder(sftp, folder)
        _upload(task, sftp, path, posixpath.join(folder, path.name))
        if config.get("delete_origin"):
            path.unlink()
    except (RenderError, OutsideError) as error:
        entry.fail(f"where to upload it to cannot be told: {error}")
    except troubles() as error:
        entry.fail(f"{path} cannot be uploaded: {words(error)}")


def _make_folder(sftp: SFTPClient, folder: str) -> None:
    """Make a folder and those above it, where they are missing."""
    try:
        sftp.stat(folder)
    except FileNotFoundError:
        above = posixpath.dirname(folder)
        if above not in ("", folder):
            _make_folder(sftp, above)
        sftp.mkdir(folder)


def _upload(task: Task, sftp: SFTPClient, path: Path, target: str) -> None:
    partial = posixpath.join(posixpath.dirname(target), f".{posixpath.basename(target)}.part")
    try:
        sftp.put(str(path), partial, callback=cancellable(task))
        _rename(sftp, partial, target)
    except BaseException:
        with suppress(*troubles()):
            sftp.remove(partial)
        raise
    logger.log(VERBOSE, "%s was uploaded to %s", path, target)


def _rename(sftp: SFTPClient, source: str, target: str) -> None:
    """Give a file its name, in place of one that has it (which not all servers do at once)."""
    try:
        sftp.posix_rename(source, target)
    except OSError:
        with suppress(FileNotFoundError):
            sftp.remove(target)
        sftp.rename(source, target)
