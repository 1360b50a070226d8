"""``from_qbittorrent``"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._schema import switch, text
from server.plugins.clients._base import Refused, settings
from server.plugins.clients._qbittorrent import WHERE, asking, connect

DATES = frozenset({"added_on", "completion_on", "last_activity", "seen_complete"})


class FromQbittorrent(Plugin):
    """Gives the torrents that qBittorrent has.

    Fields: ``torrent_info_hash``, ``content_size`` (bytes), ``location``, ``torrent_tags``, and everything that the
    client tells of a torrent after ``qbittorrent_`` (``qbittorrent_state``, ``qbittorrent_ratio``,
    ``qbittorrent_category``, ``qbittorrent_progress``, ``qbittorrent_added_on`` ...).

    Example::

        from_qbittorrent:
          host: nas.local
          port: 8080
          username: admin
          password: a long password
          completed: yes
    """

    schema = settings(
        "From qBittorrent",
        "Gives the torrents that qBittorrent has.",
        {
            **WHERE,
            "category": text("Category", "Only torrents of this category.", "tv"),
            "completed": switch("Only complete", "Whether only torrents come that are downloaded."),
        },
        {"host": "nas.local", "port": 8080, "username": "admin", "password": "a long password", "completed": True},
    )
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One request for all."""
        if config is False:
            return
        options = config if isinstance(config, dict) else {}
        client = connect(options)
        try:
            with asking():
                torrents = client.torrents_info(
                    status_filter="completed" if options.get("completed") else None, category=options.get("category")
                )
        except Refused as error:
            raise PluginError(f"qBittorrent: {error}") from error
        for torrent in torrents:
            yield entry_of(dict(torrent))


def entry_of(torrent: dict[str, Any]) -> Entry:
    """A torrent as an entry; epoch seconds become moments."""
    fields = {
        f"qbittorrent_{name}": datetime.fromtimestamp(value, UTC) if name in DATES and value and value > 0 else value
        for name, value in torrent.items()
    }
    return Entry(
        title=torrent["name"],
        url=torrent.get("magnet_uri") or f"magnet:?xt=urn:btih:{torrent['hash']}",
        torrent_info_hash=torrent["hash"].upper(),
        content_size=torrent.get("total_size", torrent.get("size")),
        location=torrent.get("content_path"),
        torrent_tags=[tag.strip() for tag in torrent.get("tags", "").split(",") if tag.strip()],
        **fields,
    )
