"""``run_task``"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task

logger = logging.getLogger("run_task")

WHEN = ("accepted", "rejected", "failed", "no_entries", "aborted", "always")


class RunTask(Plugin):
    """Queues other tasks when this one is done.

    Example::

        run_task:
          task: move-finished
          when: accepted
    """

    schema = {
        "type": "object",
        "properties": {
            "task": {
                **text_or_list(type="string"),
                "title": "Tasks",
                "description": "Names of the tasks to run.",
                "examples": ["move-finished"],
            },
            "when": {
                **text_or_list(type="string", enum=list(WHEN)),
                "title": "When",
                "description": "What must have happened; `always` unless said.",
                "examples": ["accepted", ["failed", "aborted"]],
            },
        },
        "required": ["task"],
        "additionalProperties": False,
    }
    category = "operation"

    def on_task_exit(self, task: Task, config: dict[str, Any]) -> None:
        """Queue them, if what they wait for happened."""
        happened = {entry.state for entry in task.entries} | {"always"}
        if not task.entries:
            happened.add("no_entries")
        self._queue(task, config, happened)

    def on_task_abort(self, task: Task, config: dict[str, Any]) -> None:
        """Queue those that wait for an abort."""
        self._queue(task, config, {"aborted", "always"})

    @staticmethod
    def _queue(task: Task, config: dict[str, Any], happened: set[str]) -> None:
        if not happened & set(as_list(config.get("when")) or ("always",)):
            return
        known = task.services.config.task_names(hidden=True)
        for name in as_list(config["task"]):
            if name not in known:
                logger.error("There is no task named %s to run", name)
            elif not any(job.name == name and job.options.named for job in task.services.queue.jobs()):
                options = replace(task.options, inject=[], named=True, now=True)
                task.services.queue.submit(name, options, urgent=True, output=task.print)
