"""``nzb_size``"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

logger = logging.getLogger("nzb_size")

NZB_TYPES = frozenset({"application/x-nzb", "text/nzb"})
MAX_NZB = 256 * 1024 * 1024
"""Bytes; a larger file is no list of articles."""


class NzbSize(Plugin):
    """Sets ``content_size`` (bytes) of entries whose nzb was downloaded: the articles' sizes added up.

    Example::

        nzb_size: no
    """

    schema = {
        "type": "boolean",
        "title": "NZB size",
        "description": "Whether the size is taken from nzb files (yes).",
        "examples": [False],
    }
    category = "metainfo"
    acts_in = NOWHERE
    builtin = True

    @priority(200)
    def on_task_modify(self, task: Task, config: Any) -> None:
        """Read the nzb files among what was downloaded."""
        for entry in task.accepted:
            if _is_nzb(entry):
                task.check_cancelled()
                self._read(entry)

    @staticmethod
    def _read(entry: Entry) -> None:
        path = Path(str(entry["file"]))
        try:
            if path.stat().st_size > MAX_NZB:
                return
            size = size_of(path)
        except OSError as error:
            logger.warning("The nzb of %s cannot be read: %s", entry["title"], error.strerror or error)
            return
        except ValueError as error:
            logger.warning("The file of %s should be an nzb, but %s", entry["title"], error)
            return
        if size:
            entry["content_size"] = size


def _is_nzb(entry: Entry) -> bool:
    if not entry.get("file", None, False):
        return False
    name = str(entry.get("filename", "", False) or "").lower()
    return name.endswith(".nzb") or entry.get("mime-type", "", False) in NZB_TYPES


def size_of(path: Path) -> int:
    """Bytes of all articles that an nzb lists; raises ``ValueError`` where it is none."""
    from lxml import etree

    total = 0
    try:
        # Neither entities nor anything from elsewhere: the file comes from a stranger.
        for _, segment in etree.iterparse(
            str(path), tag="{*}segment", resolve_entities=False, no_network=True, load_dtd=False
        ):
            size = segment.get("bytes", "")
            total += int(size) if size.isdecimal() else 0
            segment.clear()
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is no valid XML: {error}") from error
    return total
