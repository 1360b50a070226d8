"""Spans of time as configs write them: ``5 minutes``, ``1 day 2 hours``."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

_UNITS: Final = ("second", "minute", "hour", "day", "week")
_PART: Final = re.compile(rf"(\d+(?:\.\d+)?)\s+({'|'.join(_UNITS)})s?")
_BETWEEN: Final = re.compile(r"\s*(?:,|\band\b)?\s*")

LONGEST: Final = dt.timedelta(days=730_000)
"""What "for ever" comes to: two thousand years before and after now are dates still."""


@lru_cache(maxsize=256)
def parse_timedelta(text: str) -> dt.timedelta:
    """The span of time. Numbers with seconds, minutes, hours, days or weeks; several of them add up.

    What is longer than :data:`LONGEST` counts as that. Raises ValueError for anything else.
    """
    rest = text.strip().lower()
    span, position = dt.timedelta(), 0
    while True:
        match = _PART.match(rest, position)
        if match is None:
            raise ValueError(f"{text!r} is no span of time, write 'x (seconds|minutes|hours|days|weeks)'")
        try:
            span = min(span + dt.timedelta(**{f"{match[2]}s": float(match[1])}), LONGEST)
        except OverflowError:
            span = LONGEST
        if match.end() == len(rest):
            return span
        between = _BETWEEN.match(rest, match.end())
        position = between.end() if between else match.end()
