"""Info-hashes and magnet links (BEP 9).

``info_hash`` brings hexadecimal and base32 to one form, so that both spellings of a torrent are the same torrent.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

_HEX: Final = re.compile(r"[0-9a-fA-F]{40}")
_BASE32: Final = re.compile(r"[A-Za-z2-7]{32}")
_URN: Final = "urn:btih:"


@dataclass(frozen=True, slots=True)
class Magnet:
    """What a magnet link says: the info-hash (upper-case hexadecimal), the display name, the trackers."""

    info_hash: str
    name: str | None
    trackers: tuple[str, ...]


def is_magnet(url: str) -> bool:
    """Whether an address is a magnet link."""
    return url[:7].lower() == "magnet:"


def info_hash(text: str) -> str | None:
    """A BitTorrent v1 info-hash (40 hexadecimal or 32 base32 digits) as upper-case hexadecimal, else ``None``."""
    text = text.strip()
    if _HEX.fullmatch(text):
        return text.upper()
    return base64.b32decode(text.upper()).hex().upper() if _BASE32.fullmatch(text) else None


def parse_magnet(url: str) -> Magnet | None:
    """What a magnet link says; ``None`` when it is none or has no BitTorrent v1 info-hash."""
    if not is_magnet(url):
        return None
    found, name, trackers = None, None, []
    for key, value in parse_qsl(url.partition("?")[2]):
        kind = key.lower().partition(".")[0]
        if kind == "xt" and value.lower().startswith(_URN):
            found = found or info_hash(value[len(_URN) :])
        elif kind == "dn":
            name = name or value
        elif kind == "tr":
            trackers.append(value)
    return Magnet(found, name, tuple(trackers)) if found else None
