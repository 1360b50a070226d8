"""Sizes of files as people and configs write them (``1.4 GB``, ``700MiB``), and as people read them.

Where no unit is written it depends on the place: a config's number counts MiB (:func:`config_size`), any other text
bytes (:func:`parse_size`).
"""

from __future__ import annotations

import re
from typing import Final

MIB: Final = 1024 * 1024
#: Bytes that databases can keep as a number.
BIGGEST: Final = 2**63
_LOOK: Final = r"(?P<number>\d+(?:[  ]\d{3})*(?:[.,]\d+)*)\s*(?:(?P<prefix>[kmgtp])(?P<binary>i)?)?"
_SIZE: Final = re.compile(rf"{_LOOK}(?P<byte>b(?:ytes?)?)?", re.IGNORECASE)
_TOLD: Final = re.compile(
    r"\bsize\b[^\d]{0,20}(?P<number>\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)\s*(?P<prefix>[KMGT])i?B\b",
    re.IGNORECASE,
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
    size = _bytes(match)
    if size >= BIGGEST:
        raise ValueError(f"{text[:40]!r} is more than anything holds")
    return int(size)


def config_size(value: float | str) -> int:
    """Bytes of a size in a config: a bare number counts MiB, ``700 MB`` says it itself. Raises ValueError."""
    try:
        return int(float(value) * MIB)
    except (ValueError, OverflowError):
        return parse_size(str(value))


def told_size(text: str) -> int | None:
    """Bytes of the size that a text tells ("Size: 1.4 GB", all units count 1024), or None."""
    match = _TOLD.search(text)
    if match is None:
        return None
    size = _number(match["number"]) * 1024 ** _PREFIXES.index(match["prefix"].lower())
    return int(size) if size < BIGGEST else None


def size_text(number: float) -> str:
    """Bytes for people: ``734003200`` -> ``700.0 MiB``."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(number) < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.2f} TiB"


def _bytes(match: re.Match[str]) -> float:
    power = _PREFIXES.index((match["prefix"] or " ").lower())
    unit: int = (1024 if match["binary"] else 1000) ** power
    return _number(match["number"]) * unit


def _number(text: str) -> float:
    digits = re.sub(r"[ \u00a0]", "", text)
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) is not None
    return float(digits.replace(",", "" if thousands else "."))
