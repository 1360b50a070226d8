"""``change_warn``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task

logger = logging.getLogger("change_warn")


class ChangeWarn(Plugin):
    """Warns when a task uses a plugin or an option that still works but should be replaced, and says by what.

    Example::

        disable: change_warn
    """

    schema = {"type": "boolean", "title": "Warn", "description": "Whether to warn (yes).", "examples": [False]}
    category = "internal"
    acts_in = NOWHERE
    builtin = True

    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple[str, str]] = set()

    def on_task_start(self, task: Task, config: Any) -> None:
        """Each is told once for a task while the program runs."""
        registry = task.services.registry
        for name, value in task.config.items():
            if name not in registry:
                continue
            for place, remedy in deprecated(registry.get(name).schema, value, name):
                if (task.name, place) not in self._told:
                    self._told.add((task.name, place))
                    logger.warning("`%s` is out of date: %s", place, remedy)


def deprecated(schema: Any, value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Where a configuration uses what its schema marks as deprecated, and what the schema says about it."""
    if not isinstance(schema, dict):
        return
    if schema.get("deprecated"):
        yield place, str(schema.get("deprecationMessage") or schema.get("description") or "use something else")
    for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from deprecated(branch, value, place)
    if isinstance(value, dict):
        for name, option in (schema.get("properties") or {}).items():
            if name in value:
                yield from deprecated(option, value[name], f"{place}.{name}")
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from deprecated(schema.get("items"), item, f"{place}[{number}]")
