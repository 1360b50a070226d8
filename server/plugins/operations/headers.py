"""``headers``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class Headers(Plugin):
    """Headers that all HTTP requests of a task carry.

    Example::

        headers:
          Cookie: uid=1; pass=secret
    """

    schema = {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "title": "Headers",
        "description": "Name: value.",
        "examples": [{"User-Agent": "Mozilla/5.0"}],
    }
    category = "modify"

    @priority(130)
    def on_task_start(self, task: Task, config: dict[str, str]) -> None:
        """Add them to the task's session."""
        task.requests.headers.update(config)
