"""``disable``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task

logger = logging.getLogger("disable")


class Disable(Plugin):
    """Switches plugins off for a task: those of a template, or built-in ones.

    ``builtins`` stands for all built-in plugins.

    Example::

        disable:
          - seen
          - seen_info_hash
    """

    schema = {
        **text_or_list(type="string"),
        "title": "Plugins",
        "description": "Names of plugins, or `builtins` for all that are built in.",
        "examples": ["seen", ["seen", "backlog"], "builtins"],
    }
    category = "operation"

    @priority(254)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Leave the plugins out of this run."""
        builtins = [plugin.name for plugin in task.services.registry.builtins()]
        for name in as_list(config):
            for one in builtins if name == "builtins" else [name]:
                if one not in task.services.registry:
                    logger.warning("There is no plugin named %s to disable", one)
                else:
                    task.disable_plugin(one)
