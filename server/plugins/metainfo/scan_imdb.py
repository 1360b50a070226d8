"""``scan_imdb``"""

from __future__ import annotations

import re
from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task

_LINK = re.compile(r"imdb\.com/title/(tt\d{7,10})\b", re.IGNORECASE)


class ScanImdb(Plugin):
    """Finds the one link to IMDb in a description.

    Example::

        scan_imdb: no
    """

    schema = {"type": "boolean", "title": "Look for IMDb", "description": "Whether to look.", "examples": [False]}
    category = "metainfo"
    builtin = True

    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Descriptions that name several movies are left alone."""
        for entry in task.entries:
            description = entry.get("description", None, False)
            if not isinstance(description, str) or "imdb" not in description.lower():
                continue
            if entry.get("imdb_id", None, False) or entry.get("imdb_url", None, False):
                continue
            found = set(_LINK.findall(description))
            if len(found) == 1:
                number = found.pop().lower()
                entry["imdb_id"] = number
                entry["imdb_url"] = f"https://www.imdb.com/title/{number}/"
