"""``qbittorrent``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import as_list
from server.engine.task import Task
from server.parsing.timedelta import parse_timedelta
from server.plugins._schema import number, switch, text
from server.plugins.clients._base import Refused, TorrentClient, folder_text, settings, source_of
from server.plugins.clients._qbittorrent import WHERE, asking, connect

logger = logging.getLogger("qbittorrent")

TRIES = 50
PAUSE = 0.1
"""Seconds between two looks; qBittorrent says "Ok." before it has the torrent."""

OPTIONS: dict[str, Any] = {
    "path": text("Folder", "Where the client saves to; may hold {{ fields }}.", "/tv/{{ series_name }}"),
    "incomplete_path": text("Folder while incomplete", "Where files are until they are whole.", "/tmp/incomplete"),  # noqa: S108 - an example
    "label": text("Category", "The client's category; made where it is missing.", "tv"),
    "tags": {
        "type": "array",
        "items": {"type": "string"},
        "title": "Tags",
        "description": "Put on the torrents; may hold {{ fields }}.",
        "examples": [["flexget", "{{ quality }}"]],
    },
    "add_paused": switch("Paused", "Whether torrents wait until somebody starts them."),
    "skip_check": switch("Skip the check", "Whether files that are there already are taken for whole without a check."),
    "maxupspeed": number("Upload limit", "In KiB/s; 0 for none.", 100, kind="integer"),
    "maxdownspeed": number("Download limit", "In KiB/s; 0 for none.", 500, kind="integer"),
    "ratio_limit": number("Ratio", "Seed until this ratio; -1 without end, -2 as the client is set.", 1.65),
    "seeding_time_limit": text("Seeding time", "Seed for this long.", "10 days", format="interval"),
    "inactive_seeding_time_limit": text(
        "Idle seeding time", "Seed until nobody asked for this long (qBittorrent 4.6).", "2 days", format="interval"
    ),
}


class Qbittorrent(TorrentClient):
    """Hands torrents and magnets to qBittorrent.

    A torrent that is there already counts as handed over and is left as it is. Every option but those of the connection
    can be set on an entry (``set: {label: tv}``).

    Example::

        qbittorrent:
          host: nas.local
          port: 8080
          username: admin
          password: a long password
          path: /tv/{{ series_name }}
          label: tv
    """

    schema = settings(
        "qBittorrent",
        "Hands torrents to qBittorrent.",
        {
            **WHERE,
            "fail_html": switch(
                "Fail at HTML", "Whether an entry fails when a web page comes instead of a torrent.", default=True
            ),
            **OPTIONS,
        },
        True,
        {"host": "nas.local", "port": 8080, "label": "tv", "tags": ["flexget"]},
    )
    options = tuple(OPTIONS)

    def connect(self, task: Task, config: dict[str, Any]) -> Any:
        """See :func:`server.plugins.clients._qbittorrent.connect`."""
        return connect(config)

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Add it, and look that it arrived."""
        source = source_of(entry)
        info_hash = source.info_hash.lower()
        wishes = wishes_of(entry, options)
        with asking():
            known = client.torrents_info(torrent_hashes=info_hash)
            if known:
                logger.info("qBittorrent has %s already", entry["title"])
            else:
                what = {"urls": source.magnet} if source.magnet else {"torrent_files": source.raw}
                answer = client.torrents_add(**what, **wishes)
                if answer == "Fails.":
                    raise Refused("qBittorrent says: Fails. It takes this for no torrent; its log may tell more")
                self._wait(task, client, info_hash)
        entry["torrent_info_hash"] = source.info_hash
        logger.info("qBittorrent has %s", entry["title"])

    @staticmethod
    def _wait(task: Task, client: Any, info_hash: str) -> None:
        for _ in range(TRIES):
            if client.torrents_info(torrent_hashes=info_hash):
                return
            task.sleep(PAUSE)
        raise Refused(f"qBittorrent took it, but does not list it after {TRIES * PAUSE:.0f} s; its log may tell why")


def wishes_of(entry: Entry, options: dict[str, Any]) -> dict[str, Any]:
    """Options as arguments of ``torrents/add`` (qBittorrent's Web API)."""
    wishes: dict[str, Any] = {"is_paused": bool(options.get("add_paused", False))}
    if options.get("path"):
        wishes["save_path"] = folder_text(entry, options["path"])
        wishes["use_auto_torrent_management"] = False
    if options.get("incomplete_path"):
        wishes["download_path"] = folder_text(entry, options["incomplete_path"])
        wishes["use_download_path"] = True
    if options.get("label"):
        wishes["category"] = entry.render(str(options["label"]))
    if options.get("tags"):
        wishes["tags"] = [entry.render(str(tag)) for tag in as_list(options["tags"])]
    if options.get("skip_check"):
        wishes["is_skip_checking"] = True
    for option, name in (("maxupspeed", "upload_limit"), ("maxdownspeed", "download_limit")):
        if option in options:
            wishes[name] = int(options[option]) * 1024
    if "ratio_limit" in options:
        wishes["ratio_limit"] = float(options["ratio_limit"])
    for option in ("seeding_time_limit", "inactive_seeding_time_limit"):
        if option in options:
            wishes[option] = round(parse_timedelta(str(options[option])).total_seconds() / 60)
    return wishes
