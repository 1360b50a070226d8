"""``plugin_priority``"""

from __future__ import annotations

import logging

from server.engine.plugin import Plugin
from server.engine.task import Task

logger = logging.getLogger("plugin_priority")


class PluginPriority(Plugin):
    """Changes when plugins run within their phases, for one task.

    Example::

        plugin_priority:
          regexp: 200
    """

    schema = {
        "type": "object",
        "additionalProperties": {"type": "integer"},
        "title": "Priorities",
        "description": "Plugin: priority; higher runs earlier, 128 is usual.",
        "examples": [{"regexp": 200}],
    }
    category = "modify"

    def on_task_start(self, task: Task, config: dict[str, int]) -> None:
        """Set them."""
        for name, value in config.items():
            if name not in task.services.registry:
                logger.warning("There is no plugin named %s to give a priority", name)
                continue
            for phase in task.services.registry.get(name).handlers:
                task.set_priority(name, value, phase)
