"""``extension``"""

from __future__ import annotations

from server.engine.plugin import Plugin
from server.engine.task import Task


class Extension(Plugin):
    """Sets the extension of the file names of accepted entries.

    Example::

        extension: nzb
    """

    schema = {
        "type": ["string", "number"],
        "title": "Extension",
        "description": "With or without its dot.",
        "examples": ["nzb"],
    }
    category = "modify"

    def on_task_modify(self, task: Task, config: str | float) -> None:
        """Add it to the file name, or to the title where there is none."""
        ending = "." + str(config).lstrip(".")
        for entry in task.accepted:
            name = str(entry.get("filename") or entry["title"])
            if not name.endswith(ending):
                entry["filename"] = name + ending
