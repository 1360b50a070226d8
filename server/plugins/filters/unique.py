"""``unique``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task


class Unique(Plugin):
    """Acts on entries whose fields equal those of an earlier entry in the same run.

    Example::

        unique:
          field: [movie_name, movie_year]
          action: reject
    """

    schema = {
        "type": "object",
        "properties": {
            "field": {
                **text_or_list(),
                "title": "Field",
                "description": "The field, or the fields that must all be equal.",
                "examples": ["url", ["movie_name", "movie_year"]],
            },
            "action": {
                "enum": ["accept", "reject"],
                "title": "Action",
                "description": "What to do with repetitions; rejecting is the default.",
                "examples": ["reject"],
            },
        },
        "required": ["field"],
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """Entries that lack one of the fields are left alone."""
        fields = as_list(config["field"])
        accept = config.get("action") == "accept"
        first: dict[Any, Entry] = {}
        for entry in task.live:
            values = [entry.get(field) for field in fields]
            if any(value is None for value in values):
                continue
            other = first.setdefault(repr(values), entry)
            if other is entry:
                continue
            reason = f"{', '.join(fields)} {', '.join(map(str, values))} is that of {other['title']!r}"
            if accept:
                entry.accept(reason)
            else:
                entry.reject(reason)
