"""``pathscrub``"""

from __future__ import annotations

from server.engine.paths import set_mode
from server.engine.plugin import Plugin
from server.engine.task import Task


class Pathscrub(Plugin):
    """Which characters a task's paths and file names may have: those of another system than this one.

    Example::

        pathscrub: windows
    """

    schema = {
        "type": "string",
        "enum": ["windows", "linux", "mac"],
        "title": "System",
        "description": "Whose rules to keep.",
        "examples": ["windows"],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: str) -> None:
        """Set the rules until the task ends."""
        if not task.is_rerun:
            task.at_end(lambda: set_mode(None))
        set_mode(config)
