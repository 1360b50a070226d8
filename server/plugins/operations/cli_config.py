"""``cli_config``"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class CliConfig(Plugin):
    """Puts values of the command line in the place of ``$names`` in a task's configuration.

    ``flexget execute --cli-config folder=/tmp/films`` runs the task below with ``/tmp/films``.

    Example::

        download: $folder
    """

    schema = {
        "type": "boolean",
        "title": "Values from the command line",
        "description": "Whether `$names` are replaced by what `--cli-config` gives (yes).",
        "examples": [False],
    }
    category = "operation"
    builtin = True

    @priority(255)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Replace, where there is anything to replace."""
        values = task.options.cli_config
        if values:
            task.config = {name: _replaced(value, values) for name, value in task.config.items()}


def _replaced(value: Any, values: Mapping[str, str]) -> Any:
    """The value with every ``$name`` filled in, in mappings and lists too."""
    if isinstance(value, str):
        for name in sorted(values, key=len, reverse=True):  # of `$folder` and `$folders` the longer one is meant
            value = value.replace(f"${name}", values[name])
        return value
    if isinstance(value, dict):
        return {key: _replaced(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, values) for item in value]
    return value
