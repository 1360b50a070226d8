"""``from_deluge``"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._schema import choice, text
from server.plugins.clients._base import Refused, settings
from server.plugins.clients._deluge import WHERE, Deluge

FIELDS = [
    "hash",
    "name",
    "total_size",
    "files",
    "save_path",
    "num_peers",
    "num_seeds",
    "progress",
    "seeding_time",
    "private",
    "state",
    "eta",
    "ratio",
    "move_completed_path",
    "label",
    "total_uploaded",
    "total_done",
    "time_added",
    "tracker_host",
    "distributed_copies",
    "is_finished",
    "completed_time",
    "active_time",
    "trackers",
]
"""What is asked for, in Deluge's words."""

OWN = frozenset({"hash", "name", "total_size", "files", "trackers"})
"""Told by fields of their own."""

STATES = ("active", "downloading", "seeding", "queued", "paused")


class FromDeluge(Plugin):
    """Gives the torrents that Deluge has.

    Fields: ``torrent_info_hash``, ``content_size`` (bytes), ``content_files``, ``location``, ``torrent_seeds``,
    ``torrent_peers``, and after ``deluge_``: ``id path progress seeding_time private state eta ratio
    move_completed_path label total_uploaded total_done time_added tracker_host trackers is_finished completed_time
    active_time``.

    Example::

        from_deluge:
          username: flexget
          password: a long password
          filter:
            state: seeding
    """

    schema = settings(
        "From Deluge",
        "Gives the torrents that Deluge has.",
        {
            **WHERE,
            "filter": {
                "type": "object",
                "title": "Filter",
                "description": "Which torrents come.",
                "properties": {
                    "label": text("Label", "Only torrents with this label.", "tv"),
                    "state": {
                        key: value
                        for key, value in choice("State", "Only torrents in this state.", *STATES).items()
                        if key != "default"
                    },
                },
                "additionalProperties": False,
                "examples": [{"state": "seeding"}],
            },
        },
        True,
        {"filter": {"label": "tv"}},
    )
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One request for all."""
        if config is False:
            return
        options = config if isinstance(config, dict) else {}
        wanted = {
            key: value.capitalize() if key == "state" else value.lower()
            for key, value in options.get("filter", {}).items()
        }
        client = Deluge(options)
        try:
            if "label" in wanted:
                client.enable_labels()
            torrents = client.call("core.get_torrents_status", wanted, FIELDS)
        except Refused as error:
            raise PluginError(f"Deluge: {error}") from error
        finally:
            client.close()
        for info_hash, torrent in torrents.items():
            yield entry_of(info_hash, torrent)


def entry_of(info_hash: str, torrent: dict[str, Any]) -> Entry:
    """A torrent as an entry."""
    fields = {f"deluge_{name}": value for name, value in torrent.items() if name not in OWN}
    return Entry(
        title=torrent["name"],
        url=f"magnet:?xt=urn:btih:{info_hash}",
        torrent_info_hash=info_hash.upper(),
        content_size=torrent.get("total_size"),
        content_files=[file["path"] for file in torrent.get("files", ())],
        location=str(PurePosixPath(torrent.get("save_path", "")) / torrent["name"]),
        torrent_seeds=max(torrent.get("num_seeds", 0), 0),
        torrent_peers=max(torrent.get("num_peers", 0), 0),
        deluge_id=info_hash,
        deluge_path=torrent.get("save_path"),
        deluge_trackers=[tracker["url"] for tracker in torrent.get("trackers", ())],
        **fields,
    )
