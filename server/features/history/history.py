"""``history``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.history.store import HistoryItem, HistoryStore


class History(Plugin):
    """Remembers what was accepted, for the history command and page.

    Example::

        history: no
    """

    schema = {"type": "boolean", "title": "History", "description": "Whether to remember.", "examples": [False]}
    category = "operation"
    builtin = True

    def on_task_learn(self, task: Task, config: Any) -> None:
        """What is accepted now went through all outputs."""
        items = []
        for entry in task.accepted:
            reason = entry.get("reason")
            plugin = entry.get("accepted_by", None)
            details = f"Accepted by {plugin}" if plugin else "Accepted"
            filename = entry.get("output") or None
            items.append(
                HistoryItem(
                    task.name,
                    entry["title"],
                    entry["url"],
                    str(filename) if filename else None,
                    f"{details} (reason: {reason})" if reason else details,
                )
            )
        task.db.store(HistoryStore).add(items)
