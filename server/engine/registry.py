"""Finds plugins: by listing folders, importing a file only when a config names its plugin.

Places, in this order: ``server/plugins/<kind>/``, ``server/features/<name>/`` (whose files are not all plugins: the
index tells which are), the user's ``plugins/`` folder beside the config, and packages with an entry point in the
group ``flexget_tray.plugins``.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import logging
import pkgutil
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from server.engine.plugin import Plugin
from server.engine.plugin_index import BUILTINS, FEATURES, INTERFACES, NAMES, PHASES

if TYPE_CHECKING:
    from types import ModuleType

    from server.engine.services import Services

logger = logging.getLogger("plugin")

PLUGINS = "server.plugins"
"""The package whose folders hold plugins and nothing else; modules that begin with ``_`` are helpers."""

ENTRY_POINTS = "flexget_tray.plugins"


class UnknownPlugin(KeyError):
    """There is no plugin of that name."""

    def __str__(self) -> str:
        return f"there is no plugin named {self.args[0]!r}"


class BrokenPlugin(Exception):
    """A plugin's file is there but cannot be imported; the message says which file and why."""


@dataclass(frozen=True)
class Source:
    """Where a plugin is: a module's name, or a file of the user's."""

    module: str
    file: Path | None = None


class Registry:
    """All plugins by name. ``problems`` holds what was wrong with the user's own files: (file, message)."""

    def __init__(self, user_folder: Path | None = None) -> None:
        self._sources = dict(self._shipped())
        self._plugins: dict[str, Plugin] = {}
        self._lock = threading.RLock()
        self._services: Services | None = None
        self._others_read = False
        self.user_names: tuple[str, ...] = ()
        self.problems: list[tuple[str, str]] = []
        if user_folder is not None and user_folder.is_dir():
            self._read_user_folder(user_folder)

    # -- finding ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _shipped() -> Iterator[tuple[str, Source]]:
        package = importlib.import_module(PLUGINS)
        for folder in pkgutil.iter_modules(package.__path__, f"{PLUGINS}."):
            if not folder.ispkg:
                continue
            paths = [str(Path(base) / folder.name.rpartition(".")[2]) for base in package.__path__]
            for found in pkgutil.iter_modules(paths):
                if not found.ispkg and not found.name.startswith("_"):
                    yield NAMES.get(found.name, found.name), Source(f"{folder.name}.{found.name}")
        for module in FEATURES:
            yield module.rpartition(".")[2], Source(module)

    def _read_user_folder(self, folder: Path) -> None:
        names = []
        for file in sorted(folder.rglob("*.py")):
            if file.name.startswith("_"):
                continue
            try:
                problem = None if holds_plugin(file) else "holds no class that derives from Plugin"
            except OSError as error:
                problem = f"cannot be read: {error.strerror}"
            if problem is not None:
                self.problems.append((str(file), problem))
                continue
            self._sources[file.stem] = Source(f"flexget_user_plugins.{file.stem}", file)
            names.append(file.stem)
        self.user_names = tuple(names)

    def _read_entry_points(self) -> None:
        if self._others_read:
            return
        from importlib.metadata import entry_points

        with self._lock:
            if not self._others_read:
                others = {point.name: Source(point.module) for point in entry_points(group=ENTRY_POINTS)}
                self._sources = {**others, **self._sources}  # as a whole: other threads look at it without the lock
                self._others_read = True

    def names(self) -> list[str]:
        """Every plugin's name, sorted."""
        self._read_entry_points()
        return sorted(self._sources)

    def __contains__(self, name: object) -> bool:
        if name in self._sources:
            return True
        self._read_entry_points()
        return name in self._sources

    # -- loading ------------------------------------------------------------------------------------------------------

    def get(self, name: str) -> Plugin:
        """The plugin of that name; raises :class:`UnknownPlugin`."""
        found = self._plugins.get(name)
        if found is not None:
            return found
        if name not in self:
            raise UnknownPlugin(name)
        with self._lock:
            if name not in self._plugins:
                plugin = self._load(name, self._sources[name])
                if self._services is not None:
                    plugin.bind(self._services)
                self._plugins[name] = plugin
            return self._plugins[name]

    def _load(self, name: str, source: Source) -> Plugin:
        try:
            module = _import_file(source) if source.file else importlib.import_module(source.module)
        except Exception as error:
            where = source.file or source.module
            raise BrokenPlugin(
                f"the plugin {name} in {where} cannot be loaded: {type(error).__name__}: {error}"
            ) from error
        for _, member in inspect.getmembers(module, inspect.isclass):
            if (
                issubclass(member, Plugin)
                and member.__module__ == module.__name__
                and not member.__name__.startswith("_")
            ):
                plugin = member()
                plugin.name = name
                return plugin
        raise UnknownPlugin(name)

    def bind(self, services: Services) -> None:
        """Hand the parts of the program to every plugin, loaded now or later."""
        self._services = services
        for plugin in self._plugins.values():
            plugin.bind(services)

    # -- asking -------------------------------------------------------------------------------------------------------

    def schema(self, name: str) -> dict[str, Any] | None:
        """The JSON schema of a plugin's configuration; None when there is no such plugin."""
        return self.get(name).schema if name in self else None

    def builtins(self) -> list[Plugin]:
        """The plugins that are active in every task."""
        return [self.get(name) for name in (*BUILTINS, *self._users_builtin())]

    def _users_builtin(self) -> Iterable[str]:
        return (name for name in self._usable() if name not in BUILTINS and self.get(name).builtin)

    def _usable(self, names: Iterable[str] | None = None) -> Iterator[str]:
        """Names (of the user's own plugins, where none are given) without those whose files are broken."""
        for name in self.user_names if names is None else names:
            try:
                self.get(name)
            except BrokenPlugin as error:
                problem = (str(self._sources[name].file or self._sources[name].module), str(error))
                if problem not in self.problems:
                    self.problems.append(problem)
                    logger.error("%s", error)
            else:
                yield name

    def by_interface(self, interface: str) -> list[Plugin]:
        """The plugins that can be used as ``interface``, by name."""
        names = set(INTERFACES.get(interface, ()))
        if interface == "task":
            names = set(self.names())
        plugins = [self.get(name) for name in self._usable(sorted(names))]
        plugins += [self.get(name) for name in self._usable() if name not in names]
        return [plugin for plugin in plugins if interface in plugin.interfaces]

    def names_with(self, *, phase: str | None = None, interface: str | None = None) -> list[str]:
        """Names of the plugins that take part in a phase or have an interface; imports only the user's own."""
        shipped = set(PHASES.get(phase, ())) if phase else set(INTERFACES.get(interface or "", ()))
        own = [
            name
            for name in self._usable()
            if (phase in self.get(name).handlers if phase else interface in self.get(name).interfaces)
        ]
        return sorted((shipped - set(self.user_names)) | set(own))

    def resolve(self, ref: str) -> dict[str, Any] | None:
        """The schema that a ``$ref`` of a plugin's schema means; None for an unknown one.

        ``/schema/plugins?phase=input`` (or ``interface=list``): a mapping of such plugins and their configurations;
        ``/schema/plugin/<name>``: the configuration of one.
        """
        path, _, query = ref.partition("?")
        if path.startswith("/schema/plugin/"):
            return self.schema(path.removeprefix("/schema/plugin/").strip("/"))
        if path.rstrip("/") != "/schema/plugins":
            return None
        wanted = {name: values[0] for name, values in parse_qs(query).items() if name in ("phase", "interface")}
        names = self.names_with(**wanted) if wanted else self.names()
        properties = {name: {"$ref": f"/schema/plugin/{name}"} for name in names}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def all(self) -> list[Plugin]:
        """Every plugin, by name. Imports all of them: not for a hot path."""
        return [self.get(name) for name in self._usable(self.names())]


def holds_plugin(file: Path) -> bool:
    """Whether a file's text has a class with ``Plugin`` among its bases (looked at without running it)."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return True  # let the import tell what is wrong with it
    bases = (base for node in tree.body if isinstance(node, ast.ClassDef) for base in node.bases)
    return any("Plugin" in ast.dump(base) for base in bases)


def _import_file(source: Source) -> ModuleType:
    if source.file is None:
        raise UnknownPlugin(source.module)
    spec = importlib.util.spec_from_file_location(source.module, source.file)
    if spec is None or spec.loader is None:
        raise UnknownPlugin(source.file.stem)
    module = importlib.util.module_from_spec(spec)
    sys.modules[source.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[source.module]
        raise
    return module
