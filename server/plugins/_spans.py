"""Spans of time as configs write them."""

from __future__ import annotations

import re

from server.engine.errors import PluginError

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week)s?")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def seconds_of(text: str) -> float:
    """Seconds of a span such as ``2 hours`` or ``every 1 day 12 hours``; raises :class:`PluginError`."""
    rest = text.strip().lower().removeprefix("every").strip()
    parts = _PART.findall(rest)
    if not parts or _PART.sub("", rest).strip(" ,"):
        raise PluginError(f"{text!r} is no span of time such as `2 hours`")
    return float(sum(float(number) * _SECONDS[unit] for number, unit in parts))
