"""``aria2``"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from xmlrpc.client import Binary

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import priority
from server.engine.task import Task
from server.parsing.torrent import is_magnet
from server.plugins._schema import choice, number, text
from server.plugins.clients._base import Refused, TorrentClient, file_name_text, folder_text
from server.plugins.clients._xmlrpc import XmlRpc

logger = logging.getLogger("aria2")


class Aria2(TorrentClient):
    """Hands addresses, magnets and torrents to aria2.

    Torrent files that an earlier plugin fetched are handed over themselves, everything else by its address.

    Example::

        aria2:
          server: nas.local
          secret: a long secret
          path: /downloads/{{ series_name }}
          options:
            max-download-limit: 1M
    """

    schema = {
        "type": "object",
        "title": "aria2",
        "description": "Hands addresses, magnets and torrents to aria2.",
        "examples": [{"path": "/downloads", "secret": "a long secret"}],
        "properties": {
            "server": text("Server", "Name or address of aria2's machine.", "nas.local", default="localhost"),
            "port": number("Port", "aria2's `rpc-listen-port`.", 6800, kind="integer", default=6800),
            "scheme": text("Scheme", "http or https.", "https", default="http"),
            "rpc_mode": choice("Protocol", "How aria2 is spoken to.", "xml", "json"),
            "rpc_path": text("Path", "Last part of the interface's address; json has its own.", "rpc", default="rpc"),
            "secret": text("Secret", "aria2's `rpc-secret`.", "a long secret", default="", format="password"),
            "username": text("User name", "aria2's `rpc-user`.", "flexget", default=""),
            "password": text("Password", "aria2's `rpc-passwd`.", "a password", default="", format="password"),
            "path": text("Folder", "Where aria2 saves to; may hold {{ fields }}.", "/downloads/{{ series_name }}"),
            "filename": text("File name", "Name for the files; may hold {{ fields }}.", "{{ title }}"),
            "add_extension": {
                "oneOf": [{"type": "boolean"}, {"type": "string"}],
                "default": False,
                "title": "Extension",
                "description": "Put after `filename`: the address's own (`yes`), or this one.",
                "examples": ["mkv"],
            },
            "options": {
                "type": "object",
                "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]},
                "title": "More options",
                "description": "aria2's own options of a download; texts may hold {{ fields }}.",
                "examples": [{"max-download-limit": "1M"}],
            },
        },
        "required": ["path"],
        "additionalProperties": False,
    }
    options = ("path", "filename")

    @priority(120)
    def on_task_download(self, task: Task, config: Any) -> None:
        """aria2 fetches for itself."""

    @priority(128)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Hand the accepted entries over, one by one."""
        super().on_task_output(task, config)

    def connect(self, task: Task, config: dict[str, Any]) -> Any:
        """A client that answers; raises ``PluginError``."""
        client = Aria2Client(task, config)
        try:
            client.call("getGlobalStat")
        except Refused as error:
            raise PluginError(f"aria2 at {client.place} does not let us in: {error}") from error
        return client

    def hand_over(self, task: Task, client: Any, entry: Entry, options: dict[str, Any]) -> None:
        """Add a torrent file or an address."""
        wishes = {name: _as_text(entry, value) for name, value in options.get("options", {}).items()}
        wishes["dir"] = folder_text(entry, options["path"])
        file = entry.get("file", None, False)
        if file and Path(str(file)).is_file() and Path(str(file)).read_bytes()[:1] == b"d":
            call: tuple[Any, ...] = ("addTorrent", Path(str(file)).read_bytes(), [], wishes)
        else:
            if options.get("filename") and not is_magnet(entry["url"]):
                wishes["out"] = file_name_text(entry, options["filename"]) + _extension(entry, options)
            call = ("addUri", [entry["url"]], wishes)
        try:
            entry["aria2_gid"] = client.call(*call)
        except Refused as error:
            if "already registered" not in str(error):
                raise
            logger.info("aria2 has %s already", entry["title"])
        else:
            logger.info("aria2 has %s", entry["title"])


class Aria2Client:
    """aria2's interface (manual, "RPC interface"), in XML or JSON."""

    def __init__(self, task: Task, config: dict[str, Any]) -> None:
        self._task = task
        self._secret = config.get("secret", "")
        self._json = config.get("rpc_mode") == "json"
        path = "jsonrpc" if self._json else config.get("rpc_path", "rpc").lstrip("/")
        self.place = f"{config.get('server', 'localhost')}:{config.get('port', 6800)}"
        self._uri = f"{config.get('scheme', 'http')}://{self.place}/{path}"
        self._auth = (config["username"], config.get("password", "")) if config.get("username") else None

    def call(self, method: str, *arguments: Any) -> Any:
        """What ``aria2.<method>`` answers; raises ``Refused`` with aria2's words, ``PluginError`` where it is gone."""
        arguments = (*([f"token:{self._secret}"] if self._secret else []), *arguments)
        if self._json:
            return self._in_json(f"aria2.{method}", arguments)
        given = [Binary(value) if isinstance(value, bytes) else value for value in arguments]
        return XmlRpc(self._task, self._uri, self._auth).call(f"aria2.{method}", *given)

    def _in_json(self, method: str, arguments: tuple[Any, ...]) -> Any:
        import base64

        from requests import RequestException

        from server.plugins.clients._base import TIMEOUT, words

        given = [base64.b64encode(value).decode() if isinstance(value, bytes) else value for value in arguments]
        asked = {"jsonrpc": "2.0", "id": "FLEXGET", "method": method, "params": given}
        try:
            response = self._task.requests.request(
                "POST", self._uri, json=asked, auth=self._auth, timeout=TIMEOUT, raise_status=False
            )
            answer = response.json()
        except (RequestException, ValueError) as error:
            raise PluginError(f"{self.place} cannot be reached: {words(error)}") from error
        if not isinstance(answer, dict) or not answer.keys() & {"error", "result"}:
            raise PluginError(f"what answers at {self.place} is no aria2")
        if "error" in answer:
            raise Refused(answer["error"].get("message") or "aria2 does not say why")
        return answer["result"]


def _as_text(entry: Entry, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return entry.render(value) if isinstance(value, str) else str(value)


def _extension(entry: Entry, options: dict[str, Any]) -> str:
    wanted = options.get("add_extension", False)
    if wanted is True:
        return Path(entry["url"].partition("?")[0]).suffix
    return f".{wanted.lstrip('.')}" if isinstance(wanted, str) and wanted and wanted != "no" else ""
