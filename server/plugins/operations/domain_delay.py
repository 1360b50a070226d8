"""``domain_delay``"""

from __future__ import annotations

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._spans import seconds_of


class DomainDelay(Plugin):
    """Waits between the HTTP requests of a task to one host.

    Example::

        domain_delay:
          example.com: 5 seconds
    """

    schema = {
        "type": "object",
        "additionalProperties": {"type": "string", "format": "interval"},
        "title": "Delays",
        "description": "Host: how long to wait between two requests.",
        "examples": [{"example.com": "5 seconds"}],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: dict[str, str]) -> None:
        """Set them for the task's session."""
        for host, span in config.items():
            task.requests.set_domain_delay(host, seconds_of(span))
