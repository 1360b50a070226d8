"""What every answer carries, and which requests are refused before anything else is looked at.

Cross-origin reads are open by the contract (``Access-Control-Allow-Origin: *``), which lends no cookie to anybody.
Cookies and remembered Basic credentials are sent by browsers on their own, so writes that come with them must come
from our own pages.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from server.web.call import Call
from server.web.errors import PlainError

API_VERSION = "1.8.0"

POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"

COMMON: tuple[tuple[str, str], ...] = (
    ("API-Version", API_VERSION),
    ("Vary", "Accept-Encoding, Cookie"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Link, Total-Count, Count, ETag"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", POLICY),
)

PREFLIGHT = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"

_LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".home", ".internal", ".intranet", ".localdomain", ".home.arpa")


def preflight_headers(call: Call, allowed: Sequence[str]) -> list[tuple[str, str]]:
    """Answer to OPTIONS: origin and headers as they were asked for."""
    headers = [("Allow", ", ".join(allowed)), ("Access-Control-Allow-Methods", PREFLIGHT)]
    asked = call.headers.get("Access-Control-Request-Headers")
    if asked:
        headers.append(("Access-Control-Allow-Headers", asked))
    return headers


class HostCheck:
    """Refuses names that only DNS rebinding (or a proxy nobody told us of) leads here.

    Addresses, ``localhost``, names without a dot, the usual endings of home networks and this machine's own name are
    known; others are listed in ``web_server: allowed_hosts`` (``*``: any). Who sends a token of its own is not asked:
    a page that came by rebinding has none.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._any = "*" in allowed
        self._allowed = frozenset(name.lower() for name in allowed) | {socket.gethostname().lower()}

    def check(self, call: Call) -> None:
        """Raise 403 for an unknown name, 400 for one that cannot be a name."""
        if not call.has_good_host():
            raise PlainError(400, "the Host header is not a host name")
        if self._any or not call.host or "Authorization" in call.headers or self._known(call.host_name):
            return
        raise PlainError(
            403,
            f"this server is not known as `{call.host_name}`: add it to `allowed_hosts` of `web_server` in the config",
        )

    def _known(self, name: str) -> bool:
        return name in self._allowed or _is_local(name)


@lru_cache(256)
def _is_local(name: str) -> bool:
    if "." not in name or name.endswith(_LOCAL_ENDINGS):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def refuse_foreign_write(call: Call) -> None:
    """Refuse a write that a page of another origin made a signed-in browser send. Scripts send neither header."""
    site = call.headers.get("Sec-Fetch-Site")
    if site is not None and site.lower() not in ("same-origin", "none"):
        raise PlainError(403, "a page of another origin may not write here with your sign-in: use a token")
    origin = call.headers.get("Origin")
    if origin is not None and _host_of(origin) != call.host.lower():
        raise PlainError(403, f"a page of {origin[:100]} may not write here with your sign-in: use a token")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
