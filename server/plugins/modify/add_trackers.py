"""``add_trackers``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import is_magnet, magnet_with_trackers


class AddTrackers(Plugin):
    """Adds trackers to downloaded torrents and to magnets; private torrents stay as they are.

    Example::

        add_trackers:
          - udp://tracker.example.org:1337/announce
    """

    schema = {
        "type": "array",
        "items": {"type": "string", "format": "url"},
        "title": "Trackers",
        "description": "What to add.",
        "examples": [["udp://tracker.example.org:1337/announce"]],
    }
    category = "modify"

    @priority(127)
    def on_task_modify(self, task: Task, config: list[str]) -> None:
        """Trackers that are there already are not added again."""
        for entry in task.accepted:
            torrent = entry.get("torrent")
            if torrent is not None:
                if not torrent.private:
                    for tracker in config:
                        torrent.add_tracker(tracker)
            elif is_magnet(entry["url"]):
                url = magnet_with_trackers(entry["url"], config)
                if url != entry["url"]:
                    entry["url"] = url
