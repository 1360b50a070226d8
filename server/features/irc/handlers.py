"""``/irc/``: connections to IRC servers.

This version reads the ``irc`` part of the config and keeps no connection: all of them are shown as not alive.
"""

from __future__ import annotations

from typing import Any

from server.web.endpoint import SUCCESS, Answer, Boolean, Resource, Shape, Text, array, get, obj, success
from server.web.errors import BadRequest, NotFound
from server.web.shapes import BOOLEAN, INTEGER, TEXT

CONNECTION = obj(
    {
        "alive": BOOLEAN,
        "channels": array({"type": "object", "additionalProperties": INTEGER}),
        "connected_channels": array(TEXT),
        "port": INTEGER,
        "server": TEXT,
    }
)
CONNECTIONS = Shape("irc_connections", array({"type": "object", "additionalProperties": CONNECTION}))
STATES = Shape("irc_channel_states", {"type": "object", "additionalProperties": INTEGER})

DISCONNECTED = 0
CHANNEL_STATES = {"DISCONNECTED": DISCONNECTED, "CONNECTING": 1, "CONNECTED": 2}
"""What the number beside a channel's name stands for."""

DEFAULT_PORT = 6667
NAME = Text("name", "of one connection; all, unless it is given")


class _Irc(Resource):
    tag = "irc"

    def configured(self, name: str | None) -> dict[str, dict[str, Any]]:
        """The connections of the config, or one of them; refuses when there are none, or none of that name."""
        found = self.services.config.data.get("irc") or {}
        if not found:
            raise BadRequest("no IRC connections are configured: there is no `irc` in the config")
        if name is None:
            return {str(key): value for key, value in found.items() if isinstance(value, dict)}
        if not isinstance(found.get(name), dict):
            raise NotFound(f"there is no IRC connection `{name}`")
        return {name: found[name]}


class Connections(_Irc):
    """All connections."""

    @get("List the IRC connections", query=[NAME], returns=CONNECTIONS, errors=(400, 404), groups=("config",))
    def list(self, name: str | None) -> list[dict[str, Any]]:
        """With their channels: what the number of a channel means is told by `/irc/connections/enums/`."""
        return [{key: _shown(options)} for key, options in self.configured(name).items()]


class States(_Irc):
    """What the states of channels are called."""

    @get("Name the states of channels", returns=STATES, errors=(400,), groups=("config",), instant=True)
    def states(self) -> dict[str, int]:
        """Name to number."""
        self.configured(None)
        return CHANNEL_STATES


class Restart(_Irc):
    """Connect again."""

    @get("Restart IRC connections", query=[NAME], returns=SUCCESS, errors=(400, 404), full_access=True)
    def restart(self, name: str | None) -> Answer:
        """Refused by this version, which keeps no IRC connections."""
        names = ", ".join(self.configured(name))
        raise BadRequest(f"{names}: IRC connections cannot be started by this version")


class Stop(_Irc):
    """Disconnect."""

    @get(
        "Stop IRC connections",
        query=[NAME, Boolean("wait", "answer when they are closed", default=False)],
        returns=SUCCESS,
        errors=(400, 404),
        full_access=True,
    )
    def stop(self, name: str | None, wait: bool) -> Answer:
        """What is not connected counts as stopped."""
        return success(f"IRC connections stopped: {', '.join(self.configured(name))}")


def _shown(options: dict[str, Any]) -> dict[str, Any]:
    channels = options.get("channels") or []
    names = channels if isinstance(channels, list) else [channels]
    port = str(options.get("port"))
    return {
        "alive": False,
        "channels": [{str(channel): DISCONNECTED} for channel in names],
        "connected_channels": [],
        "port": int(port) if port.isascii() and port.isdigit() else DEFAULT_PORT,
        "server": str(options.get("server") or ""),
    }
