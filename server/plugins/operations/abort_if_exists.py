"""``abort_if_exists``"""

from __future__ import annotations

import re

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class AbortIfExists(Plugin):
    """Ends the task when a field of any entry matches: a feed that asks to log in, say.

    Example::

        abort_if_exists:
          regexp: login required
          field: title
    """

    schema = {
        "type": "object",
        "properties": {
            "regexp": {
                "type": "string",
                "format": "regex",
                "title": "Regular expression",
                "description": "What must not be there, in any case.",
                "examples": ["login required"],
            },
            "field": {
                "type": "string",
                "title": "Field",
                "description": "The field to look at.",
                "examples": ["title"],
            },
        },
        "required": ["regexp", "field"],
        "additionalProperties": False,
    }
    category = "filter"

    @priority(255)
    def on_task_filter(self, task: Task, config: dict[str, str]) -> None:
        """Look at all entries."""
        pattern = re.compile(config["regexp"], re.IGNORECASE)
        for entry in task.entries:
            value = entry.get(config["field"])
            if value is not None and pattern.search(str(value)):
                task.abort(f"{config['field']} of {entry['title']!r} matches {config['regexp']!r}")
