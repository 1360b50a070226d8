"""``accept``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task


class Accept(Plugin):
    """Accepts every entry that nothing rejected, with a reason if one is given; of use within ``if``.

    Example::

        if:
          - imdb_score > 8:
              accept: a good one
    """

    schema = {
        "type": ["boolean", "string"],
        "title": "Accept",
        "description": "Yes, or the reason to give.",
        "examples": [True, "a good one"],
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: Any) -> None:
        """Accept what is still undecided."""
        for entry in task.undecided:
            entry.accept(config if isinstance(config, str) else None)
