"""``modify_trackers``"""

from __future__ import annotations

import re
from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class ModifyTrackers(Plugin):
    """Replaces parts of the trackers of downloaded torrents.

    Example::

        modify_trackers:
          - https:
              from: ^http://
              to: https://
    """

    schema = {
        "type": "array",
        "title": "Changes",
        "description": "Named changes, done one after the other.",
        "items": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "from": {
                        "type": "string",
                        "format": "regex",
                        "title": "From",
                        "description": "A regular expression.",
                        "examples": ["^http://"],
                    },
                    "to": {
                        "type": "string",
                        "title": "To",
                        "description": "What takes the place of what it matches.",
                        "examples": ["https://"],
                    },
                },
                "additionalProperties": False,
            },
            "maxProperties": 1,
        },
        "examples": [[{"https": {"from": "^http://", "to": "https://"}}]],
    }
    category = "modify"

    @priority(127)
    def on_task_modify(self, task: Task, config: list[dict[str, dict[str, Any]]]) -> None:
        """What is no torrent is left alone."""
        changes = [change for item in config for change in item.values() if change]
        patterns = [(re.compile(change["from"]), change.get("to", "")) for change in changes if change.get("from")]
        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is not None:
                torrent.set_trackers([_changed(tracker, patterns) for tracker in torrent.trackers])


def _changed(tracker: str, patterns: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, replacement in patterns:
        tracker = pattern.sub(replacement, tracker)
    return tracker
