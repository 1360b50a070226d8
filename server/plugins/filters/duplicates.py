"""``duplicates``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task


class Duplicates(Plugin):
    """Accepts all entries that share a field's value with another, or rejects all of them but the last.

    Example::

        duplicates:
          field: content_size
          action: accept
    """

    schema = {
        "type": "object",
        "properties": {
            "field": {"type": "string", "title": "Field", "description": "Where to look.", "examples": ["url"]},
            "action": {
                "enum": ["accept", "reject"],
                "title": "Action",
                "description": "What to do with them.",
                "examples": ["reject"],
            },
        },
        "required": ["field", "action"],
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """Entries that lack the field are left alone."""
        field, accept = config["field"], config["action"] == "accept"
        groups: dict[Any, list[Entry]] = {}
        for entry in task.live:
            value = entry.get(field)
            if value is not None:
                groups.setdefault(repr(value), []).append(entry)
        for members in groups.values():
            if len(members) < 2:
                continue
            for entry in members if accept else members[:-1]:
                other = members[0] if entry is members[-1] else members[-1]
                reason = f"{field} {entry.get(field)} is that of {other['title']!r} too"
                if accept:
                    entry.accept(reason)
                else:
                    entry.reject(reason)
