"""``from_transmission``"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins._schema import switch
from server.plugins.clients._base import ENABLED, Refused, settings
from server.plugins.clients._transmission import WHERE, asking, connect, finished_by_limits

PLAIN = {
    "id": "id",
    "name": "name",
    "comment": "comment",
    "download_dir": "downloadDir",
    "is_finished": "isFinished",
    "is_private": "isPrivate",
    "ratio": "ratio",
    "upload_ratio": "uploadRatio",
    "activity_date": "date_active",
    "added_date": "date_added",
    "done_date": "date_done",
    "start_date": "date_started",
    "error_string": "errorString",
    "progress": "progress",
    "seconds_downloading": "secondsDownloading",
    "seconds_seeding": "secondsSeeding",
    "torrent_file": "torrentFile",
    "labels": "labels",
}
"""Attribute of the library -> name of the field after ``transmission_``."""


class FromTransmission(Plugin):
    """Gives the torrents that Transmission has.

    Fields: ``torrent_info_hash``, ``content_size`` (bytes), ``content_files``, ``location``, and after
    ``transmission_``: ``id name comment downloadDir isFinished isPrivate ratio status progress labels date_active
    date_added date_done date_started errorString priority secondsDownloading secondsSeeding torrentFile trackers
    seed_ratio_ok idle_limit_ok``.

    Example::

        from_transmission:
          only_complete: yes
        if:
          - transmission_ratio > 2: accept
        transmission:
          action: purge
    """

    schema = settings(
        "From Transmission",
        "Gives the torrents that Transmission has.",
        {
            **WHERE,
            "enabled": ENABLED,
            "only_complete": switch(
                "Only complete",
                "Whether only torrents come that are downloaded, and have been seeded as the client's limits ask.",
            ),
        },
        True,
        {"host": "nas.local", "only_complete": True},
    )
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One request for all."""
        options = config if isinstance(config, dict) else {}
        if config is False or options.get("enabled") is False:
            return
        client = connect(options)
        try:
            with asking():
                session, torrents = client.get_session(), client.get_torrents()
        except Refused as error:
            raise PluginError(f"Transmission: {error}") from error
        for torrent in torrents:
            ratio_ok, idle_ok = finished_by_limits(torrent, session)
            if options.get("only_complete") and not (torrent.progress == 100 and (ratio_ok is None or ratio_ok)):
                continue
            yield entry_of(torrent, ratio_ok, idle_ok)


def entry_of(torrent: Any, ratio_ok: bool | None, idle_ok: bool | None) -> Entry:
    """A torrent as an entry."""
    files = torrent.get_files()
    fields = {f"transmission_{ours}": getattr(torrent, theirs, None) for theirs, ours in PLAIN.items()}
    return Entry(
        title=torrent.name,
        url=str(torrent.fields.get("magnetLink") or f"magnet:?xt=urn:btih:{torrent.hash_string}"),
        torrent_info_hash=torrent.hash_string.upper(),
        content_size=torrent.total_size,
        content_files=[file.name for file in files],
        location=str(PurePosixPath(torrent.download_dir or "") / torrent.name),
        transmission_status=str(getattr(torrent.status, "value", torrent.status)),
        transmission_priority=int(torrent.fields.get("bandwidthPriority", 0)),
        transmission_trackers=[tracker.announce for tracker in torrent.trackers],
        transmission_seed_ratio_ok=ratio_ok,
        transmission_idle_limit_ok=idle_ok,
        **fields,
    )
