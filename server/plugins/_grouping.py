"""What several entries have in common: the same movie or episode in several releases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.parsing.movies import count_propers
from server.parsing.quality import Quality
from server.plugins._quality import quality_of

AUTO = "auto"

IDENTIFIED_BY: dict[str, Any] = {
    "type": "string",
    "title": "Identified by",
    "description": "A template that is the same for what is the same; `auto` is the field `media_id`.",
    "examples": ["{{ media_id }}"],
}

_SEQUENCE = ("sequence", "special", "id", "date")


def action(title: str, description: str, default: str | None) -> dict[str, Any]:
    """Schema of what to do with entries."""
    schema = {
        "type": "string",
        "enum": ["accept", "reject", "do_nothing"],
        "title": title,
        "description": description,
        "examples": ["accept"],
    }
    return schema if default is None else {**schema, "default": default}


def act(entry: Entry, verb: str | None, reason: str) -> None:
    """Accept or reject; anything else does nothing."""
    if verb == "accept":
        entry.accept(reason)
    elif verb == "reject":
        entry.reject(reason)


def identifier(entry: Entry, template: str = AUTO) -> str | None:
    """What it is, in lower case; None where that is not known."""
    if template == AUTO:
        if entry.get("series_name") and entry.get("series_id_type") in _SEQUENCE:  # media_id is too coarse for these
            return f"{entry['series_name']} {entry.get('series_id')}".lower()
        found = entry.get("media_id")
    else:
        try:
            found = entry.render(template)
        except RenderError:
            return None
    text = str(found or "").strip().lower()
    return text if text and text != "none" else None


def grouped(entries: Iterable[Entry], template: str = AUTO) -> dict[str, list[Entry]]:
    """Entries by identifier, best quality first; what is not identified stands alone, by its title."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(identifier(entry, template) or f"title {entry['title']}".lower(), []).append(entry)
    for members in groups.values():
        members.sort(key=rank, reverse=True)
    return groups


def proper_count(entry: Entry) -> int:
    """How many times it was repaired.

    A movie's own words count: its field ``proper_count`` holds other words too, or nobody has set it.
    """
    value = entry.get("proper_count")
    if not isinstance(value, (int, float)) or entry.get("movie_name"):
        return count_propers(entry["title"])
    return int(value)


def rank(entry: Entry) -> tuple[Quality, int]:
    """What orders releases of the same: quality, then repairs."""
    return quality_of(entry), proper_count(entry)
