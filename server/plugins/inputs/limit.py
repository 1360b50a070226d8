"""``limit``"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of


class Limit(Plugin):
    """The first entries of another input, no more than a number.

    Example::

        limit:
          amount: 20
          from:
            rss: http://example.com/feed.xml
    """

    schema = {
        "type": "object",
        "properties": {
            "amount": {
                "type": "integer",
                "minimum": -1,
                "title": "Amount",
                "description": "How many entries to take; 0 and -1 mean all.",
                "examples": [20],
            },
            "from": {**INPUT_SCHEMA, "title": "From", "examples": [{"rss": "http://example.com/feed.xml"}]},
        },
        "required": ["amount", "from"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """What the input gives, up to the limit."""
        entries = entries_of(task, config["from"])
        return islice(entries, config["amount"]) if config["amount"] > 0 else entries
