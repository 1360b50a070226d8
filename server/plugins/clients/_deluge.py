"""Reaching Deluge, for the plugins that use it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server.engine.errors import PluginError
from server.plugins._extras import library
from server.plugins._schema import text
from server.plugins.clients._base import TIMEOUT, Refused, where, words

PORT = 58846
OLDEST = (1, 3)
LOCAL_USER = "localclient"

WHERE: dict[str, Any] = {
    **where(PORT),
    "config_path": text(
        "Deluge's folder",
        "Where its file `auth` is, which lets us in on the same machine without user name and password.",
        "~/.config/deluge",
        format="path",
    ),
}


class Deluge:
    """A connection to the daemon whose errors are ours: ``Refused``, or ``PluginError`` where Deluge is gone."""

    def __init__(self, config: dict[str, Any]) -> None:
        deluge = library("deluge_client", "deluge")
        host, port = config.get("host", "localhost"), config.get("port", PORT)
        self.place = f"Deluge at {host}:{port}"
        username, password = config.get("username"), config.get("password")
        if not username:
            username, password = local_login(config.get("config_path"))
        logging.getLogger("deluge_client.client").setLevel(logging.ERROR)
        self._errors = deluge.client.DelugeClientException, deluge.client.RemoteException
        self._client = deluge.DelugeRPCClient(
            host, port, username, password or "", decode_utf8=True, automatic_reconnect=False, timeout=TIMEOUT
        )
        try:
            self._open(deluge)
        except BaseException:
            self.close()
            raise
        if tuple(int(part) for part in self.version.split(".")[:2] if part.isdigit()) < OLDEST:
            self.close()
            raise PluginError(f"{self.place} is too old: version {self.version}; 1.3 is needed")

    def _open(self, deluge: Any) -> None:
        try:
            self._client.connect()
            self.version = str(self._client.call("daemon.info"))
        except deluge.client.RemoteException as error:
            raise PluginError(f"{self.place} does not let us in: {first_line(error)}") from error
        except (deluge.client.DelugeClientException, OSError, EOFError, ValueError) as error:
            raise PluginError(f"{self.place} cannot be used: {words(error)}") from error

    def call(self, method: str, *arguments: Any) -> Any:
        """What the daemon answers to one of its methods."""
        with self._asking():
            return self._client.call(method, *arguments)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        any_error, remote = self._errors
        try:
            yield
        except remote as error:
            raise Refused(first_line(error)) from error
        except (any_error, OSError) as error:
            raise PluginError(f"the connection was lost: {words(error)}") from error

    def close(self) -> None:
        """End the connection; the library's own way leaves the socket open where nobody let us in."""
        if self._client.connected:
            self._client.disconnect()
        elif self._client._socket is not None:
            self._client._socket.close()

    def enable_labels(self) -> None:
        """Switch Deluge's label plugin on where it is off; raises ``Refused`` where there is none."""
        if "Label" in self.call("core.get_enabled_plugins"):
            return
        if "Label" not in self.call("core.get_available_plugins"):
            raise Refused("this Deluge has no plugin for labels")
        self.call("core.enable_plugin", "Label")


def first_line(error: BaseException) -> str:
    """A remote error without the daemon's traceback."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


def local_login(config_path: str | None) -> tuple[str, str]:
    """User name and password of Deluge's file ``auth`` (lines ``name:password:level``)."""
    folder = Path(config_path or "~/.config/deluge").expanduser()
    path = folder if folder.is_file() else folder / "auth"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise PluginError(
            f"no `username` is given for Deluge, and {path} cannot be read: {error.strerror or error}"
        ) from error
    logins = [line.split(":") for line in lines if line.count(":") >= 1 and not line.startswith("#")]
    for login in sorted(logins, key=lambda login: login[0] != LOCAL_USER):
        return login[0], login[1]
    raise PluginError(f"no `username` is given for Deluge, and {path} names nobody")
