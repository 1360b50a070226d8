"""``exists``"""

from __future__ import annotations

import logging
from pathlib import Path

from server.engine.errors import PluginWarning
from server.engine.paths import from_home
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.plugins._folders import walk

logger = logging.getLogger("exists")


class Exists(Plugin):
    """Rejects what was accepted and is in a folder already.

    That is, a file named like the title or the field ``filename`` or ``location``.

    Example::

        exists: /media/downloads
    """

    schema = {
        **text_or_list(type="string", format="path"),
        "title": "Folders",
        "description": "Where to look, subfolders included.",
        "examples": ["/media/downloads"],
    }
    category = "filter"

    @priority(-1)
    def on_task_filter(self, task: Task, config: str | list[str]) -> None:
        """The folders are read only when something was accepted."""
        entries = task.accepted
        if not entries:
            return
        files: dict[str, Path] = {}
        for folder in as_list(config):
            path = from_home(folder, task.services.home)
            if not path.is_dir():
                raise PluginWarning(f"the folder {path} does not exist")
            for base, _, names in walk(path):
                task.check_cancelled()
                files.update((name, Path(base) / name) for name in names)
        for entry in entries:
            location = entry.get("location")
            wanted = (entry["title"], entry.get("filename"), Path(str(location)).name if location else None)
            found = next((files[str(name)] for name in wanted if name and str(name) in files), None)
            if found is not None:
                entry.reject(f"it exists as {found}")
