"""``abort``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task


class Abort(Plugin):
    """Ends the task in the output phase: for trying a configuration out without its outputs.

    Example::

        abort: yes
    """

    schema = {
        "title": "Abort",
        "description": "Whether to end the task before its outputs, or a text that says why.",
        "examples": [True],
    }
    category = "operation"
    acts_in = NOWHERE

    def on_task_output(self, task: Task, config: Any) -> None:
        """End the task."""
        task.abort(config if isinstance(config, str) else "the configuration says so")
