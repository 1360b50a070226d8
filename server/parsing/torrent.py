"""Torrent files and magnet links: what they hold, and their info hash.

    torrent = Torrent.read(raw)
    torrent.files[0].path, torrent.size, torrent.info_hash
    hash_of_magnet("magnet:?xt=urn:btih:...")

Source: BEP 3 (torrent files), BEP 9 (magnet links), BEP 12 (``announce-list``), BEP 27 (private torrents).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

MAX_DEPTH = 100
_NUMBER = re.compile(rb"-?\d+")


class TorrentError(ValueError):
    """The bytes are no torrent; the message says why."""


@dataclass(frozen=True, slots=True)
class TorrentFile:
    """A file inside a torrent: its name, the folder it is in (below the torrent's own), its bytes."""

    name: str
    folder: str
    size: int

    @property
    def path(self) -> str:
        """Folder and name."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


class Torrent:
    """A torrent's metadata. ``content`` may be changed; :meth:`encode` gives the new file."""

    def __init__(self, content: dict[bytes, Any], info: bytes) -> None:
        self.content = content
        self.modified = False
        self._info = info

    @classmethod
    def read(cls, raw: bytes) -> Torrent:
        """From a torrent file's bytes; raises :class:`TorrentError`."""
        import bencode2

        if not looks_like_torrent(raw):
            raise TorrentError("it does not begin like a torrent file")
        try:
            content = bencode2.bdecode(raw)
            info = raw[slice(*_span_of_info(raw))]
        except (bencode2.BencodeDecodeError, ValueError, IndexError, RecursionError) as error:
            raise TorrentError(f"it is no valid bencoding: {error}") from error
        if not isinstance(content, dict) or not isinstance(content.get(b"info"), dict):
            raise TorrentError("it has no info")
        if not isinstance(content[b"info"].get(b"name"), bytes):
            raise TorrentError("its info has no name")
        if not _are_files(content[b"info"].get(b"files", [])):
            raise TorrentError("its list of files is none")
        return cls(content, info)

    def __repr__(self) -> str:
        return f"<Torrent {self.name!r}, {len(self.files)} files>"

    @property
    def info(self) -> dict[bytes, Any]:
        """The part that the info hash is made of."""
        found: dict[bytes, Any] = self.content[b"info"]
        return found

    @property
    def name(self) -> str:
        """The name of the file or folder it comes to."""
        return _text(self.info[b"name"])

    @property
    def is_multi_file(self) -> bool:
        """Whether it is a folder."""
        return b"files" in self.info

    @property
    def files(self) -> list[TorrentFile]:
        """Its files in order, without padding files (BEP 47)."""
        if not self.is_multi_file:
            return [TorrentFile(self.name, "", _size(self.info.get(b"length")))]
        found = []
        for item in self.info[b"files"]:
            parts = [_text(part) for part in item.get(b"path.utf-8") or item.get(b"path") or []]
            if parts and b"p" not in item.get(b"attr", b""):
                found.append(TorrentFile(parts[-1], "/".join(parts[:-1]), _size(item.get(b"length"))))
        return found

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def info_hash(self) -> str:
        """SHA-1 of the info, in upper case hexadecimal."""
        return sha1(self._info, usedforsecurity=False).hexdigest().upper()

    @property
    def private(self) -> bool:
        """Whether only its own trackers may be asked (BEP 27)."""
        return bool(self.info.get(b"private"))

    @property
    def comment(self) -> str:
        """The maker's words."""
        return _text(self.content.get(b"comment", b""))

    @comment.setter
    def comment(self, value: str) -> None:
        self.content[b"comment"] = value.encode()
        self.modified = True

    @property
    def trackers(self) -> list[str]:
        """The addresses of all trackers, each once."""
        return list(dict.fromkeys([*self._announce, *self._announce_list]))

    @property
    def _announce(self) -> list[str]:
        return [_text(self.content[b"announce"])] if self.content.get(b"announce") else []

    @property
    def _announce_list(self) -> list[str]:
        tiers = self.content.get(b"announce-list")
        if not isinstance(tiers, list):
            return []
        return [_text(item) for tier in tiers for item in (tier if isinstance(tier, list) else [tier])]

    def add_tracker(self, tracker: str) -> None:
        """Add one at the end, in a tier of its own, unless it is there."""
        if tracker not in self.trackers:
            self._set_announce_list([*self.trackers, tracker])
            self.content.setdefault(b"announce", tracker.encode())

    def change_trackers(self, change: Callable[[str], str | None]) -> None:
        """Put what a function makes of each tracker in its place: itself, another one at the end, or nothing for None.

        Clients go by ``announce-list`` alone where there is one (BEP 12), so ``announce`` stays then.
        """
        made = {tracker: change(tracker) for tracker in self._announce_list or self._announce}
        kept = [tracker for tracker, new in made.items() if new == tracker]
        if len(kept) == len(made):
            return
        changed = [new for tracker, new in made.items() if new and new != tracker]
        self._set_announce_list([*kept, *changed])
        if not kept and not changed and all(change(tracker) is None for tracker in self._announce):
            self.content.pop(b"announce", None)

    def _set_announce_list(self, trackers: Iterable[str]) -> None:
        self.modified = True
        self.content[b"announce-list"] = [[tracker.encode()] for tracker in dict.fromkeys(trackers)]
        if not self.content[b"announce-list"]:
            del self.content[b"announce-list"]

    def encode(self) -> bytes:
        """The torrent file's bytes. The info stays as it was read, unless it was changed."""
        import bencode2

        raw: bytes = bencode2.bencode(self.content)
        self._info = raw[slice(*_span_of_info(raw))]
        return raw


def looks_like_torrent(raw: bytes) -> bool:
    """Whether bytes begin as torrent files do."""
    return raw[:1] == b"d" and b":" in raw[:8]


def _are_files(items: Any) -> bool:
    """Whether a value is what BEP 3 says of ``files``, as far as anything here looks at it."""
    return isinstance(items, list) and all(
        isinstance(item, dict)
        and isinstance(item.get(b"path.utf-8", []), list)
        and isinstance(item.get(b"path", []), list)
        and isinstance(item.get(b"attr", b""), bytes)
        for item in items
    )


def _span_of_info(raw: bytes) -> tuple[int, int]:
    """Where the value of ``info`` begins and ends."""
    at = 1
    while raw[at : at + 1] != b"e":
        start = _end_of(raw, at, 0)
        end = _end_of(raw, start, 0)
        if raw[at:start].partition(b":")[2] == b"info":
            return start, end
        at = end
    raise ValueError("it has no info")


def _end_of(raw: bytes, at: int, depth: int) -> int:
    """Where the value that begins at ``at`` ends."""
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    kind = raw[at : at + 1]
    if kind == b"i":
        return raw.index(b"e", at) + 1
    if kind in (b"l", b"d"):
        at += 1
        while raw[at : at + 1] != b"e":
            at = _end_of(raw, at, depth + 1)
        return at + 1
    colon = raw.index(b":", at)
    if not _NUMBER.fullmatch(raw[at:colon]):
        raise ValueError(f"it has no value at byte {at}")
    end = colon + 1 + int(raw[at:colon])
    if not at < end <= len(raw):
        raise ValueError("it ends too early")
    return end


def _text(value: Any) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _size(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0


# -- magnets ----------------------------------------------------------------------------------------------------------

_BTIH = re.compile(r"urn:btih:([0-9a-f]{40}|[2-7a-z]{32})(?![0-9a-z])", re.IGNORECASE)


def is_magnet(url: str) -> bool:
    """Whether an address is a magnet link."""
    return url[:7].lower() == "magnet:"


def hash_of_magnet(url: str) -> str | None:
    """The info hash in upper case hexadecimal, whether it is written in hexadecimal or in base 32; None without one."""
    found = _BTIH.search(url)
    if found is None:
        return None
    text = found.group(1).upper()
    if len(text) == 40:
        return text
    try:
        return base64.b32decode(text).hex().upper()
    except binascii.Error:
        return None


def name_of_magnet(url: str) -> str | None:
    """The name that a magnet gives (``dn``)."""
    names = parse_qs(urlsplit(url).query).get("dn")
    return names[0] if names else None


def magnet_with_trackers(url: str, trackers: Iterable[str]) -> str:
    """The magnet with these trackers (``tr``) added."""
    known = set(parse_qs(urlsplit(url).query).get("tr", ()))
    return url + "".join(f"&tr={quote(tracker, safe='')}" for tracker in trackers if tracker not in known)
