"""``torrent_alive``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class TorrentAlive(Plugin):
    """Rejects torrents with too few seeds, by the field ``torrent_seeds`` that feeds and searches give.

    Example::

        torrent_alive:
          min_seeds: 5
          reject_for: 15 minutes
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {"type": "integer"},
            {
                "type": "object",
                "properties": {
                    "min_seeds": {
                        "type": "integer",
                        "title": "Fewest seeds",
                        "description": "The least number of seeds; 1 by default.",
                        "examples": [5],
                    },
                    "reject_for": {
                        "type": "string",
                        "format": "interval",
                        "title": "Reject for",
                        "description": "How long it stays rejected; nothing said: until the next run.",
                        "examples": ["15 minutes"],
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Seeds",
        "description": "The least number of seeds; `yes` is 1.",
        "examples": [True, 5],
    }
    category = "filter"

    @priority(150)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Entries that tell no number of seeds are left alone."""
        options = config if isinstance(config, dict) else {}
        least = options.get("min_seeds", 1) if isinstance(config, (dict, bool)) else int(config)
        span = options.get("reject_for")
        details = {"remember_time": span} if span else {}
        for entry in task.live:
            seeds = entry.get("torrent_seeds")
            if isinstance(seeds, (int, float)) and seeds < least:
                entry.reject(f"it has {seeds} seeds of {least} that are required", **details)
