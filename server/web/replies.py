"""What an endpoint may answer with, and how that becomes bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

JSON = "application/json"


@dataclass(frozen=True)
class Answer:
    """Data with a status or headers of its own. ``status=None``: the declared one.

    ``lasting=False``: not to be remembered until the declared groups change (it depends on something else as well).
    """

    data: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()
    lasting: bool = True


@dataclass(frozen=True)
class Content:
    """Bytes that are no JSON."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileAnswer:
    """A file, with its own ETag, ``Last-Modified`` and ranges."""

    path: Path
    content_type: str
    max_age: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def success(message: str, status: int = 200, **more: Any) -> Answer:
    """The common answer of a command that worked."""
    return Answer({"message": message, "status": "success", "status_code": status, **more}, status)


def http_date(moment: datetime) -> str:
    """RFC 1123 with GMT; a naive value is taken as UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return _date_of(int(aware.replace(microsecond=0).timestamp()))


@lru_cache(1024)
def _date_of(second: int) -> str:
    # what one run has written is shown as dates of a few seconds
    return formatdate(second, usegmt=True)


def iso_date(moment: datetime) -> str:
    """ISO 8601 in UTC without a zone, as ``/history/`` tells its times: ``2026-11-23T15:26:14.944323``."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.replace(tzinfo=None).isoformat()


def dump_json(value: Any) -> bytes:
    """JSON of plain data. Datetimes become RFC 1123 dates, sets and tuples lists, anything else its text."""
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS)
    except TypeError:
        return orjson.dumps(_mended(value), default=_plain, option=_OPTIONS)


_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return http_date(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _mended(value: Any, depth: int = 0) -> Any:
    """What orjson refuses (lone surrogates, integers beyond 64 bits, nesting without end), made harmless."""
    if depth > 200:
        return "..."
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_mended(str(key)): _mended(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mended(item, depth + 1) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return str(value)
    return value
