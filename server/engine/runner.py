"""Runs one task of the config by its name: in the worker thread of the daemon, or at once from the command line."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from server.config.errors import ConfigError
from server.engine.events import TaskFinished, TaskStarted
from server.engine.execution import ExecuteOptions, TaskResult
from server.engine.task import Task, copy_of
from server.storage.scratch import scratch

if TYPE_CHECKING:
    from server.engine.services import Services

logger = logging.getLogger("task")

LAST_PRIORITY = 65535
"""Tasks without a ``priority`` come after all that have one."""


class UnknownTask(LookupError):
    """No task of that name (or pattern) is in the config; the message lists what was asked for."""


class Runner:
    """Chooses tasks and runs them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def select(self, patterns: Iterable[str] = (), template: str | None = None) -> list[str]:
        """Names of tasks, most urgent first.

        ``patterns``: names or globs in any case; none means all. ``template``: only tasks that use it. A pattern that
        fits no task is logged; when none fits any, :class:`UnknownTask` is raised.
        """
        config = self._services.config.in_force
        names = config.task_names()
        wanted = list(patterns)
        if wanted:
            known = config.task_names(hidden=True)
            fitting = {pattern: matching(known, pattern) for pattern in wanted}
            unknown = ", ".join(repr(pattern) for pattern, found in fitting.items() if not found)
            names = list(dict.fromkeys(name for found in fitting.values() for name in found))
            if not names:
                raise UnknownTask(f"no task is named {unknown}")
            if unknown:
                logger.error("No task is named %s", unknown)
        if template is not None:
            names = [name for name in names if template in config.templates_of(name)]
        return sorted(names, key=self.priority_of)

    def priority_of(self, name: str) -> int:
        """A task's ``priority`` (1 comes first)."""
        try:
            value = self._services.config.task(name).get("priority", LAST_PRIORITY)
        except (ConfigError, KeyError):  # what is wrong with it, or that it is gone, is told when it is to run
            return LAST_PRIORITY
        return value if isinstance(value, int) else LAST_PRIORITY

    def make(
        self, name: str, options: ExecuteOptions, *, job: int = 0, output: Callable[[str], None] | None = None
    ) -> Task:
        """The task, ready to run; raises ``ConfigError`` where its parts do not fit, or the config has it no more."""
        services = self._services
        try:
            config: dict[str, Any] = services.config.task(name)
        except KeyError:
            raise ConfigError(f"The config has no task `{name}` any more.") from None
        return Task(name, config, services=services, db=services.db, options=options, job=job, output=output)

    def run(self, task: Task) -> TaskResult:
        """Run it. Never raises for what a config, a plugin or the world did wrong: that is in the result."""
        services = self._services
        services.events.publish(TaskStarted(task.job, task.name))
        try:
            result = self._run_on_copy(task) if task.options.test else task.execute()
        except Exception as error:
            logger.critical("BUG: task %s ended by an unexpected error: %s", task.name, error, exc_info=True)
            result = TaskResult(task.name, aborted=True, reason=f"BUG: {error}", error=True, started=task.started)
        for record in services.recorders:
            try:
                record(task, result)
            except Exception:
                logger.exception("The run of %s could not be recorded", task.name)
        services.events.publish(TaskFinished(task.job, task.name, result.summary()))
        return result

    def _run_on_copy(self, task: Task) -> TaskResult:
        """``--test``: the stores are a private copy, so nothing is remembered."""
        with scratch(task.db) as copy:
            task.db = copy
            return task.execute()


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """The names that a pattern fits: the exact one if there is, else without regard to case, as a glob.

    Hidden tasks (``_name``) are only meant where the pattern begins with ``_`` too.
    """
    known = list(names)
    if pattern in known:
        return [pattern]
    low = pattern.lower()
    among = [name for name in known if pattern.startswith("_") or not name.startswith("_")]
    return [name for name in among if name.lower() == low or fnmatch.fnmatchcase(name.lower(), low)]


def for_each_task(options: ExecuteOptions) -> ExecuteOptions:
    """Options of its own for one task of several."""
    return replace(options, inject=[copy_of(entry) for entry in options.inject])
