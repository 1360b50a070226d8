"""``disable_phases``"""

from __future__ import annotations

from server.engine.plugin import PHASES, Plugin
from server.engine.task import Task


class DisablePhases(Plugin):
    """Leaves whole phases out of a task's run.

    Example::

        disable_phases:
          - download
    """

    schema = {
        "type": "array",
        "items": {"type": "string", "enum": ["prepare", *PHASES, "urlrewrite"]},
        "title": "Phases",
        "description": "The phases to leave out.",
        "examples": [["download"]],
    }
    category = "operation"

    def on_task_start(self, task: Task, config: list[str]) -> None:
        """Leave them out."""
        for phase in config:
            task.disable_phase(phase)
