"""``modify_trackers``"""

from __future__ import annotations

from functools import partial
from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class ModifyTrackers(Plugin):
    """Replaces parts of the trackers of downloaded torrents.

    Example::

        modify_trackers:
          - https:
              from: http://
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
                        "title": "From",
                        "description": "Text in the address.",
                        "examples": ["http://"],
                    },
                    "to": {
                        "type": "string",
                        "title": "To",
                        "description": "What takes its place.",
                        "examples": ["https://"],
                    },
                },
                "additionalProperties": False,
            },
            "maxProperties": 1,
        },
        "examples": [[{"https": {"from": "http://", "to": "https://"}}]],
    }
    category = "modify"

    @priority(127)
    def on_task_modify(self, task: Task, config: list[dict[str, dict[str, Any]]]) -> None:
        """What is no torrent is left alone."""
        changes = [change for item in config for change in item.values() if change]
        swaps = [(change["from"], change.get("to", "")) for change in changes if change.get("from")]
        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is not None:
                torrent.change_trackers(partial(_changed, swaps=swaps))


def _changed(tracker: str, swaps: list[tuple[str, str]]) -> str:
    for old, new in swaps:
        tracker = tracker.replace(old, new)
    return tracker
