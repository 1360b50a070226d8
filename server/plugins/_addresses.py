"""Hosts in addresses: told in messages, for the rest of an address may hold keys, and put together anew."""

from __future__ import annotations

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """The host that an address names; the address itself where that cannot be told."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def host_name(host: str) -> str:
    """The host as an address writes it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
