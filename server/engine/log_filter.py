"""Which lines the log leaves out: ``log_filter``, of the whole program in the config, or of one task."""

from __future__ import annotations

from collections.abc import Callable
from logging import LogRecord
from typing import Any

from server.engine.context import CURRENT

FACTS = frozenset({"plugin", "task", "level", "message"})
LEVELS = ("trace", "debug", "verbose", "info", "success", "warning", "error", "critical")

SCHEMA: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "plugin": {
                "type": "string",
                "title": "Plugin",
                "description": "Lines of this plugin, as the log names it.",
                "examples": ["rss"],
            },
            "task": {
                "type": "string",
                "title": "Task",
                "description": "Lines of this task; of use in templates.",
                "examples": ["tv"],
            },
            "level": {
                "type": "string",
                "enum": [*LEVELS],
                "title": "Level",
                "description": "Lines of this level.",
                "examples": ["warning"],
            },
            "message": {
                "type": "string",
                "title": "Message",
                "description": "Lines that hold this text.",
                "examples": ["had no entries"],
            },
        },
    },
    "title": "Filters",
    "description": "What is left out.",
    "examples": [[{"plugin": "rss", "level": "warning"}]],
}
"""Lists of filters; a filter names facts of a line."""


def hides(filters: list[dict[str, str]]) -> Callable[[LogRecord], bool]:
    """Whether a line fits one of the filters."""

    def fits(record: LogRecord, wanted: dict[str, Any]) -> bool:
        return (
            wanted.get("plugin", record.name) == record.name
            and wanted.get("task", CURRENT.task) == CURRENT.task
            and wanted.get("level", record.levelname.lower()) == record.levelname.lower()
            and wanted.get("message", "") in record.getMessage()
        )

    telling = [wanted for wanted in filters if not wanted.keys().isdisjoint(FACTS)]
    return lambda record: any(fits(record, wanted) for wanted in telling)
