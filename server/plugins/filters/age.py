"""``age``"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from server.engine.moments import as_moment
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.engine.template_filters import filter_parsedate
from server.parsing.timedelta import parse_timedelta

logger = logging.getLogger("age")


class Age(Plugin):
    """Accepts or rejects what is older than a span, by a date in one of its fields.

    Example::

        age:
          field: accessed
          age: 7 days
          action: accept
    """

    schema = {
        "type": "object",
        "properties": {
            "field": {
                "type": "string",
                "title": "Field",
                "description": "A field with a date.",
                "examples": ["rss_pubdate"],
            },
            "action": {
                "type": "string",
                "enum": ["accept", "reject"],
                "title": "Action",
                "description": "What to do with what is older.",
                "examples": ["reject"],
            },
            "age": {
                "type": "string",
                "format": "interval",
                "title": "Age",
                "description": "What is older than this is acted on.",
                "examples": ["7 days"],
            },
        },
        "required": ["field", "action", "age"],
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """An entry without the field fails; one whose field is no date is left alone."""
        field, limit = config["field"], datetime.now().astimezone() - parse_timedelta(config["age"])
        for entry in task.live:
            if field not in entry:
                entry.fail(f"there is no field {field}")
                continue
            value = entry.get(field)
            moment = _date(value)
            if not isinstance(moment, datetime):
                logger.warning("%s is left alone: %s in %s is no date", entry["title"], value, field)
            elif as_moment(moment) < limit:
                reason = f"the date in {field} is older than {config['age']}"
                if config["action"] == "accept":
                    entry.accept(reason)
                else:
                    entry.reject(reason)


def _date(value: Any) -> Any:
    """A text as a date, where it is one; anything else as it is."""
    try:
        return filter_parsedate(value) if isinstance(value, str) else value
    except ValueError:
        return None
