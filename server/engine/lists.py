"""Managed lists: things that tasks add to, match against and remove from.

A plugin with the interface ``list`` gives its list by :meth:`ListPlugin.managed_list`. Everything comes in batches: a
task asks once for all of its entries.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from server.engine.entry import PASSING, Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin

if TYPE_CHECKING:
    from server.engine.services import Services
    from server.engine.task import Task
    from server.storage.database import Database

DECISIONS = PASSING | {"accepted_by", "rejected_by", "failed_by", "reason", "task"}
"""Fields that belong to a run and are not kept in a list."""


class ManagedList(ABC):
    """One list. ``immutable``: why it cannot be changed, or None.

    ``external``: it is kept outside of the database, by a service or in a file; test runs and previews do not touch it.
    """

    immutable: str | None = None
    external: bool = False

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """What is on it, as fresh entries."""

    @abstractmethod
    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """The entries that are on it, each with the list's own entry."""

    @abstractmethod
    def add(self, entries: Sequence[Entry]) -> None:
        """Put entries on it; what is there already is brought up to date."""

    @abstractmethod
    def remove(self, entries: Sequence[Entry]) -> int:
        """Take entries off it; returns how many were on it."""

    @abstractmethod
    def clear(self) -> None:
        """Take everything off it."""


class ListPlugin(Plugin):
    """Base of plugins that keep a list; as an input they give what is on it."""

    interfaces: ClassVar[tuple[str, ...]] = ("task", "list")
    category = "list"

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list that a configuration names."""
        raise NotImplementedError

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """Everything on the list."""
        return self.managed_list(config, task.db).entries()


def lists_of(services: Services, db: Database, config: Sequence[dict[str, Any]]) -> list[tuple[str, ManagedList]]:
    """The lists of a configuration such as ``[{entry_list: wanted}]``, each with its plugin's name."""
    found = []
    for item in config:
        for name, settings in item.items():
            plugin = services.registry.get(name)
            if not isinstance(plugin, ListPlugin):
                raise PluginError(f"{name} is no list; lists are {', '.join(list_names(services))}")
            found.append((name, plugin.managed_list(settings, db)))
    return found


def list_names(services: Services) -> list[str]:
    """Names of the plugins that keep lists."""
    return [plugin.name for plugin in services.registry.by_interface("list")]


def kept_fields(entry: Entry) -> dict[str, Any]:
    """The fields of an entry that a list keeps: those that are known, and those that ``set`` makes of them."""
    entry.evaluate_lazy("set")
    return {name: value for name, value in entry.items() if name not in DECISIONS and not name.startswith("_")}


LISTS_SCHEMA: dict[str, Any] = {
    "type": "array",
    "title": "Lists",
    "description": "Each names a list plugin and its settings.",
    "items": {
        "allOf": [{"$ref": "/schema/plugins?interface=list"}, {"minProperties": 1, "maxProperties": 1}],
        "title": "List",
    },
    "examples": [[{"entry_list": "wanted"}]],
}
