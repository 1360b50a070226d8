"""``verbose``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.log import VERBOSE
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task

logger = logging.getLogger("verbose")


class Verbose(Plugin):
    """Logs the entries that nothing decided about.

    Example::

        verbose: no
    """

    schema = {
        "type": "boolean",
        "title": "Verbose",
        "description": "Whether undecided entries are logged (yes).",
        "examples": [False],
    }
    category = "operation"
    acts_in = NOWHERE
    builtin = True

    def on_task_exit(self, task: Task, config: Any) -> None:
        """Name the undecided ones."""
        if task.options.silent or not logger.isEnabledFor(VERBOSE):
            return
        for entry in task.undecided:
            logger.log(VERBOSE, "UNDECIDED: `%s`", entry["title"])
