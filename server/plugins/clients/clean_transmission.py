"""``clean_transmission``"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

from server.engine.errors import PluginWarning
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.parsing.timedelta import parse_timedelta
from server.plugins._schema import number, switch, text
from server.plugins.clients._base import ENABLED, Refused, settings
from server.plugins.clients._transmission import WHERE, asking, connect, finished_by_limits

logger = logging.getLogger("clean_transmission")


class CleanTransmission(Plugin):
    """Takes torrents that are done out of Transmission.

    A torrent goes when it is downloaded and one of ``min_ratio``, ``finished_for`` and ``transmission_seed_limits`` is
    met (or none of them is set); ``tracker``, ``preserve_tracker`` and ``directories`` say which torrents count.

    Example::

        clean_transmission:
          min_ratio: 2
          finished_for: 7 days
          preserve_tracker: private\\.example
    """

    schema = {
        **settings(
            "Clean Transmission",
            "Takes torrents that are done out of Transmission.",
            {
                **WHERE,
                "enabled": ENABLED,
                "min_ratio": number("Ratio", "Torrents that reached this ratio go.", 2),
                "finished_for": text(
                    "Finished for", "Torrents that were complete for this long go.", "7 days", format="interval"
                ),
                "transmission_seed_limits": switch(
                    "Transmission's limits", "Whether torrents go that reached the client's own seeding limits."
                ),
                "delete_files": switch("Delete files", "Whether what was downloaded is deleted too."),
                "tracker": text("Tracker", "Only torrents of trackers that match.", "example\\.com", format="regex"),
                "preserve_tracker": text(
                    "Kept trackers", "Torrents of trackers that match stay.", "private\\.example", format="regex"
                ),
                "directories": {
                    "type": "array",
                    "items": {"type": "string", "format": "regex"},
                    "title": "Folders",
                    "description": "Only torrents in folders that match one of these.",
                    "examples": [["^/downloads/tv"]],
                },
            },
            {"finished_for": "7 days", "delete_files": True},
        ),
        "deprecated": True,
        "deprecationMessage": "use `from_transmission` and the actions `remove` and `purge` of `transmission`",
    }
    category = "client"

    def on_task_exit(self, task: Task, config: Any) -> None:
        """Look at all torrents once, and remove in one request."""
        options = config if isinstance(config, dict) else {}
        if config is False or options.get("enabled") is False:
            return
        if task.options.test:
            logger.info("Would clean Transmission")
            return
        client = connect(options)
        try:
            with asking():
                session, torrents = client.get_session(), client.get_torrents()
                done = [torrent for torrent in torrents if _is_done(torrent, session, options)]
                if done:
                    ids = [torrent.hash_string for torrent in done]
                    client.remove_torrent(ids, delete_data=options.get("delete_files", False))
        except Refused as error:
            raise PluginWarning(f"Transmission: {error}") from error
        for torrent in done:
            logger.info("Removed from Transmission: %s", torrent.name)


def _is_done(torrent: Any, session: Any, options: dict[str, Any]) -> bool:
    if torrent.progress < 100 or not _is_looked_at(torrent, options):
        return False
    met = []
    if "min_ratio" in options:
        met.append(torrent.ratio >= options["min_ratio"])
    if "finished_for" in options:
        # A torrent whose files were there when it was added has no date of its own.
        since = torrent.done_date or torrent.added_date
        met.append(since + parse_timedelta(options["finished_for"]) <= datetime.now(UTC))
    if options.get("transmission_seed_limits"):
        met.append(any(finished_by_limits(torrent, session)))
    return any(met) or not met


def _is_looked_at(torrent: Any, options: dict[str, Any]) -> bool:
    trackers = [tracker.announce for tracker in torrent.trackers]

    def one_matches(pattern: str, values: list[str]) -> bool:
        return any(re.search(pattern, value, re.IGNORECASE) for value in values)

    if "tracker" in options and not one_matches(options["tracker"], trackers):
        return False
    if "preserve_tracker" in options and one_matches(options["preserve_tracker"], trackers):
        return False
    folders = options.get("directories")
    return not folders or any(one_matches(pattern, [torrent.download_dir]) for pattern in folders)
