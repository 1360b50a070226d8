"""``log_filter``"""

from __future__ import annotations

from collections.abc import Callable
from logging import LogRecord
from typing import Any

from server.engine.context import CURRENT
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

FACTS = frozenset({"plugin", "task", "level", "message"})
LEVELS = ("trace", "debug", "verbose", "info", "success", "warning", "error", "critical")


class LogFilter(Plugin):
    """Leaves lines out of the log while a task runs.

    A line is left out when it fits one of the filters, that is, all that the filter says.

    Example::

        log_filter:
          - plugin: rss
            level: warning
          - message: had no entries
    """

    schema = {
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
    category = "operation"
    acts_in = NOWHERE

    @priority(255)
    def on_task_start(self, task: Task, config: list[dict[str, str]]) -> None:
        """It holds for what the task's thread logs, until the task is over."""
        before = CURRENT.hidden
        CURRENT.hidden = hides(config)
        task.at_end(lambda: setattr(CURRENT, "hidden", before))


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
