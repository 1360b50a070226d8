"""``regex_extract``"""

from __future__ import annotations

import re
from typing import Any

from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task


class RegexExtract(Plugin):
    """Puts the named groups of a regular expression into fields.

    Example::

        regex_extract:
          field: title
          prefix: race_
          regex: (?P<name>.*) (?P<year>\\d{4})
    """

    schema = {
        "type": "object",
        "properties": {
            "prefix": {
                "type": "string",
                "title": "Prefix",
                "description": "What the names of the fields begin with.",
                "examples": ["race_"],
            },
            "field": {
                "type": "string",
                "default": "title",
                "title": "Field",
                "description": "Where to look.",
                "examples": ["title"],
            },
            "regex": {
                **text_or_list(type="string", format="regex"),
                "title": "Regular expressions",
                "description": "The first that matches counts; capitals do not.",
                "examples": [r"(?P<name>.*) (?P<year>\d{4})"],
            },
        },
        "additionalProperties": False,
        "required": ["regex"],
    }
    category = "modify"

    def on_task_modify(self, task: Task, config: dict[str, Any]) -> None:
        """Entries that no expression matches are left alone."""
        patterns = [re.compile(text, re.IGNORECASE) for text in as_list(config["regex"])]
        prefix = config.get("prefix", "")
        for entry in task.live:
            text = entry.get(config.get("field", "title"))
            match = (
                next((found for pattern in patterns if (found := pattern.search(str(text)))), None) if text else None
            )
            for name, value in (match.groupdict() if match else {}).items():
                entry[f"{prefix}{name}"] = value
