"""``sftp_list``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.plugins._remote import words
from server.plugins._schema import switch
from server.plugins._sftp import ACCESS, Access, Item, remember_passphrase, session, troubles, walk

if TYPE_CHECKING:
    from paramiko import SFTPClient

logger = logging.getLogger("sftp_list")


class SftpList(Plugin):
    """Files and folders of an SFTP server as entries.

    Fields: ``content_size`` (bytes). Needs the package ``paramiko`` (``pip install 'flexget-tray[sftp]'``). The
    server's key must be known, see the option ``host_key``.

    Example::

        sftp_list:
          host: seedbox.example.org
          username: me
          private_key: ~/.ssh/id_ed25519
          dirs: [/downloads/tv]
          recursive: yes
    """

    schema = {
        "type": "object",
        "properties": {
            **ACCESS,
            "dirs": {
                **text_or_list(type="string"),
                "title": "Folders",
                "description": "Where to look; relative ones count from the folder after the login (the default).",
                "examples": ["/downloads", ["/downloads/tv", "/downloads/movies"]],
            },
            "files_only": switch("Files only", "Whether folders are left out.", default=True),
            "dirs_only": switch(
                "Folders only", "Whether files are left out; comes before `files_only`.", default=False
            ),
            "recursive": switch("Recursive", "Whether to look into folders below.", default=False),
            "get_size": switch(
                "Sizes", "Whether sizes are told; that of a folder takes a look at all that is in it.", default=True
            ),
        },
        "required": ["host", "username"],
        "additionalProperties": False,
        "title": "SFTP list",
        "description": "The server, and where to look.",
        "examples": [{"host": "seedbox.example.org", "username": "me", "password": "secret", "dirs": "/downloads"}],
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each file or folder."""
        access = Access.of(config)
        remember_passphrase(task, access)
        with session(task, access) as sftp:
            for folder in as_list(config.get("dirs")) or ["."]:
                try:
                    top = sftp.normalize(folder)
                    for item in walk(sftp, top, recursive=config.get("recursive", False)):
                        task.check_cancelled()
                        if _wanted(item, config):
                            yield _entry(sftp, access, item, config)
                except troubles() as error:
                    logger.warning("The folder %s cannot be listed: %s", folder, words(error))


def _wanted(item: Item, config: dict[str, Any]) -> bool:
    if config.get("dirs_only"):
        return item.kind == "folder"
    return item.kind == "file" or not config.get("files_only", True)


def _entry(sftp: SFTPClient, access: Access, item: Item, config: dict[str, Any]) -> Entry:
    fields: dict[str, Any] = {"title": item.name, "url": access.address(item.path)}
    for name in ("private_key", "host_key"):  # what `sftp_download` needs besides the address
        if config.get(name):
            fields[name] = config[name]
    if config.get("get_size", True):
        below = walk(sftp, item.path, recursive=True) if item.kind == "folder" else [item]
        fields["content_size"] = sum(each.size for each in below if each.kind == "file")
    return Entry(fields)
