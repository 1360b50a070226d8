"""``archives``"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from server.engine.log import VERBOSE
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.plugins._archives import BadArchive, open_archive

UNRAR_TOOL: dict[str, Any] = {
    "type": "string",
    "title": "Program for RAR",
    "description": "Program that unpacks RAR archives, where it is not `unrar` on the search path.",
    "examples": ["/usr/bin/unrar"],
}

logger = logging.getLogger("archives")


class Archives(Plugin):
    """Accepts local files (field ``location``) that are ZIP or RAR archives, whatever they are named; rejects others.

    Of an archive in several parts only the first is accepted. RAR needs the package ``rarfile``
    (``pip install 'flexget-tray[rar]'``).

    Example::

        filesystem: /storage/downloads
        archives: yes
        decompress: {to: /storage/unpacked}
    """

    schema = {
        "anyOf": [
            {"type": "boolean"},
            {"type": "object", "properties": {"unrar_tool": UNRAR_TOOL}, "additionalProperties": False},
        ],
        "title": "Archives",
        "description": "`yes`, or options.",
        "examples": [True],
    }
    category = "filter"

    @priority(200)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Look into each file."""
        if config is False:
            return
        tool = config.get("unrar_tool") if isinstance(config, dict) else None
        for entry in task.live:
            task.check_cancelled()
            location = entry.get("location")
            reason = why_not(Path(str(location)), tool) if location else "it is no local file (no field `location`)"
            if reason is None:
                entry.accept()
            else:
                logger.log(VERBOSE, "%s is rejected: %s", entry["title"], reason)
                entry.reject()


def why_not(path: Path, tool: str | None) -> str | None:
    """Why a file is not an archive that can be used; None where it is one."""
    if not path.is_file():
        return f"{path} is no file"
    try:
        with open_archive(path, tool) as archive:
            return None if archive is not None and archive.members() is not None else f"{path} is no archive"
    except (BadArchive, OSError) as error:
        return f"{path} is no archive that can be used: {error}"
