"""``content_size``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.size import config_size, size_text

logger = logging.getLogger("content_size")


class ContentSize(Plugin):
    """Rejects what is too small or too big; torrents and nzbs are looked into once they are downloaded.

    Example::

        content_size:
          min: 300
          max: 1.5 GiB
          strict: no
    """

    schema = {
        "type": "object",
        "properties": {
            "min": {
                "type": ["number", "string"],
                "format": "size",
                "title": "Smallest",
                "description": "The least size: MiB, or with a unit.",
                "examples": [300, "300 MB"],
            },
            "max": {
                "type": ["number", "string"],
                "format": "size",
                "title": "Biggest",
                "description": "The greatest size: MiB, or with a unit.",
                "examples": [1500, "1.5 GiB"],
            },
            "strict": {
                "type": "boolean",
                "default": True,
                "title": "Strict",
                "description": "Reject what tells no size even when it is downloaded.",
                "examples": [False],
            },
        },
        "additionalProperties": False,
    }
    category = "filter"

    @priority(130)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """By the sizes that are known from the feed."""
        limits = _limits(config)
        for entry in task.live:
            reason = _complaint(entry, *limits)
            if reason:
                entry.reject(reason)

    @priority(150)
    def on_task_modify(self, task: Task, config: dict[str, Any]) -> None:
        """By what the download tells. The task runs once more, for others to take the place of the rejected."""
        limits = _limits(config)
        for entry in task.accepted:
            reason = _complaint(entry, *limits)
            if not reason and config.get("strict", True) and _size_of(entry) is None and not task.options.test:
                reason = "nothing tells its size"
            if reason:
                logger.info("%s: %s", entry["title"], reason)
                entry.reject(reason, remember=True)
                task.rerun(self.name, "what was rejected may have an alternative")


def _limits(config: dict[str, Any]) -> tuple[int, int | None]:
    biggest = config.get("max")
    return config_size(config.get("min", 0)), None if biggest is None else config_size(biggest)


def _size_of(entry: Entry) -> float | None:
    """Bytes, as the field ``content_size`` tells them."""
    value = entry.get("content_size")
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _complaint(entry: Entry, smallest: int, biggest: int | None) -> str | None:
    found = _size_of(entry)
    if found is None:
        return None
    if found < smallest:
        return f"{size_text(found)} is smaller than {size_text(smallest)}"
    if biggest is not None and found > biggest:
        return f"{size_text(found)} is bigger than {size_text(biggest)}"
    return None
