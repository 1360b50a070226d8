"""``mock_output``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.log import VERBOSE
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task

logger = logging.getLogger("mock_output")


class MockOutput(Plugin):
    """An output that does nothing but tell which entries came to it, for trying out a task.

    Example::

        mock_output: yes
    """

    schema = {
        "type": "boolean",
        "title": "Mock output",
        "description": "Whether it stands in for an output.",
        "examples": [True],
    }
    category = "output"
    acts_in = NOWHERE

    def on_task_output(self, task: Task, config: Any) -> None:
        """Note what would be sent off, over all passes of the task."""
        task.state(self).setdefault("titles", []).extend(entry["title"] for entry in task.accepted)

    def on_task_exit(self, task: Task, config: Any) -> None:
        """Tell it once."""
        titles = task.state(self).get("titles", [])
        logger.log(VERBOSE, "These came to the output: %s", ", ".join(titles) or "none")
