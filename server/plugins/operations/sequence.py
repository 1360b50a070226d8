"""``sequence``"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import ALL_PHASES, EVERYWHERE, Plugin
from server.engine.task import Task


class Sequence(Plugin):
    """Runs plugins in the order in which they are written, the same one more than once if need be.

    In each phase the plugins of the list that take part in it run one after the other, whatever their priorities.

    Example::

        sequence:
          - regexp: {reject: [cam]}
          - set: {path: /films}
          - regexp: {accept: [1080p]}
    """

    schema = {
        "type": "array",
        "items": {"$ref": "/schema/plugins"},
        "title": "Plugins",
        "description": "Plugins with their configurations, in the order in which they run.",
        "examples": [[{"regexp": {"reject": ["cam"]}}, {"regexp": {"accept": ["1080p"]}}]],
    }
    category = "operation"
    acts_in = EVERYWHERE

    def acts(self, phase: str, config: Any) -> bool:
        """Where one of the plugins would."""
        registry = self.services.registry
        items = ((registry.get(name), options) for item in config for name, options in item.items())
        return any(phase in plugin.handlers and plugin.acts(phase, options) for plugin, options in items)

    def _run(self, phase: str, task: Task, config: list[dict[str, Any]]) -> Iterator[Entry]:
        for item in config:
            for name, options in item.items():
                plugin = self.services.registry.get(name)
                handler = plugin.handlers.get(phase)
                if handler is not None and (options is not False or plugin.runs_when_off):
                    yield from handler(task, options) or ()


def _method(phase: str) -> Callable[..., Any]:
    def of_input(self: Sequence, task: Task, config: list[dict[str, Any]]) -> list[Entry]:
        return list(self._run(phase, task, config))

    def of_another(self: Sequence, task: Task, config: list[dict[str, Any]]) -> None:
        for _ in self._run(phase, task, config):
            pass

    return of_input if phase == "input" else of_another


for _phase in ALL_PHASES:
    setattr(Sequence, f"on_task_{_phase}", _method(_phase))
