"""Where a show begins, as people write it: ``S02E05``, ``S02`` (its first episode), a date, or a number."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import NamedTuple

_EPISODE = re.compile(r"s(\d{1,4})(?:e(\d{1,4}))?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_DATE = re.compile(r"(\d{4})[-. ](\d{1,2})[-. ](\d{1,2})", re.ASCII)


class Beginning(NamedTuple):
    """An episode as the store names it."""

    identifier: str
    identified_by: str
    season: int | None
    number: int | None


def read_beginning(value: str | float) -> Beginning:
    """What a text or number stands for; raises ``ValueError`` for anything else."""
    text = str(int(value) if isinstance(value, float) else value).strip()
    match = _EPISODE.fullmatch(text)
    if match is not None:
        season, number = int(match[1]), int(match[2] or 1)
        return Beginning(f"S{season:02}E{number:02}", "ep", season, number)
    if _NUMBER.fullmatch(text):
        return Beginning(str(int(text)), "sequence", 0, int(text))
    match = _DATE.fullmatch(text)
    if match is not None:
        with contextlib.suppress(ValueError):  # no such day
            return Beginning(date(int(match[1]), int(match[2]), int(match[3])).isoformat(), "date", None, None)
    raise ValueError(
        f"`{text[:40]}` is no place to begin: expected an episode such as `S02E05`, a season such as `S02`, "
        "a date such as `2026-03-01`, or a number"
    )
