"""``digest``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.features.digest.store import DigestStore

_STATE = {"type": "string", "enum": ["accepted", "rejected", "failed", "undecided"]}


class Digest(Plugin):
    """Collects entries of several tasks for a later one, which takes them with ``from_digest``.

    Example::

        digest: daily mail
    """

    schema = {
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {
                    "list": {
                        "type": "string",
                        "title": "List",
                        "description": "The name under which they are collected.",
                        "examples": ["daily mail"],
                    },
                    "state": {
                        **text_or_list(**_STATE),
                        "title": "State",
                        "description": "Which entries; accepted ones where nothing is said.",
                        "examples": [["accepted", "failed"]],
                    },
                },
                "required": ["list"],
                "additionalProperties": False,
            },
        ],
        "title": "List",
        "description": "The name under which they are collected.",
        "examples": ["daily mail"],
    }
    category = "operation"

    def on_task_learn(self, task: Task, config: str | dict[str, Any]) -> None:
        """After all outputs have done their work."""
        options = {"list": config} if isinstance(config, str) else config
        states = as_list(options.get("state")) or ["accepted"]
        entries = [entry for entry in task.all_entries if entry.state in states]
        for entry in entries:
            entry.evaluate_lazy()
        task.db.store(DigestStore).add(options["list"], entries)
