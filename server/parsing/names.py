"""Names of shows: comparing them, and finding them at the start of titles.

A configured name matches a title however that separates its words ("Some Show" finds "some_show", "SomeShow"), writes
"and" or "&", keeps or drops apostrophes, and with or without what the name has in parentheses::

    SeriesName("Law & Order").match("law.and.order.s01e02")   # 13, where the name ends
"""

from __future__ import annotations

import re
from typing import Final

_GAP: Final = r"(?:[^\w&]|_)*"
_GROUP_TAG: Final = rf"\s*(?:\[[^\]]*\])?{_GAP}"
_BEFORE: Final = re.compile(_GROUP_TAG)
_BETWEEN: Final = re.compile(_GAP)
_PIECE: Final = re.compile(r"\(([^()]*)\)|(&)|([^\W_]+)")
_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")
_SEPARATORS: Final = re.compile(r"[\s_.,:;/\\()\[\]{}-]+")
_BLANKS: Final = re.compile(r"\s+")
_LEADING_TAG: Final = re.compile(r"\s*\[[^\]]*\]")


def normalize_name(name: str) -> str:
    """The form under which shows are the same: lower case, "&" as "and", no apostrophes, separators as single blanks.

    ``normalize_name("Bob's.Show (US)") == "bobs show us"``. Other signs stay ("m*a*s*h"), as in the reference.
    """
    return _SEPARATORS.sub(" ", name.lower().replace("&", " and ").replace("'", "")).strip()


def lowered(text: str) -> str:
    """Lower case, each character one character: what stands in it stands at the same place of the text.

    Of all characters only the Turkish İ would become two.
    """
    return text.replace("\u0130", "i").lower()


def compact(text: str) -> str:
    """Only the letters and digits, lower case, "&" as "and". A title that a name matches has the name's compact form
    (with or without its parentheses) at its start, so shows can be looked up by it instead of tried one by one."""
    return _NOT_ALPHANUMERIC.sub("", text.lower().replace("&", "and"))


def compact_title(title: str) -> str:
    """:func:`compact` of a title without the release group's tag that may stand before it ("[grp] Show - 12")."""
    tag = _LEADING_TAG.match(title)
    return compact(title[tag.end() :] if tag else title)


class SeriesName:
    """A name prepared for matching. ``keys`` are its compact forms, ``strict`` tells that it names a variant, as
    "Show (US)" does, and then nothing but an identifier may follow it."""

    __slots__ = ("_look", "_pattern", "_pieces", "keys", "name", "strict")

    def __init__(self, name: str) -> None:
        self.name = name
        parts, pieces, plain, full = [], [], "", ""
        self.strict = False
        for match in _PIECE.finditer(name):
            inside, ampersand, word = match.groups()
            if inside is not None:
                look = _words(inside)
                parts.append(f"(?:{_GAP}{look})?" if look else "")
                self.strict = self.strict or bool(look)
                full += compact(inside)
                continue
            piece = "and" if ampersand else lowered(word)
            pieces.append(piece)
            parts.append((_GAP if plain else "") + ("(?:and|&)" if piece == "and" else re.escape(piece)))
            plain += piece
            full += piece
        look = "".join(parts) if plain else re.escape(lowered(name))
        self.keys = tuple(dict.fromkeys((full, plain)))
        self._look = rf"{_GROUP_TAG}{look}(?![^\W_])"
        self._pattern: re.Pattern[str] | None = None  # compiled at the first title: of many names few are looked for
        self._pieces = pieces if len(parts) == len(pieces) else None  # parts that may be missing need the pattern

    def match(self, title: str) -> int | None:
        """Where the name ends in a :func:`lowered` title that begins with it (after a group's tag), else ``None``."""
        if self._pieces:
            return _match_pieces(self._pieces, title)
        if self._pattern is None:
            self._pattern = re.compile(self._look)
        match = self._pattern.match(title)
        return match.end() if match else None


def _match_pieces(pieces: list[str], title: str) -> int | None:
    """What the pattern of a name without parentheses does; compiling one for each of many shows takes longer."""
    place = _end(_BEFORE, title, 0)
    for number, piece in enumerate(pieces):
        if number:
            place = _end(_BETWEEN, title, place)
        if title.startswith(piece, place):
            place += len(piece)
        elif piece == "and" and title.startswith("&", place):
            place += 1
        else:
            return None
    return None if title[place : place + 1].isalnum() else place


def _end(pattern: re.Pattern[str], title: str, place: int) -> int:
    match = pattern.match(title, place)
    return match.end() if match else place


def _words(text: str) -> str:
    return _GAP.join(re.escape(word) for word in re.findall(r"[^\W_]+", lowered(text)))


def title_case(text: str) -> str:
    """Each word with a capital first letter and the rest small, single blanks: "game of STONES" is "Game Of Stones"."""
    return " ".join(word.capitalize() for word in _BLANKS.split(text.strip()))
