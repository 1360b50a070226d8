"""Archives for tests, byte by byte, so that no program is needed to make them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

Files = Iterable[tuple[str, bytes]]


def zip_of(files: Files, *, link: str = "") -> bytes:
    """A ZIP archive; ``link``: name of a symbolic link in it."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        if link:
            item = zipfile.ZipInfo(link)
            item.external_attr = 0o120777 << 16
            archive.writestr(item, "/etc/passwd")
    return raw.getvalue()


def rar_of(files: Files, *, method: int = 0x30) -> bytes:
    """A RAR 3 archive whose files are stored as they are (or claim another ``method``).

    Source: the archive format as described in ``technote.txt`` of RAR 3.
    """
    raw = b"Rar!\x1a\x07\x00" + _block(0x73, 0, b"\0" * 6)
    for name, content in files:
        stored = name.replace("/", "\\").encode()
        sizes = struct.pack("<II", len(content), len(content))
        facts = struct.pack("<BIIBBHI", 3, zlib.crc32(content), 0x5A21 << 16, 20, method, len(stored), 0o100644)
        raw += _block(0x74, 0x8000, sizes + facts + stored, content)
    return raw + _block(0x7B, 0x4000, b"")


def _block(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data
