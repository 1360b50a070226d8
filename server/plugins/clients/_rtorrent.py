"""Reaching rTorrent, for the plugins that use it."""

from __future__ import annotations

from typing import Any

from server.engine.errors import PluginError
from server.engine.task import Task
from server.plugins._schema import switch, text
from server.plugins.clients._base import Refused
from server.plugins.clients._xmlrpc import XmlRpc

OLDEST = (0, 9)

WHERE: dict[str, Any] = {
    "uri": text(
        "Address",
        "Of rTorrent's XML-RPC interface: `http(s)://...`, `scgi://host:port` or `scgi:///path/of/the/socket`.",
        "scgi://localhost:5000",
        "scgi:///home/user/.session/rpc.socket",
    ),
    "username": text("User name", "Of the web server before rTorrent.", "flexget"),
    "password": text("Password", "Of the web server before rTorrent.", "a long password", format="password"),
    "digest_auth": switch("Digest", "Whether the web server wants digest authentication."),
}


def connect(task: Task, config: dict[str, Any]) -> XmlRpc:
    """A client whose version is known to work; raises ``PluginError``."""
    auth: Any = None
    if config.get("username"):
        auth = (config["username"], config.get("password", ""))
        if config.get("digest_auth"):
            from requests.auth import HTTPDigestAuth

            auth = HTTPDigestAuth(*auth)
    client = XmlRpc(task, config["uri"], auth)
    try:
        version = str(client.call("system.client_version"))
    except Refused as error:
        raise PluginError(f"rTorrent at {client.place} cannot be used: {error}") from error
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < OLDEST:
        raise PluginError(f"rTorrent at {client.place} is too old: version {version}; 0.9 is needed")
    return client
