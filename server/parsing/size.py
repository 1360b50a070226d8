"""Sizes of files as people write them: ``1.4 GB``, ``700MiB``."""

from __future__ import annotations

import re
from typing import Final

MIB: Final = 1024 * 1024
_LOOK: Final = r"(?P<number>\d+(?:[  ]\d{3})*(?:[.,]\d+)*)\s*(?:(?P<prefix>[kmgtp])(?P<binary>i)?)?"
_SIZE: Final = re.compile(rf"{_LOOK}(?P<byte>b(?:ytes?)?)?", re.IGNORECASE)
_IN_TEXT: Final = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,9}(?:[.,]\d{1,9})?)\s?(?P<prefix>[kmgtp])(?P<binary>i)?b(?!\w)", re.IGNORECASE
)
_PREFIXES: Final = " kmgtp"


def parse_size(text: str) -> int:
    """Bytes. "MB" counts in thousands, "MiB" in 1024s; without a unit the number is bytes. A comma is a decimal sign
    ("1,4 GB") unless three digits follow it and the number is whole otherwise ("1,024 MB").

    Raises ValueError for anything else.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None or match["number"].count(".") > 1:
        raise ValueError(f"{text!r} is no size, write '700 MB' or '1.4 GiB'")
    return _bytes(match)


def size_in(text: str) -> int | None:
    """The first size in a longer text, in bytes; ``None`` when it holds none."""
    match = _IN_TEXT.search(text)
    return _bytes(match) if match else None


def to_mebibytes(size: float) -> int:
    """Bytes as whole MiB, rounded down: the unit of the field ``content_size``."""
    return int(size // MIB)


def _bytes(match: re.Match[str]) -> int:
    digits = match["number"].replace(" ", "").replace(" ", "")
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) is not None
    number = float(digits.replace(",", "" if thousands else "."))
    power = _PREFIXES.index((match["prefix"] or " ").lower())
    return int(number * (1024 if match["binary"] else 1000) ** power)
