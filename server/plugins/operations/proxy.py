"""``proxy``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class Proxy(Plugin):
    """A proxy for the HTTP requests of a task, in place of the one that the environment names.

    Example::

        proxy: http://127.0.0.1:8080
    """

    schema = {
        "oneOf": [
            {"type": "string", "format": "url", "title": "For all requests"},
            {
                "type": "object",
                "properties": {
                    "http": {"type": "string", "format": "url", "title": "HTTP", "description": "For http addresses."},
                    "https": {
                        "type": "string",
                        "format": "url",
                        "title": "HTTPS",
                        "description": "For https addresses.",
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Proxy",
        "description": "The proxy's address, or one for each scheme.",
        "examples": ["http://127.0.0.1:8080"],
    }
    category = "operation"

    @priority(255)
    def on_task_prepare(self, task: Task, config: Any) -> None:
        """Set it for the task's session."""
        proxies = {"http": config, "https": config} if isinstance(config, str) else dict(config)
        task.requests.proxies = proxies
        # what the environment names would come first otherwise
        task.requests.trust_env = False
