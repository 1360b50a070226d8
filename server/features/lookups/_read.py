"""Reads answers of other machines: whatever is missing or of another kind becomes an empty value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from server.parsing.names import normalize_name

T = TypeVar("T")


def text(value: Any) -> str:
    """A text; numbers as they are written, anything else is empty."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def text_or_none(value: Any) -> str | None:
    """A text that is not empty, or None."""
    return text(value) or None


def whole(value: Any) -> int:
    """A whole number, also one written as text; 0 for anything else."""
    found = whole_or_none(value)
    return 0 if found is None else found


def whole_or_none(value: Any) -> int | None:
    """A whole number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None


def number(value: Any) -> float:
    """A number, 0 for anything else."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0


def number_or_none(value: Any) -> float | None:
    """A number, or None."""
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """An object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def moment(value: Any) -> datetime | str:
    """A date and time in ISO 8601 or as epoch seconds; an empty text for anything else."""
    return moment_or_none(value) or ""


def moment_or_none(value: Any) -> datetime | None:
    """The same, or None."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(text(value))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def year(value: Any) -> int:
    """The year that a date begins with, or 0."""
    return whole(text(value)[:4])


def best(name: str, found: Iterable[T], names: Callable[[T], Iterable[str]]) -> T | None:
    """The first that is called exactly so, else the first (sites sort by how well they fit), else None."""
    wanted = normalize_name(name)
    items = list(found)
    exact = (item for item in items if any(normalize_name(other) == wanted for other in names(item)))
    return next(exact, items[0] if items else None)
