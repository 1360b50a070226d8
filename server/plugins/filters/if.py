"""``if``"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.engine.templates import MissingField, compile_expression

logger = logging.getLogger("if")

Condition = Callable[[Mapping[str, Any]], Any]

_DECISIONS = ("accept", "reject", "fail")


class If(Plugin):
    """Decides by expressions over an entry's fields, or runs other plugins on the entries that fit.

    Example::

        if:
          - imdb_score > 7 and 'Comedy' in imdb_genres: accept
          - tvdb_ep_air_date < now - timedelta(days=10): reject
          - quality >= '1080p':
              set:
                path: ~/hd
    """

    schema = {
        "type": "array",
        "title": "Conditions",
        "description": "Each a Jinja expression with what to do; one that names a missing field is false.",
        "items": {
            "type": "object",
            "additionalProperties": {
                "anyOf": [{"$ref": "/schema/plugins"}, {"enum": list(_DECISIONS)}],
            },
        },
        "examples": [[{"quality >= '1080p'": "accept"}]],
    }
    category = "filter"
    acts_in = NOWHERE

    def _run(self, task: Task, config: list[dict[Any, Any]], phase: str) -> None:
        for item in config:
            for text, action in item.items():
                if not self._acts(action, phase):
                    continue
                fitting = _fitting(task, text)
                if isinstance(action, str):
                    _decide(fitting, action, str(text))
                elif fitting:
                    self._run_plugins(task, fitting, action, phase)

    def _acts(self, action: Any, phase: str) -> bool:
        """Whether there is anything to do in a phase: else the condition need not be looked at."""
        if isinstance(action, str):
            return phase == "filter"
        return any(
            self._acts_nested(config, phase) if name == "if" else phase in self.services.registry.get(name).handlers
            for name, config in action.items()
        )

    def _acts_nested(self, config: list[dict[Any, Any]], phase: str) -> bool:
        return any(self._acts(action, phase) for item in config for action in item.values())

    def _run_plugins(self, task: Task, entries: list[Entry], action: dict[str, Any], phase: str) -> None:
        plugins = [self.services.registry.get(name) for name in action]
        plugins = [plugin for plugin in plugins if phase in plugin.handlers]
        for plugin in sorted(plugins, key=lambda item: -item.priority_of(phase)):
            with _only(task, entries):
                plugin.handlers[phase](task, action[plugin.name])

    @priority(80)
    def on_task_metainfo(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "metainfo")

    @priority(80)
    def on_task_filter(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Decisions, and plugins of this phase on the entries that fit."""
        self._run(task, config, "filter")

    @priority(80)
    def on_task_download(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "download")

    @priority(80)
    def on_task_modify(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "modify")

    @priority(80)
    def on_task_output(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "output")

    @priority(80)
    def on_task_learn(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "learn")

    @priority(80)
    def on_task_exit(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "exit")

    @priority(80)
    def on_task_abort(self, task: Task, config: list[dict[Any, Any]]) -> None:
        """Plugins of this phase on the entries that fit."""
        self._run(task, config, "abort")


def _fitting(task: Task, text: Any) -> list[Entry]:
    """The entries for which an expression is true; `yes` and `no` are expressions too."""
    if not isinstance(text, str):
        return task.live if text else []
    try:
        condition = compile_expression(text)
    except RenderError as error:
        logger.error("%s", error)
        return []
    found = []
    for count, entry in enumerate(task.live):
        if count % 1000 == 0:
            task.check_cancelled()
        if _holds(condition, entry, text):
            found.append(entry)
    return found


def _holds(condition: Condition, entry: Entry, text: str) -> bool:
    try:
        return bool(condition(entry))
    except MissingField as error:
        logger.debug("%r is false for %s: %s", text, entry["title"], error)
    except RenderError as error:
        logger.error("%r cannot be told of %s: %s", text, entry["title"], error)
    return False


def _decide(entries: list[Entry], action: str, text: str) -> None:
    reason = f"if {text}"
    for entry in entries:
        if action == "accept":
            entry.accept(reason)
        elif action == "reject":
            entry.reject(reason)
        else:
            entry.fail(reason)


@contextmanager
def _only(task: Task, entries: list[Entry]) -> Iterator[None]:
    """For a plugin, the task has these entries and no others."""
    before, task.entries = task.entries, list(entries)
    try:
        yield
    finally:
        task.entries = before
