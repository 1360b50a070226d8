"""Content codings by ``Accept-Encoding``: zstd, br, gzip and deflate. Libraries are imported at their first use."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import lru_cache

SMALLEST = 500
"""Bodies of no more bytes go out as they are."""

TYPES = ("application/json", "text/", "application/javascript", "image/svg+xml", "application/manifest+json")


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


def _deflate(body: bytes) -> bytes:
    return zlib.compress(body, 5)


def _brotli(body: bytes) -> bytes:
    import brotli

    return bytes(brotli.compress(body, quality=4))


def _zstd(body: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress(body)


CODINGS: dict[str, Callable[[bytes], bytes]] = {"zstd": _zstd, "br": _brotli, "gzip": _gzip, "deflate": _deflate}
"""What can be asked for, the preferred ones first."""

NAMES = tuple(CODINGS)


@lru_cache(256)
def choose(accept: str, known: tuple[str, ...]) -> str | None:
    """The coding to use for an ``Accept-Encoding`` header.

    The best by ``q``, then by the order of ``known``; None for none.
    """
    wanted: dict[str, float] = {}
    for piece in accept.split(","):
        name, _, parameters = piece.partition(";")
        wanted[name.strip().lower()] = _quality(parameters)
    rest = wanted.get("*", 0.0)
    best, quality = None, 0.0
    for name in known:
        asked = wanted.get(name, rest)
        if asked > quality:
            best, quality = name, asked
    return best if quality > 0 and quality >= wanted.get("identity", 0.0) else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


def compress(coding: str, body: bytes) -> bytes:
    """The body in this coding, the same bytes each time."""
    return CODINGS[coding](body)


def compressible(content_type: str) -> bool:
    """Whether compression is worth it for this kind of content."""
    return content_type.startswith(TYPES)
