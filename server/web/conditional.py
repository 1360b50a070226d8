"""Entity tags and what clients ask by them (RFC 9110, sections 8.8.3 and 13).

A tag is the SHA-1 of the body and of the headers which tell about pages; where the body goes out compressed, the
coding is added: ``"<40 hex>:gzip"``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'(W/)?("[^"]*")')


def make_tag(body: bytes, page_headers: Iterable[tuple[str, str]] = ()) -> str:
    """The tag without its quotes: 40 hex digits."""
    digest = hashlib.sha1(body, usedforsecurity=False)
    for name, value in page_headers:
        digest.update(f"\n{name}: {value}".encode())
    return digest.hexdigest()


@lru_cache(256)
def strong_tags(header: str) -> frozenset[str]:
    """The tags of ``If-Match`` or ``If-None-Match`` with their quotes, weak ones left out (they never match here)."""
    return frozenset(tag for weak, tag in _TAG.findall(header) if not weak)


def matches(header: str, tag: str) -> bool:
    """Whether a list of tags, or ``*``, names this tag (given with its quotes)."""
    return header.strip() == "*" or tag in strong_tags(header)


def unchanged_since(header: str | None, modified: str | None) -> bool:
    """Whether an ``If-Modified-Since`` is no earlier than a ``Last-Modified``; False where one is none."""
    if header is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(header) >= parsedate_to_datetime(modified)
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
