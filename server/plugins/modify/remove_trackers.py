"""``remove_trackers``"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import is_magnet


class RemoveTrackers(Plugin):
    """Removes trackers from downloaded torrents and from magnets.

    Example::

        remove_trackers:
          - moviex
    """

    schema = {
        "type": "array",
        "items": {"type": "string", "format": "regex"},
        "title": "Trackers",
        "description": "Regular expressions; a tracker that one of them matches is removed.",
        "examples": [["tracker\\.example"]],
    }
    category = "modify"

    @priority(127)
    def on_task_modify(self, task: Task, config: list[str]) -> None:
        """Capitals do not count."""
        patterns = [re.compile(text, re.IGNORECASE) for text in config]

        def unwanted(tracker: str) -> bool:
            return any(pattern.search(tracker) for pattern in patterns)

        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is not None:
                torrent.change_trackers(lambda tracker: None if unwanted(tracker) else tracker)
            elif is_magnet(entry["url"]):
                head, _, query = entry["url"].partition("?")
                parts = [part for part in query.split("&") if not (_is_tracker(part) and unwanted(unquote(part[3:])))]
                if len(parts) < len(query.split("&")):
                    entry["url"] = f"{head}?{'&'.join(parts)}"


def _is_tracker(part: str) -> bool:
    return any(name == "tr" for name, _ in parse_qsl(part))
