"""``archive``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.features.archive.store import ArchiveStore, Kept

TAGS: dict[str, Any] = {
    "oneOf": [{"type": "boolean"}, {"type": "array", "items": {"type": "string"}}],
    "title": "Tags",
    "examples": [True, ["films"]],
}


class Archive(Plugin):
    """Keeps all entries of a task, whatever became of them, for ``flexget archive search`` and ``flexget_archive``.

    Example::

        archive: [films]
    """

    schema = {**TAGS, "description": "`yes`, or tags that help to find the entries."}
    category = "operation"
    acts_in = NOWHERE

    def on_task_learn(self, task: Task, config: bool | list[str]) -> None:
        """Keep them."""
        if config is False or task.options.test:
            return
        items = []
        for entry in task.all_entries:
            text = entry.get("description", None, False)
            items.append(Kept(entry["title"], entry["url"], text if isinstance(text, str) else None, task.name))
        task.db.store(ArchiveStore).add(items, config if isinstance(config, list) else ())

    on_task_abort = on_task_learn
