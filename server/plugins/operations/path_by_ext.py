"""``path_by_ext``"""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task

TYPES = {"application/x-bittorrent": "torrent", "application/epub+zip": "epub"}


class PathByExt(Plugin):
    """Sets ``path`` by the kind of file that an entry stands for.

    Example::

        path_by_ext:
          torrent: /storage/watch
          nzb: /storage/nzb
    """

    schema = {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "title": "Paths",
        "description": "Extension: folder.",
        "examples": [{"torrent": "/storage/watch", "nzb": "/storage/nzb"}],
    }
    category = "modify"

    def on_task_modify(self, task: Task, config: dict[str, str]) -> None:
        """Set the path of the accepted entries."""
        paths = {name.lower().lstrip("."): path for name, path in config.items()}
        for entry in task.accepted:
            path = next((paths[name] for name in _extensions(entry) if name in paths), None)
            if path is not None:
                entry["path"] = path


def _extensions(entry: Entry) -> list[str]:
    """The extensions that speak for the entry, most telling first: type, file name, address."""
    mime: Any = entry.get("mime-type", "", False)
    names = (entry.get("filename", "", False), _path_of(str(entry["url"])))
    by_type = TYPES.get(mime) or (mimetypes.guess_extension(mime) or "" if mime else "")
    return [by_type.lstrip("."), *(PurePosixPath(str(name)).suffix.lower().lstrip(".") for name in names)]


def _path_of(url: str) -> str:
    """The path of an address; empty where it cannot be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
