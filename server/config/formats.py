"""The named text formats that schemas use (``{"type": "string", "format": "interval"}``).

A format is a function that takes the value and raises ``ValueError`` with a sentence when it does not fit. Formats that
need knowledge of other parts (qualities, say) are handed in by those::

    register_format("quality", lambda value: Quality(value), expected="a quality such as `720p hdtv`")

Values that are no text pass: that is the business of ``type``. So does a text in a format nobody registered.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

FormatCheck = Callable[[str], object]

INTERVAL = re.compile(r"\d+ (second|minute|hour|day|week)s?")
# what asks for it writes the blanks of an address as %20
_URL = re.compile(r"(https?|ftp|file|udp|magnet|s?ftps?)(://|:)(?!(//)?( |$))[^\t-\r\x1c-\x1f]+(?<! )", re.IGNORECASE)
# a comma needs a unit behind: without one, a number of a config counts MiB and a text bytes
_SIZE = re.compile(
    r"\s*(\d+(\.\d+)?\s*([kmgtp]i?)?b?|(\d+,\d+|\d{1,3}(,\d{3})+(\.\d+)?)\s*([kmgtp]i?b?|b))\s*", re.IGNORECASE
)
_PERCENT = re.compile(r"\s*\d+(\.\d+)?\s*%?\s*")
_TIME = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?\s*", re.IGNORECASE)
_EPISODE = re.compile(r"s\d{1,4}e\d{1,4}|0*[1-9]\d{0,8}", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(\d{4})[-. ](\d{1,2})[-. ](\d{1,2})", re.ASCII)
_SEASON = re.compile(r"s\d{1,4}", re.IGNORECASE | re.ASCII)

_folder: ContextVar[Path | None] = ContextVar("folder", default=None)


@dataclass(frozen=True, slots=True)
class Format:
    """A named format: the check, and what it expects in plain words."""

    name: str
    check: FormatCheck
    expected: str


_formats: dict[str, Format] = {}


def register_format(name: str, check: FormatCheck, *, expected: str) -> None:
    """Add or replace a format. ``check`` raises ``ValueError`` (its text is shown) where a value does not fit."""
    _formats[name] = Format(name, check, expected)


def get_format(name: str) -> Format | None:
    """The format of that name, or None."""
    return _formats.get(name)


def complaint(name: str, value: object) -> str | None:
    """Why a value does not fit a format, as a sentence; None when it fits."""
    known = _formats.get(name)
    if known is None or not isinstance(value, str):
        return None
    try:
        known.check(value)
    except ValueError as error:
        return str(error) or f"`{value}` is not {known.expected}."
    return None


@contextlib.contextmanager
def relative_to(folder: Path | None) -> Iterator[None]:
    """Relative paths of the format ``file`` count from this folder meanwhile."""
    token = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(token)


def has_template(value: str) -> bool:
    """Whether a text holds Jinja, so that only a run can tell what it becomes."""
    return "{{" in value or "{%" in value


def _matches(pattern: re.Pattern[str], words: str) -> FormatCheck:
    def check(value: str) -> None:
        if pattern.fullmatch(value) is None:
            raise ValueError(f"`{value}` is not {words}.")

    return check


def _url(value: str) -> None:
    if not has_template(value) and _URL.fullmatch(value) is None:
        raise ValueError(f"`{value}` is not a URL.")


def _file(value: str) -> None:
    path = Path(value).expanduser()
    base = _folder.get()
    if base is not None and not path.is_absolute() and (base / path).is_file():
        return
    if not path.is_file():
        raise ValueError(f"The file `{value}` does not exist.")


def _regex(value: str) -> None:
    try:
        re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"The regular expression `{value}` is broken: {error}.") from error


def _json(value: str) -> None:
    try:
        json.loads(value)
    except ValueError as error:
        raise ValueError(f"This is not JSON: {error}.") from error


def _time(value: str) -> None:
    match = _TIME.fullmatch(value)
    if match is None:
        raise ValueError(f"`{value}` is not a time of day.")
    hour = int(match[1])
    if match[4] and not 1 <= hour <= 12:
        raise ValueError(f"`{value}` is not a time of day: with am or pm the hour is 1 to 12.")
    try:
        clock(hour % 12 if match[4] else hour, int(match[2]), int(match[3] or 0))
    except ValueError as error:
        raise ValueError(f"`{value}` is not a time of day: {error}.") from error


def _email(value: str) -> None:
    if not has_template(value) and re.fullmatch(r"[^@\s]+@[^@\s]+", value.strip()) is None:
        raise ValueError(f"`{value}` is not an e-mail address.")


def _date(value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"`{value}` is not a date: {error}.") from error


def _date_time(value: str) -> None:
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"`{value}` is not a date and time: {error}.") from error


def _ipv4(value: str) -> None:
    try:
        IPv4Address(value)
    except AddressValueError as error:
        raise ValueError(f"`{value}` is not an IPv4 address.") from error


def _template(value: str) -> None:
    if not has_template(value) and "{#" not in value:
        return
    from jinja2 import Environment, TemplateSyntaxError

    # Only the syntax is read and nothing is run, so names of filters and tests are not looked up here.
    try:
        Environment(autoescape=False).parse(value)  # noqa: S701
    except TemplateSyntaxError as error:
        raise ValueError(f"The template is broken: {error.message} (line {error.lineno}).") from error


def _any_path(value: str) -> None:
    """A folder that is not there yet may be there when the task runs."""
    if "\x00" in value:
        raise ValueError("A path cannot hold a NUL character.")


def _episode_or_season(value: str) -> None:
    if not _is_episode(value) and _SEASON.fullmatch(value.strip()) is None:
        raise ValueError(f"`{value}` is not an episode or season identifier.")


def _episode(value: str) -> None:
    if not _is_episode(value):
        raise ValueError(f"`{value}` is not an episode identifier.")


def _is_episode(value: str) -> bool:
    """Whether it is the identifier of an episode, a day that there is, or a number from 1 on."""
    day = _DAY.fullmatch(value.strip())
    if day is None:
        return _EPISODE.fullmatch(value.strip()) is not None
    try:
        date(int(day[1]), int(day[2]), int(day[3]))
    except ValueError:
        return False
    return True


_BUILT_IN: tuple[tuple[str, FormatCheck, str], ...] = (
    ("url", _url, "a URL such as `https://example.com/feed`"),
    ("uri", _url, "a URL such as `https://example.com/feed`"),
    ("path", _any_path, "a path"),
    ("file", _file, "a file that exists"),
    (
        "interval",
        _matches(INTERVAL, "an interval"),
        "an interval: a whole number and `seconds`, `minutes`, `hours`, `days` or `weeks`",
    ),
    ("regex", _regex, "a regular expression"),
    ("time", _time, "a time of day such as `18:30` or `6:30 pm`"),
    ("percent", _matches(_PERCENT, "a percentage"), "a percentage such as `80%`"),
    ("size", _matches(_SIZE, "a size"), "a size such as `700 MB` or `1.4 GiB`"),
    ("json", _json, "a text in JSON"),
    ("email", _email, "an e-mail address"),
    ("date", _date, "a date such as `2026-03-01`"),
    ("date-time", _date_time, "a date and time such as `2026-03-01T18:30:00`"),
    ("ipv4", _ipv4, "an IPv4 address such as `127.0.0.1`"),
    ("template", _template, "text, with `{{ field }}` for values of an entry"),
    ("jinja", _template, "text, with `{{ field }}` for values of an entry"),
    ("episode_identifier", _episode, "an episode such as `S02E05`, `2026-03-01` or `12`"),
    ("episode_or_season_id", _episode_or_season, "an episode such as `S02E05`, or a season such as `S02`"),
)

for _name, _check, _expected in _BUILT_IN:
    register_format(_name, _check, expected=_expected)
