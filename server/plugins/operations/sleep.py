"""``sleep``"""

from __future__ import annotations

from typing import Any, ClassVar

from server.engine.plugin import EVERYWHERE, PHASES, Plugin, priority
from server.engine.task import Task


class Sleep(Plugin):
    """Waits some seconds before the other plugins of a phase.

    Example::

        sleep:
          seconds: 10
          phase: output
    """

    schema: ClassVar[dict[str, Any]] = {
        "oneOf": [
            {"type": "integer", "title": "Seconds", "description": "How long to wait at the start."},
            {
                "type": "object",
                "properties": {
                    "seconds": {
                        "type": "integer",
                        "title": "Seconds",
                        "description": "How long to wait.",
                    },
                    "phase": {
                        "type": "string",
                        "enum": [*PHASES, "abort"],
                        "default": "start",
                        "title": "Phase",
                        "description": "Before which phase.",
                    },
                },
                "required": ["seconds"],
                "additionalProperties": False,
            },
        ],
        "title": "Sleep",
        "description": "Seconds to wait at the start, or options.",
        "examples": [10],
    }
    category = "operation"
    acts_in = EVERYWHERE

    def __init__(self) -> None:
        super().__init__()
        self._handlers.update({phase: self._waiter(phase) for phase in (*PHASES, "abort")})

    def acts(self, phase: str, config: Any) -> bool:
        """In the phase before which it waits."""
        return (config.get("phase", "start") if isinstance(config, dict) else "start") == phase

    def _waiter(self, phase: str) -> Any:
        @priority(255)
        def wait(task: Task, config: Any) -> None:
            if self.acts(phase, config):
                task.sleep(config["seconds"] if isinstance(config, dict) else config)

        return wait
