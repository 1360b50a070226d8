"""One request as the endpoints see it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tornado.httputil import HTTPHeaders

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST = re.compile(r"[\w.\-]+(?::\d{1,5})?|\[[0-9a-fA-F:.]+\](?::\d{1,5})?", re.ASCII)


@dataclass(frozen=True)
class Identity:
    """Who asks, and by which way they were let in. ``read_only``: a token that may look and nothing else."""

    name: str
    way: Literal["token", "basic", "cookie", "trusted"]
    read_only: bool = False


class Call:
    """The request: what was sent, by whom, and under which address."""

    __slots__ = (
        "body",
        "headers",
        "host",
        "identity",
        "method",
        "path",
        "peer",
        "query",
        "raw_query",
        "remote_ip",
        "scheme",
        "trusted",
    )

    def __init__(self, method: str, target: str, headers: HTTPHeaders, peer: str, scheme: str) -> None:
        self.method = method
        self.host = headers.get("Host", "")
        if target[:1] != "/":
            target = self._without_host(target)
        self.path, _, self.raw_query = target.partition("?")
        self.headers = headers
        self.peer = peer
        """Address of the other end of the connection; empty on a Unix socket."""
        self.remote_ip = peer
        """Address of the client: the same, or what a trusted proxy says."""
        self.scheme = scheme
        self.trusted = False
        """It came over the control channel."""
        self.identity: Identity | None = None
        self.query: dict[str, Any] = {}
        self.body: bytes = b""

    def _without_host(self, target: str) -> str:
        """The path of a target in absolute form, whose host counts more than the header's (RFC 9112, 3.2.2)."""
        scheme, found, rest = target.partition("://")
        if not found or scheme.lower() not in ("http", "https"):
            return target
        end = min(at for sign in "/?#" if (at := f"{rest}/".find(sign)) >= 0)
        self.host = rest[:end]
        return rest[end:] if rest[end : end + 1] == "/" else f"/{rest[end:]}"

    @property
    def address(self) -> str:
        """Absolute address of the request without its query, as the client used it."""
        return self.at(self.path)

    def at(self, path: str) -> str:
        """Absolute address of another path of this server; just the path for who tells no ``Host`` (HTTP/1.0)."""
        return f"{self.scheme}://{self.host}{path}" if self.host else path

    @property
    def host_name(self) -> str:
        """The ``Host`` without its port, in lower case."""
        return re.sub(r":\d+$", "", self.host).strip("[]").lower()

    def cookies(self, name: str) -> list[str]:
        """The values of the cookies of that name, as they were sent.

        Browsers send what other programs of the same host have set, too (a port makes no difference to them): cookies
        that nobody but their program can read, and even such of the same name.
        """
        pairs = [piece.partition("=") for piece in self.headers.get("Cookie", "").split(";")]
        return [value.strip(' "') for key, _, value in pairs if key.strip() == name]

    def has_good_host(self) -> bool:
        """Whether ``Host`` can be put into links as it is (absent in HTTP/1.0)."""
        return not self.host or _HOST.fullmatch(self.host) is not None

    def believe_proxy(self, proxies: Sequence[Network]) -> bool:
        """Take client, scheme and host from ``X-Forwarded-*`` when a configured proxy sent them.

        Tells whether it did.
        """
        if not proxies or not _inside(self.peer, proxies):
            return False
        chain = [piece.strip() for piece in self.headers.get("X-Forwarded-For", "").split(",") if piece.strip()]
        while chain and _inside(chain[-1], proxies):
            chain.pop()
        if chain and _is_address(chain[-1]):
            self.remote_ip = chain[-1]
        scheme = self.headers.get("X-Forwarded-Proto", self.headers.get("X-Scheme", "")).split(",")[-1].strip().lower()
        if scheme in ("http", "https"):
            self.scheme = scheme
        host = self.headers.get("X-Forwarded-Host", "").split(",")[-1].strip()
        if host:
            self.host = host
        return True


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _inside(text: str, networks: Sequence[Network]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address.version == network.version and address in network for network in networks)
