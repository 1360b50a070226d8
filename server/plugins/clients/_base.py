"""What the clients share: an entry is handed over when it is accepted, and counts only once the client took it.

A client is a plugin with a few methods::

    class Mine(TorrentClient):
        def connect(self, task, config):       # raises PluginError with what is wrong and what to do
        def hand_over(self, task, client, entry, options):   # raises Refused with the client's own words

An entry's own field comes before the option of the same name (``set: {path: /tv}``), save those that say where the
client is. One entry that is refused fails alone. A client that cannot be reached aborts the task: nothing is
learned.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.paths import pathscrub
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import Torrent, TorrentError, hash_of_magnet, is_magnet
from server.plugins._schema import number, switch, text
from server.plugins.outputs._fetch import fetch

TIMEOUT = 30.0
"""Seconds that a client may take to answer."""

CONNECTION = frozenset(
    {"host", "port", "username", "password", "netrc", "api_key", "use_ssl", "verify_cert", "enabled"}
)
"""Options that an entry cannot change."""


class Refused(Exception):
    """The client does not take this entry; the message says why, in its own words."""


@dataclass(frozen=True)
class Source:
    """What is handed to a client: a magnet link or a torrent file. ``info_hash``: upper case hexadecimal."""

    info_hash: str
    magnet: str | None = None
    raw: bytes | None = None
    filename: str = ""


def where(port: int) -> dict[str, Any]:
    """Schema of the options that say where a client is, and who we are there."""
    return {
        "host": text(
            "Host", "Name or address of the machine that the client runs on.", "nas.local", default="localhost"
        ),
        "port": number("Port", "Port of the client's interface.", port, kind="integer", default=port),
        "username": text("User name", "For the client's interface.", "flexget"),
        "password": text("Password", "For the client's interface.", "a long password", format="password"),
    }


ENABLED = switch("Enabled", "Whether the client is used; `no` leaves it out of this task.", default=True)


def settings(title: str, description: str, properties: dict[str, Any], *examples: Any) -> dict[str, Any]:
    """Schema of a client: ``yes`` or options."""
    options = {"type": "object", "properties": properties, "additionalProperties": False, "title": "Options"}
    on = {"type": "boolean", "title": "On", "description": "`yes`: the client on this machine, as it comes."}
    return {"title": title, "description": description, "anyOf": [on, options], "examples": list(examples)}


class TorrentClient(Plugin):
    """Base of the plugins that hand torrents to a client."""

    category = "client"
    options: tuple[str, ...] = ()
    """Names of the options that an entry can set for itself."""

    def connect(self, task: Task, config: dict[str, Any]) -> Any:
        """The client, ready for use; raises ``PluginError``."""
        raise NotImplementedError

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Do with one entry what ``options`` say; raises :class:`Refused`, or ``PluginError`` if the client is gone."""
        raise NotImplementedError

    def settings_of(self, config: Any) -> dict[str, Any] | None:
        """The configuration in its long form; None where the client is switched off."""
        long = dict(config) if isinstance(config, dict) else {}
        return None if config is False or long.get("enabled") is False else long

    def options_of(self, entry: Entry, config: dict[str, Any]) -> dict[str, Any]:
        """The options for one entry: its own fields before the configuration."""
        found = {name: value for name, value in config.items() if name not in CONNECTION}
        for name in self.options:
            value = entry.get(name)
            if value is not None:
                found[name] = value
        return found

    @priority(120)
    def on_task_download(self, task: Task, config: Any) -> None:
        """Fetch the torrent files of entries that are no magnets."""
        long = self.settings_of(config)
        if long is None:
            return
        wanted = [
            entry
            for entry in task.accepted
            if not is_magnet(entry["url"]) and self.options_of(entry, long).get("action", "add") == "add"
        ]
        fetch(task, wanted, fail_html=long.get("fail_html", True))

    @priority(135)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Hand the accepted entries over, one by one."""
        long = self.settings_of(config)
        if long is None or not task.accepted:
            return
        logger = logging.getLogger(self.name)
        if task.options.test:
            for entry in task.accepted:
                logger.info("Would hand to %s: %s", self.name, entry["title"])
            return
        client = self.connect(task, long)
        try:
            gone = ""
            for entry in list(task.accepted):
                task.check_cancelled()
                if gone:
                    entry.fail(gone)
                    continue
                try:
                    self.hand_over(task, client, entry, self.options_of(entry, long))
                except (Refused, RenderError) as error:
                    entry.fail(f"{self.name}: {error}")
                except (OSError, ValueError, TypeError) as error:  # an entry's own field may be of any kind
                    entry.fail(f"{self.name}: {error}")
                except PluginError as error:
                    gone = f"{self.name}: {error}"
                    entry.fail(gone)
        finally:
            self.disconnect(client)

    def disconnect(self, client: Any) -> None:
        """Let go of the client; most have nothing to let go of."""


def words(error: BaseException) -> str:
    """What an error says, on one line, never empty."""
    return " ".join(str(error).split()) or type(error).__name__


def source_of(entry: Entry) -> Source:
    """The magnet or torrent file of an entry; raises :class:`Refused` where there is neither."""
    file = entry.get("file", None, False)
    if file and Path(str(file)).is_file():
        raw = Path(str(file)).read_bytes()
        try:
            info_hash = Torrent.read(raw).info_hash
        except TorrentError as error:
            raise Refused(f"what {entry['url']} gave is no torrent file: {error}") from error
        return Source(info_hash, raw=raw, filename=str(entry.get("filename") or f"{entry['title']}.torrent"))
    if is_magnet(entry["url"]):
        found = hash_of_magnet(entry["url"])
        if found is None:
            raise Refused("the magnet link has no BitTorrent hash (urn:btih)")
        return Source(found, magnet=entry["url"])
    raise Refused("there is neither a torrent file nor a magnet link for it")


def hash_of(entry: Entry) -> str:
    """The info hash of an entry that stands for a torrent of the client, upper case; raises :class:`Refused`."""
    known = entry.get("torrent_info_hash")
    if known:
        return str(known).upper()
    return source_of(entry).info_hash


def folder_text(entry: Entry, template: Any) -> str:
    """A folder of the client's machine, with the entry's fields filled in; raises :class:`Refused` if they climb up."""
    template = str(template)
    rendered = pathscrub(entry.render(template))
    if _climbs(rendered) > _climbs(template):
        raise Refused(f"the folder {rendered!r} has a `..` that is not in the configuration")
    return str(Path(rendered).expanduser()) if template.startswith("~") else rendered


def file_name_text(entry: Entry, template: Any) -> str:
    """A file's name with the entry's fields filled in: one name, no folders."""
    return pathscrub(entry.render(str(template)), filename=True)


def _climbs(path: str) -> int:
    return path.replace("\\", "/").split("/").count("..")
