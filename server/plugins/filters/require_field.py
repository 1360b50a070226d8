"""``require_field``"""

from __future__ import annotations

from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task


class RequireField(Plugin):
    """Rejects entries that lack one of these fields.

    Example::

        require_field:
          - series_name
          - series_id
    """

    schema = {
        **text_or_list(),
        "title": "Fields",
        "description": "The fields that an entry must have.",
        "examples": ["imdb_id", ["series_name", "series_id"]],
    }
    category = "filter"

    @priority(32)
    def on_task_filter(self, task: Task, config: str | list[str]) -> None:
        """Lazy fields are looked up for this."""
        fields = as_list(config)
        for entry in task.live:
            for field in fields:
                if entry.get(field) is None:
                    known = field in entry
                    entry.reject(f"the required field {field} is empty" if known else f"there is no field {field}")
                    break
