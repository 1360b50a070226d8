"""Reaching Transmission, for the plugins that use it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import Any

from server.engine.errors import PluginError
from server.plugins._extras import library
from server.plugins._schema import text
from server.plugins.clients._base import TIMEOUT, Refused, where, words

PORT = 9091
OLDEST_RPC = 14
"""Transmission 2.40 (2011): the oldest that the library speaks with."""

WHERE: dict[str, Any] = {
    **where(PORT),
    "netrc": text("netrc file", "File that user name and password are read from.", "~/.netrc", format="file"),
}


def library_of() -> Any:
    """The package ``transmission_rpc``."""
    return library("transmission_rpc", "transmission")


def connect(config: dict[str, Any]) -> Any:
    """A client whose version is known to work; raises ``PluginError``."""
    rpc = library_of()
    host, port = config.get("host", "localhost"), config.get("port", PORT)
    username, password = config.get("username"), config.get("password")
    if config.get("netrc"):
        username, password = _from_netrc(config["netrc"], host)
    quiet = logging.getLogger("transmission.rpc")
    quiet.setLevel(logging.ERROR)
    place = f"Transmission at {host}:{port}"
    try:
        client = rpc.Client(host=host, port=port, username=username, password=password, timeout=TIMEOUT, logger=quiet)
        version = client.get_session().rpc_version
    except rpc.error.TransmissionAuthError as error:
        raise PluginError(f"{place} does not accept the user name and password") from error
    except rpc.error.TransmissionError as error:
        raise PluginError(f"{place} cannot be used: {words(error)}") from error
    if version < OLDEST_RPC:
        raise PluginError(f"{place} is too old: it speaks RPC {version}; {OLDEST_RPC} (2.40) is needed")
    return client


@contextmanager
def asking() -> Iterator[None]:
    """Turn the library's errors into ``Refused``, or ``PluginError`` where Transmission is gone."""
    error_types = library_of().error
    try:
        yield
    except (error_types.TransmissionConnectError, error_types.TransmissionTimeoutError) as error:
        raise PluginError(f"the connection was lost: {words(error)}") from error
    except (error_types.TransmissionError, KeyError, ValueError) as error:
        raise Refused(words(error)) from error


def _from_netrc(path: str, host: str) -> tuple[str | None, str | None]:
    try:
        found = netrc(str(Path(path).expanduser())).authenticators(host)
    except (OSError, NetrcParseError) as error:
        raise PluginError(f"the netrc file {path} cannot be read: {words(error)}") from error
    if found is None:
        raise PluginError(f"the netrc file {path} has no line for {host}")
    return found[0], found[2]


def finished_by_limits(torrent: Any, session: Any) -> tuple[bool | None, bool | None]:
    """Whether the ratio and the idle time of the client's limits are reached; None where there is no such limit.

    Modes: 0 as the session says, 1 the torrent's own limit, 2 none (Transmission's RPC specification, 3.2).
    """
    limits = torrent.fields
    ratio = _limit(limits.get("seedRatioMode", 0), limits.get("seedRatioLimit"), session, "seedRatio")
    idle = _limit(limits.get("seedIdleMode", 0), limits.get("seedIdleLimit"), session, "idle-seeding-")
    ratio_ok = None if ratio is None else torrent.ratio >= ratio
    active = limits.get("activityDate", 0) or limits.get("doneDate", 0)
    idle_ok = None if idle is None else bool(active) and time.time() >= active + idle * 60
    return ratio_ok, idle_ok


def _limit(mode: int, own: Any, session: Any, name: str) -> float | None:
    if mode == 1:
        return None if own is None else float(own)
    if mode == 2:
        return None
    limit, on = f"{name}Limit", f"{name}Limited"
    if name.endswith("-"):
        limit, on = f"{name}limit", f"{name}limit-enabled"
    return float(session.fields[limit]) if session.fields.get(on) else None
