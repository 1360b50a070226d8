"""``spy_headers``"""

from __future__ import annotations

import logging
from typing import Any

from requests import Response

from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task

logger = logging.getLogger("spy_headers")

SECRET = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})
"""Headers of which only the name is told, for logs get shown to others."""


class SpyHeaders(Plugin):
    """Logs each request of a task with the headers that were sent; values that open doors are left out.

    Example::

        spy_headers: yes
    """

    schema = {
        "type": "boolean",
        "title": "Log headers",
        "description": "Whether to log them.",
        "examples": [True],
    }
    category = "operation"
    acts_in = NOWHERE

    def on_task_start(self, task: Task, config: bool) -> None:
        """Watch the task's session; it ends with the task."""
        task.requests.hooks["response"].append(_tell)


def _tell(response: Response, *args: Any, **kwargs: Any) -> None:
    request = response.request
    logger.info("Request : %s %s", request.method, request.url)
    logger.info("Response : %s (%s)", response.status_code, response.reason)
    for name, value in request.headers.items():
        logger.info("    %s: %s", name, "***" if name.lower() in SECRET else value)
