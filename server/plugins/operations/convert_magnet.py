"""``convert_magnet``"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable
from typing import Any

from server.engine.entry import Entry
from server.engine.paths import confined, pathscrub, shorten_name
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.timedelta import parse_timedelta
from server.parsing.torrent import Torrent, is_magnet
from server.plugins._extras import library

logger = logging.getLogger("convert_magnet")

SETTINGS: dict[str, Any] = {
    "listen_interfaces": "0.0.0.0:0,[::]:0",
    "connections_limit": 200,
    "peer_connect_timeout": 5,
    "min_reconnect_time": 2,
    "stop_tracker_timeout": 0,
}
"""Of the BitTorrent session; all else as it comes, with DHT and local peers. There is little time, so peers that do not
answer are given up and asked again soon; no tracker is told of the end, for that would be waited for."""

STEP = 0.1


class ConvertMagnet(Plugin):
    """Turns the magnet links of accepted entries into torrent files, by asking other peers for them.

    The file lands in the folder ``converted`` beside the config and is used by everything that follows: ``download``
    saves it, torrent clients get it, its content can be filtered. Nothing of the torrent's own files is downloaded.
    Needs the package ``libtorrent`` (``pip install 'flexget-tray[magnet]'``).

    Example::

        convert_magnet:
          timeout: 2 minutes
          fail_entry_on_error: yes
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "timeout": {
                        "type": "string",
                        "format": "interval",
                        "default": "30 seconds",
                        "title": "Time-out",
                        "description": "How long to look for peers; all magnets of a run are looked for at once.",
                        "examples": ["2 minutes"],
                    },
                    "fail_entry_on_error": {
                        "type": "boolean",
                        "default": False,
                        "title": "Fail at errors",
                        "description": "Whether an entry fails when its magnet cannot be converted; else it keeps it.",
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Convert magnets",
        "description": "`yes`, or options.",
        "examples": [True, {"timeout": "2 minutes"}],
    }
    category = "operation"

    @priority(255)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Tell early that the package is missing."""
        if config is not False:
            library("libtorrent", "magnet")

    @priority(130)
    def on_task_download(self, task: Task, config: Any) -> None:
        """Convert before anything is downloaded."""
        options = config if isinstance(config, dict) else {}
        wanted = [entry for entry in task.accepted if is_magnet(entry["url"])]
        if config is False or not wanted:
            return
        if task.options.test:
            for entry in wanted:
                logger.info("Would convert the magnet of %s", entry["title"])
            return
        seconds = parse_timedelta(options.get("timeout", "30 seconds")).total_seconds()
        with tempfile.TemporaryDirectory(prefix="flexget-magnet-") as folder:
            swarm = Swarm(folder)
            try:
                for number, entry in enumerate(wanted):
                    logger.info("Looking for the torrent of %s", entry["title"])
                    swarm.add(number, entry["url"])
                swarm.wait(seconds, task.sleep)
            finally:
                swarm.close()
        for number, entry in enumerate(wanted):
            reason = swarm.errors.get(number) or f"no peer gave the torrent within {seconds:g} seconds"
            raw = swarm.found.get(number)
            if raw is not None:
                try:
                    self._keep(task, entry, raw)
                    continue
                except (OSError, ValueError) as error:
                    reason = str(error)
            logger.error("The magnet of %s was not converted: %s", entry["title"], reason)
            if options.get("fail_entry_on_error", False):
                entry.fail(f"its magnet was not converted: {reason}")

    @staticmethod
    def _keep(task: Task, entry: Entry, raw: bytes) -> None:
        """Write the torrent file and lead the entry to it."""
        folder = task.services.home / "converted"
        folder.mkdir(exist_ok=True)
        name = shorten_name(f"{pathscrub(Torrent.read(raw).name, filename=True).strip('.') or 'torrent'}.torrent")
        path = confined(folder, name)
        path.write_bytes(raw)
        magnet = entry["url"]
        others = [url for url in entry.get("urls", None, False) or [] if url != magnet]
        entry["url"] = path.as_uri()
        entry["urls"] = [path.as_uri(), magnet, *others]
        entry["file"] = str(path)
        entry["filename"] = name


class Swarm:
    """A BitTorrent session that asks for the metadata of magnets (BEP 9) and for nothing else.

    ``found``: torrent files, ``errors``: why there is none, both by the number under which a magnet was added.
    """

    def __init__(self, folder: str) -> None:
        self._lib = library("libtorrent", "magnet")
        self._folder = folder
        self._session = self._lib.session(SETTINGS)
        self._handles: dict[int, Any] = {}
        self._trackers: dict[int, list[str]] = {}
        self.found: dict[int, bytes] = {}
        self.errors: dict[int, str] = {}

    def add(self, number: int, magnet: str) -> None:
        """Begin to look for one."""
        try:
            wanted = self._lib.parse_magnet_uri(magnet)
            wanted.save_path = self._folder
            wanted.flags |= self._lib.torrent_flags.upload_mode  # which means: download nothing
            self._trackers[number] = list(wanted.trackers)
            self._handles[number] = self._session.add_torrent(wanted)
        except RuntimeError as error:
            self.errors[number] = f"it cannot be used: {error}"

    def wait(self, seconds: float, sleep: Callable[[float], None]) -> None:
        """Until all were found, or the time is over."""
        end = time.monotonic() + seconds
        while True:
            for number in [number for number, handle in self._handles.items() if handle.status().has_metadata]:
                info = self._handles.pop(number).torrent_file()
                self.found[number] = _torrent_file(bytes(info.info_section()), self._trackers[number])
            if not self._handles or time.monotonic() >= end:
                return
            sleep(STEP)

    def close(self) -> None:
        """Say goodbye to all peers."""
        self._handles.clear()
        for handle in self._session.get_torrents():
            self._session.remove_torrent(handle)
        del self._session


def _torrent_file(info: bytes, trackers: list[str]) -> bytes:
    """A torrent file of its info, which stays as it is: its hash is made of these bytes."""
    import bencode2

    head: dict[bytes, Any] = {}
    if trackers:
        head = {b"announce": trackers[0].encode(), b"announce-list": [[tracker.encode()] for tracker in trackers]}
    return bytes(bencode2.bencode(head))[:-1] + b"4:info" + info + b"e"
