"""``accept_all``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task


class AcceptAll(Plugin):
    """Accepts every entry that no other plugin rejected.

    Example::

        accept_all: yes
    """

    schema = {
        "type": "boolean",
        "title": "Accept all",
        "description": "Whether to accept everything.",
        "examples": [True],
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: Any) -> None:
        """Accept what is still undecided."""
        for entry in task.undecided:
            entry.accept()
