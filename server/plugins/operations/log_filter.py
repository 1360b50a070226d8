"""``log_filter``"""

from __future__ import annotations

from server.engine.context import CURRENT
from server.engine.log_filter import SCHEMA, hides
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task


class LogFilter(Plugin):
    """Leaves lines out of the log while a task runs.

    A line is left out when it fits one of the filters, that is, all that the filter says.

    Example::

        log_filter:
          - plugin: rss
            level: warning
          - message: had no entries
    """

    schema = SCHEMA
    category = "operation"
    acts_in = NOWHERE

    @priority(255)
    def on_task_start(self, task: Task, config: list[dict[str, str]]) -> None:
        """It holds for what the task's thread logs, until the task is over."""
        before = CURRENT.hidden
        CURRENT.hidden = hides(config)
        task.at_end(lambda: setattr(CURRENT, "hidden", before))
