"""The config in force: which tasks there are and what each comes to, swapped as a whole when the file changes.

    config = ConfigService.read(Path("config.yml"), registry)
    config.task("tv")["rss"]            # templates, includes, variables and defaults filled in
    config.change_task("tv", {...})     # writes only the lines that change, then takes the new config into force

Every question is answered from one consistent version. Reading and writing files blocks: not for the loop's thread.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.config.compose import Checker, EffectiveTask, ValidatedConfig, build_with
from server.config.document import Document, load, read
from server.config.edit import delete, insert, rename, set_value
from server.config.errors import ConfigError, Issue
from server.config.settings import WebServerSettings
from server.config.store import ConfigStore, Version
from server.config.variables import KEYS as VARIABLES_KEYS
from server.config.variables import write_variables
from server.engine import formats
from server.engine.config_schema import TOP_LEVEL
from server.engine.events import ConfigChanged
from server.engine.log_filter import hides
from server.engine.registry import BrokenPlugin, UnknownPlugin
from server.engine.renamed import RENAMED
from server.parsing.timedelta import parse_timedelta

if TYPE_CHECKING:
    from server.engine.events import EventBus
    from server.engine.registry import Registry

logger = logging.getLogger("config")

formats.register()

VARIABLES_FILE = "variables.yml"
"""Where variables go that are set through the API when the config has none yet."""


class ConfigService:
    """One config file, as it is in force."""

    def __init__(self, path: Path, registry: Registry) -> None:
        """Reads and checks the file; raises ``ConfigError`` with everything that is wrong."""
        self.path = path
        self.events: EventBus | None = None
        self.version = 1
        """Grows with each load: what was answered from another version is old."""
        self._registry = registry
        self._lock = threading.RLock()
        self._effective: dict[str, EffectiveTask] = {}
        self._hides: Callable[[logging.LogRecord], bool] | None = None
        self._refused: list[str | None] | None = None
        self._checker = Checker(self._schema, registry.names, registry.resolve, self._hint)
        self._store = ConfigStore(path)
        self._now = self._build(self._store.current)
        self._told(self._now)

    @classmethod
    def read(cls, path: Path, registry: Registry) -> ConfigService:
        """Read and validate a file; raises ``ConfigError``."""
        return cls(path, registry)

    # -- schemas ------------------------------------------------------------------------------------------------------

    def _schema(self, name: str) -> dict[str, Any] | None:
        try:
            plugin = self._registry.get(name)
        except (UnknownPlugin, BrokenPlugin):
            return None
        return plugin.schema if "task" in plugin.interfaces else None

    def _hint(self, name: str) -> str | None:
        """Why a plugin that is there cannot be used in a task."""
        try:
            plugin = self._registry.get(name)
        except UnknownPlugin:
            return RENAMED.get(name)
        except BrokenPlugin as error:
            return str(error)
        if not plugin.interfaces:
            return f"`{name}` is a part of the program itself; there is nothing to configure."
        return f"`{name}` cannot stand in a task by itself; it is used as {', '.join(plugin.interfaces)}."

    # -- asking -------------------------------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The file in force, as it was read."""
        return self._now.document

    @property
    def data(self) -> dict[str, Any]:
        """The whole config with variables filled in."""
        return self._now.data

    @property
    def text(self) -> str:
        """The file as it is on disk now, even where it is no good."""
        return read(self.path)[0] if self.path.is_file() else self.document.text

    @property
    def web_server(self) -> WebServerSettings | None:
        """The settings of the web server; None when it is off."""
        return self._now.web_server

    def task_names(self, *, hidden: bool = False) -> list[str]:
        """Tasks in the config's order; names that begin with ``_`` only with ``hidden``."""
        return self._now.task_names(hidden=hidden)

    @property
    def in_force(self) -> ValidatedConfig:
        """All of it as of now, for several questions: the config may change between two of them."""
        return self._now

    def raw_task(self, name: str) -> dict[str, Any]:
        """A task as the user wrote it, placeholders included; ``KeyError`` when there is none."""
        return _raw_task(self._now, name)

    def raw_tasks(self) -> dict[str, dict[str, Any]]:
        """All tasks as the user wrote them, but those that begin with ``_``."""
        now = self._now
        return {name: _raw_task(now, name) for name in now.task_names()}

    def task(self, name: str) -> dict[str, Any]:
        """A task with its templates, includes and defaults: not to be changed.

        ``KeyError`` when there is none, ``ConfigError`` where the parts do not fit together.
        """
        return self.effective(name).config

    def effective(self, name: str) -> EffectiveTask:
        """The same with the origin of every option."""
        kept = self._effective  # before the config: what is merged from an older one goes where nobody looks
        found = kept.get(name)
        if found is None:
            found = kept[name] = self._now.effective_task(name)
        return found

    def templates_of(self, name: str) -> list[str]:
        """The templates that a task uses."""
        return self._now.templates_of(name)

    def validated(self) -> dict[str, Any]:
        """The config with every task merged and defaults filled in, values of variables masked."""
        now, tasks = self._now, {}
        for name in now.task_names(hidden=True):
            try:
                tasks[name] = now.effective_task(name).config
            except ConfigError:
                tasks[name] = now.task(name)
        data = {**now.data, "tasks": tasks}
        for key in VARIABLES_KEYS:
            if isinstance(data.get(key), dict):
                data[key] = dict.fromkeys(data[key], "***")
        return self.masked(data)  # type: ignore[no-any-return]

    def masked(self, value: Any) -> Any:
        """Plain data with the values of variables hidden in all of its texts."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {key: self.masked(below) for key, below in value.items()}
        if isinstance(value, list):
            return [self.masked(below) for below in value]
        return value

    def mask(self, text: str) -> str:
        """A text with the values of variables hidden."""
        return self._now.mask(text)

    def hides(self, record: logging.LogRecord) -> bool:
        """Whether ``log_filter`` of the config leaves a line out of the log."""
        fits = self._hides
        return fits is not None and fits(record)

    @property
    def task_limit(self) -> float:
        """Seconds that a run may take; 0 for no limit."""
        value = self.data.get("task_limit", TOP_LEVEL["task_limit"]["default"])
        return parse_timedelta(value).total_seconds() if isinstance(value, str) else float(value)

    # -- checking other texts -----------------------------------------------------------------------------------------

    def check(self, text: str) -> tuple[list[Issue], list[Issue]]:
        """What is wrong with a text that is not saved: (errors, warnings)."""
        try:
            config = self.candidate(text)
        except ConfigError as error:
            return list(error.issues), []
        errors = config.check_tasks()
        told = {(issue.message, issue.file, issue.line) for issue in errors}
        return errors, [issue for issue in config.warnings if (issue.message, issue.file, issue.line) not in told]

    def candidate(self, text: str) -> ValidatedConfig:
        """A text as the config that it would be; raises ``ConfigError``. Nothing is changed."""
        return self._build(load(text, path=self.path))

    def _build(self, document: Document) -> ValidatedConfig:
        try:
            return build_with(document, self._checker, TOP_LEVEL)
        except RecursionError as error:
            raise ConfigError(Issue("The file is nested too deeply to be checked.", file=document.name)) from error

    # -- loading ------------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Load the file again; raises ``ConfigError`` and keeps what is in force when it is no good."""
        with self._lock:
            seen = self._on_disk()  # before it is read: an editor may not be done with it
            try:
                config = self._build(load(self.path))
            except ConfigError:
                self._refused = seen
                raise
            self._store.take(config.document)
            self._take(config, "loaded again")

    def changed_on_disk(self) -> bool:
        """Whether a file of the config changed since it was loaded; one that was refused counts once."""
        with self._lock:
            return bool(self._store.changed_on_disk()) and self._on_disk() != self._refused

    @property
    def refused(self) -> bool:
        """Whether the file on disk was looked at, is no good, and an older one is in force therefore."""
        return self._refused is not None

    def _on_disk(self) -> list[str | None]:
        """What all files of the config hold now."""
        from server.config.document import digest

        files = [self.path, *self._now.files()]
        return [digest(file.read_bytes()) if file.is_file() else None for file in files]

    def _take(self, config: ValidatedConfig, reason: str) -> None:
        before = self._now
        self._now = config
        self._effective = {}
        self._refused = None
        self.version += 1
        self._told(config)
        if self.events is not None:
            self.events.publish(_difference(before, config, reason))

    def _told(self, config: ValidatedConfig) -> None:
        variables = config.variables
        read = {variables.file: variables.document.hash} if variables.file and variables.document else {}
        self._store.watch(config.files(), read)
        filters = config.data.get("log_filter")
        self._hides = hides(filters) if filters else None
        for warning in config.warnings:
            logger.warning("%s", warning)

    # -- editing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Around an edit that depends on what is there: nobody else changes the config meanwhile."""
        with self._lock:
            yield

    def replace(self, text: str) -> None:
        """Write another text and take it into force; raises ``ConfigError`` and writes nothing where it is no good."""
        with self._lock:
            config = self.candidate(text)
            self._store.write(text)
            self._take(config, "written")

    def _edit(self, change: Callable[[str], str]) -> None:
        """One edit of the file as it is on disk now: checked, written, in force; or nothing of it."""
        with self._lock:
            if self._store.changed_on_disk():
                self.reload()
            before = self._store.current
            text = change(before.text)
            config = self.candidate(text)
            self._store.write(text, before.hash)
            self._take(config, "edited")

    def add_task(self, name: str, config: dict[str, Any]) -> None:
        """Add a task at the end of the tasks."""
        self._edit(lambda text: insert(text, ("tasks", name), config))

    def change_task(self, name: str, config: dict[str, Any], new_name: str | None = None) -> None:
        """Give a task another config, and another name."""

        def change(text: str) -> str:
            path = ("tasks", self._task_key(name))
            text = set_value(text, path, config)
            return rename(text, path, new_name) if new_name is not None and new_name != name else text

        self._edit(change)

    def delete_task(self, name: str) -> None:
        """Take a task out."""

        def change(text: str) -> str:
            tasks = (self.document.data or {}).get("tasks") or {}
            if len(tasks) == 1:  # the key stays: a config without tasks is written `tasks: {}`
                return set_value(text, ("tasks",), {})
            return delete(text, ("tasks", self._task_key(name)))

        self._edit(change)

    def _task_key(self, name: str) -> str | int:
        return _key((self.document.data or {}).get("tasks") or {}, name)

    def set_schedules(self, schedules: Sequence[dict[str, Any]] | bool) -> None:
        """Replace the schedules."""
        wanted = schedules if isinstance(schedules, bool) else list(schedules)
        self._edit(lambda text: set_value(text, ("schedules",), wanted))

    # -- variables ----------------------------------------------------------------------------------------------------

    def variables(self) -> dict[str, Any]:
        """The variables with their values."""
        return dict(self._now.variables.values)

    def set_variables(self, values: Mapping[str, Any]) -> None:
        """Replace all variables, where the config keeps them: in itself, or in their file."""
        with self._lock:
            data = self.document.data or {}
            key = next((name for name in VARIABLES_KEYS if data.get(name) not in (None, False)), None)
            if key is not None and isinstance(data[key], dict):
                self._edit(lambda text: set_value(text, (key,), dict(values)))
                return
            file = self._now.variables.file or self.path.with_name(VARIABLES_FILE)
            before = file.read_bytes() if file.is_file() else None
            write_variables(file, values)
            try:
                if key is None:
                    self._edit(lambda text: set_value(text, ("variables",), file.name))
                else:
                    self.reload()
            except ConfigError:
                _restore(file, before)
                raise

    # -- versions -----------------------------------------------------------------------------------------------------

    def versions(self) -> list[Version]:
        """Earlier texts of the file, newest first."""
        return self._store.versions()

    def read_version(self, version_id: str) -> str:
        """The text of a version; ``UnknownVersion`` for one that is not there."""
        return self._store.read_version(version_id)

    def diff(self, version_id: str, other_id: str | None = None) -> str:
        """What changed from a version to another, or to now: a unified diff."""
        return self._store.diff(version_id, other_id)

    def restore(self, version_id: str) -> None:
        """Make a version's text the config again."""
        self.replace(self._store.read_version(version_id))


def _key(items: Mapping[Any, Any], name: str) -> str | int:
    """The key as YAML reads it: a task may be called 2019. ``KeyError`` when there is none."""
    if name in items:
        return name
    for key in items:
        if str(key) == name:
            return key  # type: ignore[no-any-return]
    raise KeyError(name)


def _restore(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    else:
        from server.config.atomic import write_atomically

        write_atomically(file, content)


def _raw_task(config: ValidatedConfig, name: str) -> dict[str, Any]:
    tasks = (config.document.data or {}).get("tasks") or {}
    return dict(tasks[_key(tasks, name)] or {})


def _difference(before: ValidatedConfig, after: ValidatedConfig, reason: str) -> ConfigChanged:
    """Which tasks came, changed and went."""
    old, new = before.tasks, after.tasks
    added = tuple(name for name in new if name not in old)
    removed = tuple(name for name in old if name not in new)
    same_templates = before.templates == after.templates
    changed = tuple(
        name
        for name, config in new.items()
        if name in old and (config != old[name] or (not same_templates and after.templates_of(name)))
    )
    return ConfigChanged(reason, added, changed, removed)
