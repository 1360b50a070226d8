"""Texts of feeds as feedparser gives them: harmless markup in one spelling, mistaken encodings put right.

    mend("Fish &#39;n&#39; <br> chips", kind="html")    # "Fish 'n' <br /> chips"

feedparser is imported only for texts that it would change.
"""

from __future__ import annotations

import re
from contextlib import suppress

_KEPT = re.compile(
    r"""(?:
        [^<&]++
      | & (?!\#3[49];) (?: \#?\w+; | (?=\s) )
      | </? (?: a|b|blockquote|code|div|em|h[1-6]|i|li|ol|p|pre|span|strong|table|tbody|td|th|tr|u|ul ) >
      | <a\ href="https?://[^"<>&\s]*"> | <img\ src="https?://[^"<>&\s]*"\ /> | <br\ />
    )*+""",
    re.VERBOSE,
)
"""What comes out of feedparser as it went in: most texts are like that."""

_WINDOWS = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def mend(text: str, kind: str | None = None) -> str:
    """The text as feedparser has it. ``kind``: ``html`` for markup, ``guess`` for what may hold some."""
    if kind and ("<" in text or "&" in text) and not _KEPT.fullmatch(text):
        text = _tidy(text, guess=kind == "guess")
    return text if text.isascii() else _decoded(text)


def _tidy(text: str, *, guess: bool) -> str:
    from feedparser.mixin import _FeedParserMixin
    from feedparser.sanitizer import _sanitize_html
    from feedparser.urls import resolve_relative_uris

    if guess and not _FeedParserMixin.looks_like_html(text):
        return text
    tidied: str = _sanitize_html(resolve_relative_uris(text, "", "utf-8", "text/html"), "utf-8", "text/html")
    return tidied


def _decoded(text: str) -> str:
    with suppress(UnicodeError):  # UTF-8 that somebody took for Latin-1 and encoded again
        text = text.encode("latin-1").decode("utf-8")
    return text.translate(_WINDOWS)
