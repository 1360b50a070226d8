"""``from_task``"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import EVERYWHERE, Plugin
from server.engine.task import Task, copy_of

DEEPEST = 10
"""Tasks inside of each other; a circle of tasks ends there."""


class FromTask(Plugin):
    """Runs another task first, with the same options, and gives what that one accepted.

    The other task remembers nothing of this: it neither asks ``seen`` nor learns, so both can be run by themselves.

    Example::

        tasks:
          films:
            from_task: all feeds
            quality: 1080p
            accept_all: yes
    """

    schema = {
        "type": "string",
        "title": "Task",
        "description": "Name of the other task.",
        "examples": ["all feeds"],
    }
    category = "input"
    acts_in = EVERYWHERE

    def on_task_input(self, task: Task, config: str) -> Iterator[Entry]:
        """What the other task accepted, undecided again."""
        if config not in task.services.config.task_names():
            raise PluginError(f"there is no task {config}")
        depth = int(task.state(self).get("depth", 0)) + 1
        if config == task.name or depth > DEEPEST:
            raise PluginError(f"the tasks give each other their entries in a circle: {task.name}, {config}")
        options = dataclasses.replace(task.options, inject=[], named=True)
        other = task.services.runner.make(config, options, output=task.print)
        other.name = f"{task.name}>{config}"
        other.config["seen"] = False
        other.max_reruns = 0
        other.disable_phase("learn")
        other.state(self)["depth"] = depth
        result = other.execute()
        if result.aborted and not result.silent:
            raise PluginError(f"the task {config} was aborted: {result.reason}")
        return (copy_of(entry) for entry in result.entries if entry.accepted)
