"""``dump_config``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class DumpConfig(Plugin):
    """Prints what a task's configuration comes to, templates and includes merged; for ``execute --dump-config``.

    Example::

        dump_config: yes
    """

    schema = {
        "type": "boolean",
        "title": "Dump config",
        "description": "Whether to print the configuration at each run of this task.",
        "examples": [True],
    }
    category = "output"
    builtin = True

    @priority(-255)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Print, where it was asked for, and end the run of ``--dump-config``."""
        asked = task.options.dump_config
        if not asked and task.config.get(self.name) is not True:
            return
        import yaml

        task.print(f"--- config from task: {task.name}")
        task.print(yaml.safe_dump(task.config, default_flow_style=False, allow_unicode=True, sort_keys=False))
        task.print("---")
        if asked:
            task.abort("the configuration was printed", silent=True)
