"""A run that changes nothing: the same task, phases and plugins on a copy of the database.

Where a plugin would act on the world (``Plugin.acts_in``), a recorder stands in its place and notes what it would have
been given. Plugins which run others (``if``) meet the same recorders, for they ask the registry of this run.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from types import MethodType
from typing import TYPE_CHECKING, Any, cast

from server.engine.context import CURRENT
from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.events import EventBus
from server.engine.execution import ExecuteOptions, TaskResult
from server.engine.plugin import Plugin
from server.engine.task import Task, plain
from server.storage.scratch import scratch

if TYPE_CHECKING:
    from server.engine.registry import Registry
    from server.engine.services import Services

MOST_LINES = 1000
"""Log lines and printed texts that are told."""


@dataclass
class Deed:
    """What one plugin would have been given to do in one phase. ``entries``: the accepted ones at that time."""

    phase: str
    plugin: str
    config: Any
    number: int
    entries: list[dict[str, Any]]
    rerun: int


@dataclass
class Rehearsed:
    """What came of it."""

    result: TaskResult
    deeds: list[Deed]
    log: list[dict[str, str]]
    printed: list[str] = field(default_factory=list)


class Rehearsal:
    """One preview. ``run`` blocks; ``cancel`` may be called from another thread.

    :param config: the task's merged config
    :param most: entries that each deed lists
    """

    def __init__(
        self, services: Services, name: str, config: dict[str, Any], options: ExecuteOptions, most: int
    ) -> None:
        self._name = name
        self._most = most
        self._deeds: list[Deed] = []
        self._printed: list[str] = []
        self._mask = services.config.mask
        self._real = services
        self._services = copy.copy(services)  # not `replace`: that would give the real config another event bus
        self._services.events = EventBus()
        self._services.recorders = []
        self._services.registry = cast("Registry", RehearsalRegistry(services.registry, self._services, self._note))
        self._options = options
        self._task: Task | None = None
        self._cancelled: str | None = None
        self._config = config

    def cancel(self, reason: str) -> None:
        """End it at the next chance."""
        self._cancelled = reason
        if self._task is not None:
            self._task.cancel(reason)

    def run(self) -> Rehearsed:
        """Run the task once, in this thread. Raises StorageError where the database cannot be copied."""
        with scratch(self._real.db) as db:
            self._services.db = db
            lines = _Lines(self._mask)
            logging.getLogger().addHandler(lines)
            CURRENT.apart = True
            try:
                task = self._task = Task(
                    self._name,
                    self._config,
                    services=self._services,
                    db=db,
                    options=self._options,
                    output=self._print,
                )
                if self._cancelled is not None:
                    task.cancel(self._cancelled)
                return Rehearsed(task.execute(), self._deeds, lines.told, self._printed)
            finally:
                CURRENT.apart = False
                logging.getLogger().removeHandler(lines)

    def _print(self, text: str) -> None:
        if len(self._printed) < MOST_LINES:
            self._printed.append(self._mask(text))

    def _note(self, phase: str, plugin: Plugin, task: Task, config: Any) -> None:
        accepted = task.accepted
        shown = [
            {
                "title": str(entry.get("title", "", False)),
                "url": str(entry.get("url", "", False)),
                "config": rendered(config, entry) if has_templates(config) else None,
            }
            for entry in accepted[: self._most]
        ]
        deed = Deed(phase, plugin.name, plain(config), len(accepted), shown, task.rerun_count)
        self._deeds.append(deed)


Note = Callable[[str, Plugin, Task, Any], None]


class RehearsalRegistry:
    """The registry as a preview sees it: plugins of their own, bound to its services, which do not act."""

    def __init__(self, real: Registry, services: Services, note: Note) -> None:
        self._real = real
        self._services = services
        self._note = note
        self._plugins: dict[str, Plugin] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def get(self, name: str) -> Plugin:
        """The harmless twin of a plugin."""
        found = self._plugins.get(name)
        if found is None:
            found = self._plugins[name] = self._twin(self._real.get(name))
        return found

    def builtins(self) -> list[Plugin]:
        """As of the real one."""
        return [self.get(plugin.name) for plugin in self._real.builtins()]

    def by_interface(self, interface: str) -> list[Plugin]:
        """As of the real one."""
        return [self.get(plugin.name) for plugin in self._real.by_interface(interface)]

    def all(self) -> list[Plugin]:
        """As of the real one."""
        return [self.get(plugin.name) for plugin in self._real.all()]

    def _twin(self, plugin: Plugin) -> Plugin:
        twin = copy.copy(plugin)
        twin.bind(self._services)
        twin._handlers = {
            phase: self._recorder(phase, plugin) if phase in plugin.acts_in else _rebound(method, plugin, twin)
            for phase, method in plugin.handlers.items()
            if phase != "learn"  # what would be learnt is thrown away with the copy
        }
        return twin

    def _recorder(self, phase: str, plugin: Plugin) -> Callable[..., None]:
        def record(task: Task, config: Any) -> None:
            if plugin.acts(phase, config):
                self._note(phase, plugin, task, config)

        record.priority = plugin.priority_of(phase)  # type: ignore[attr-defined]
        return record


def _rebound(method: Callable[..., Any], plugin: Plugin, twin: Plugin) -> Callable[..., Any]:
    bound = isinstance(method, MethodType) and method.__self__ is plugin
    return MethodType(method.__func__, twin) if bound and isinstance(method, MethodType) else method


def has_templates(config: Any) -> bool:
    """Whether a configuration holds a text with ``{{ fields }}``."""
    if isinstance(config, str):
        return "{{" in config or "{%" in config
    below = config.values() if isinstance(config, dict) else config if isinstance(config, list) else ()
    return any(has_templates(item) for item in below)


def rendered(config: Any, entry: Entry) -> Any:
    """A configuration with the entry's fields filled in; where that fails, the text tells why."""
    if isinstance(config, str):
        try:
            return entry.render(config) if has_templates(config) else config
        except RenderError as error:
            return f"{config} (cannot be filled in: {error})"
    if isinstance(config, dict):
        return {str(key): rendered(item, entry) for key, item in config.items()}
    if isinstance(config, list):
        return [rendered(item, entry) for item in config]
    return plain(config)


class _Lines(logging.Handler):
    """Collects what this run logs, and nobody else's lines."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__(logging.INFO - 5)
        self.told: list[dict[str, str]] = []
        self._mask = mask

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        if CURRENT.apart and len(self.told) < MOST_LINES:
            message = self._mask(record.getMessage())
            self.told.append({"level": record.levelname, "plugin": record.name, "message": message})
