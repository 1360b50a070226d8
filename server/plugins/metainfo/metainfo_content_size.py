"""``metainfo_content_size``"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.parsing.size import told_size


class MetainfoContentSize(Plugin):
    """Sets the size: what the description says ("Size: 700 MB"), else that of the file at `location`.

    Example::

        metainfo_content_size: no
    """

    schema = {
        "type": "boolean",
        "title": "Content size",
        "description": "Whether to read it.",
        "examples": [False],
    }
    category = "metainfo"
    builtin = True

    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """A size that is known already stays."""
        for entry in task.entries:
            if entry.get("content_size", None, False) is not None:
                continue
            location, description = entry.get("location", None, False), entry.get("description", None, False)
            found = told_size(description) if isinstance(description, str) else None
            if found is None and isinstance(location, str):
                found = size_of_file(location)
            if found is not None:
                entry["content_size"] = found


def size_of_file(location: str) -> int | None:
    """Bytes of the file there; None where there is no file."""
    path = Path(location)
    try:
        return path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        return None
