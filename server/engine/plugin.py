"""What a plugin is: one class in one file, named after the key in the config.

``server/plugins/filters/accept_all.py`` holds the plugin ``accept_all``::

    class AcceptAll(Plugin):
        \"\"\"Accepts every entry that nothing rejected.

        Example::

            accept_all: yes
        \"\"\"

        schema = {"type": "boolean"}
        category = "filter"

        def on_task_filter(self, task, config):
            for entry in task.undecided:
                entry.accept()

A plugin takes part in a phase by having a method of that phase's name; :func:`priority` says when (higher is earlier).
There is one object of each plugin; what belongs to one run is kept on the task (``task.state(self)``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

if TYPE_CHECKING:
    from server.engine.services import Services

DEFAULT_PRIORITY = 128

PHASES = ("start", "input", "metainfo", "filter", "download", "modify", "output", "learn", "exit")
"""The phases of a run, in order."""

ALL_PHASES = ("prepare", *PHASES, "abort", "urlrewrite")
"""With those that are not part of the normal order."""

ACTING = frozenset({"download", "output", "exit", "abort"})
"""Phases in which plugins act, unless they say otherwise (``Plugin.acts_in``)."""

EVERYWHERE = frozenset(ALL_PHASES)
NOWHERE: frozenset[str] = frozenset()

F = TypeVar("F", bound=Callable[..., Any])


def priority(value: int) -> Callable[[F], F]:
    """Set when a phase method runs: higher first, 128 where nothing is said."""

    def mark(method: F) -> F:
        method.priority = value  # type: ignore[attr-defined]
        return method

    return mark


class Plugin:
    """Base of all plugins."""

    name: str = ""
    """The key in the config; set by the registry from the file's name, unless the class says another."""

    schema: ClassVar[dict[str, Any]] = {}
    """JSON schema of the plugin's configuration."""

    builtin: ClassVar[bool] = False
    """Active in every task without being named."""

    interfaces: ClassVar[tuple[str, ...]] = ("task",)
    """What it can be used as: ``task``, ``list``, ``search``, ``notifiers``, ``urlrewriter`` ..."""

    runs_when_off: ClassVar[bool] = False
    """Whether ``name: no`` means something other than leaving the plugin out (``verify_ssl_certificates: no``)."""

    acts_in: ClassVar[frozenset[str]] = ACTING
    """Phases in which it may do something to the world outside of the database: write files, send, run commands.

    A preview leaves it out there and tells what it would have been given. ``NOWHERE`` for one that only decides, sets
    fields, prints, or writes to ``task.db``; ``EVERYWHERE`` for one that acts in earlier phases too.
    """

    category: ClassVar[str] = "operation"
    """Where it stands in the documentation."""

    def __init__(self) -> None:
        self._handlers: dict[str, Callable[..., Any]] = {
            phase: getattr(self, f"on_task_{phase}") for phase in ALL_PHASES if hasattr(self, f"on_task_{phase}")
        }

    def bind(self, services: Services) -> None:
        """Called once, before the first task runs, with the parts of the program."""
        self.services = services

    @property
    def handlers(self) -> dict[str, Callable[..., Any]]:
        """Phase -> method."""
        return self._handlers

    def priority_of(self, phase: str) -> int:
        """The priority in a phase."""
        return int(getattr(self._handlers[phase], "priority", DEFAULT_PRIORITY))

    def acts(self, phase: str, config: Any) -> bool:
        """Whether it would act in one of the phases ``acts_in`` with this configuration. Must have no effect."""
        return phase in self.acts_in

    def __repr__(self) -> str:
        return f"<plugin {self.name}>"


def text_or_list(**item: Any) -> dict[str, Any]:
    """Schema of one value or a list of them (``one_or_more`` in the reference's words)."""
    value = item or {"type": "string"}
    return {"oneOf": [value, {"type": "array", "items": value, "minItems": 1}]}


def as_list(value: Any) -> list[Any]:
    """One value or a list of them, as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
