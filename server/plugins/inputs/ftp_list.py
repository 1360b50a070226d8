"""``ftp_list``"""

from __future__ import annotations

import ftplib
import logging
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.plugins._ftp import PORT, TROUBLES, Access, Item, items, session
from server.plugins._remote import words
from server.plugins._schema import number, switch, text

logger = logging.getLogger("ftp_list")


class FtpList(Plugin):
    """Files and folders of an FTP server as entries.

    Fields: ``filename``, ``location`` (path on the server), ``content_size`` (bytes, of files).

    Example::

        ftp_list:
          host: ftp.example.org
          username: me
          password: secret
          ssl: yes
          dirs: [/downloads/tv]
          recursion: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "host": text("Host", "Name or address of the server.", "ftp.example.org"),
            "port": number("Port", "Port of the server.", 2121, kind="integer", default=PORT, minimum=1, maximum=65535),
            "username": text("User name", "Who logs in.", "me"),
            "password": text("Password", "Of the user.", "a long password", format="password"),
            "ssl": switch("TLS", "Whether to speak TLS (`AUTH TLS`, on the usual port).", default=False),
            "encoding": text("Encoding", "Character set of the server's names.", "latin-1", default="utf-8"),
            "dirs": {
                **text_or_list(type="string"),
                "title": "Folders",
                "description": "Where to look.",
                "examples": ["/downloads", ["/downloads/tv", "/downloads/movies"]],
            },
            "recursion": switch("Recursive", "Whether to look into folders below.", default=False),
            "recursion_depth": number(
                "Depth", "How many levels below to look into; 0: all of them.", 2, kind="integer", default=0
            ),
            "retrieve": {
                **text_or_list(type="string", enum=["files", "dirs", "symlinks"]),
                "title": "Retrieve",
                "description": "Kinds to take (files). A link counts as what it leads to as well.",
                "examples": ["dirs", ["files", "dirs"]],
            },
        },
        "required": ["username", "host"],
        "title": "FTP list",
        "description": "The server, and where to look.",
        "examples": [{"host": "ftp.example.org", "username": "me", "password": "secret", "dirs": ["/downloads"]}],
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each file or folder."""
        access = Access(
            config["host"],
            config.get("port", PORT),
            config["username"],
            config.get("password", ""),
            config.get("ssl", False),
            bool(task.requests.verify),
            config.get("encoding", "utf-8"),
        )
        kinds = set(as_list(config.get("retrieve")) or ("files",))
        depth = config.get("recursion_depth", 0) if config.get("recursion") else None
        with session(access) as ftp:
            for folder in as_list(config.get("dirs")):
                for item in _walk(task, ftp, folder, depth):
                    if kinds & _kinds(item):
                        yield _entry(access, item)


def _walk(task: Task, ftp: ftplib.FTP, folder: str, depth: int | None) -> Iterator[Item]:
    """Files and then folders, each level before those below. ``depth``: levels to go down; None: none, 0: all."""
    task.check_cancelled()
    try:
        found = items(ftp, folder)
    except UnicodeDecodeError:
        logger.warning("The names in %s are not in the character set %s; see `encoding`", folder, ftp.encoding)
        return
    except TROUBLES as error:
        logger.warning("The folder %s cannot be listed: %s", folder, words(error))
        return
    yield from (item for item in found if not item.is_folder)
    yield from (item for item in found if item.is_folder)
    if depth is None:
        return
    for item in found:
        if item.is_folder and not item.is_link:
            yield from _walk(task, ftp, item.path, None if depth == 1 else max(depth - 1, 0))


def _kinds(item: Item) -> set[str]:
    kind = "dirs" if item.is_folder else "files"
    return {kind, "symlinks"} if item.is_link else {kind}


def _entry(access: Access, item: Item) -> Entry:
    fields: dict[str, Any] = {
        "title": item.name,
        "url": access.address(item.path),
        "filename": item.name,
        "location": item.path,
    }
    if not item.is_folder:
        fields["content_size"] = item.size
    if access.encoding != "utf-8":
        fields["ftp_encoding"] = access.encoding
    return Entry(fields)
