"""``urlfix``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.log import VERBOSE
from server.engine.plugin import Plugin, priority
from server.engine.task import Task

logger = logging.getLogger("urlfix")


class Urlfix(Plugin):
    """Repairs addresses that were escaped twice (``&amp;`` in place of ``&``).

    Example::

        urlfix: no
    """

    schema = {"type": "boolean", "title": "Fix", "description": "Whether to repair (yes).", "examples": [False]}
    category = "operation"
    builtin = True

    @priority(-255)
    def on_task_input(self, task: Task, config: Any) -> None:
        """Repair the new entries."""
        for entry in task.entries:
            url = dict.get(entry, "url", "")
            if "&amp;" in url:
                fixed = url.replace("&amp;", "&")
                entry["url"] = fixed
                logger.log(VERBOSE, "The address of %s had &amp; in place of &: %s", entry["title"], fixed)
