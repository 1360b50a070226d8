"""The Jinja filters and tests that templates may use, by the reference's names."""

from __future__ import annotations

import os.path
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_PATH_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_SYMBOLS = re.compile(r"[^\w\s]|_")
_YEAR = re.compile(r"^(?P<name>.*?)\s*[\(\[]?(?P<year>(?:18|19|20)\d\d)[\)\]]?\s*$")


def filter_pathbase(value: str) -> str:
    """The last part of a path: ``/a/b.c`` -> ``b.c``."""
    return os.path.basename(value or "")  # noqa: PTH119 - may hold either system's separators; plain text


def filter_pathname(value: str) -> str:
    """The last part without its extension: ``/a/b.c`` -> ``b``."""
    return os.path.splitext(filter_pathbase(value))[0]  # noqa: PTH122


def filter_pathext(value: str) -> str:
    """The extension with its dot: ``/a/b.c`` -> ``.c``."""
    return os.path.splitext(value or "")[1]  # noqa: PTH122


def filter_pathdir(value: str) -> str:
    """The folder of a path: ``/a/b.c`` -> ``/a``."""
    return os.path.dirname(value or "")  # noqa: PTH120


def filter_pathscrub(value: Any, os_mode: str | None = None) -> str:
    """Without the characters that file names cannot hold."""
    from server.engine.paths import pathscrub

    return pathscrub(str(value), os_mode)


def filter_re_replace(value: str, pattern: str, replacement: str) -> str:
    """Replace what a pattern matches."""
    return re.sub(pattern, replacement, value)


def filter_re_search(value: Any, pattern: str) -> Any:
    """The part of a text that a pattern matches, or the text's nothing."""
    if not isinstance(value, str):
        return value
    found = re.search(pattern, value, re.IGNORECASE)
    return found.group(0) if found else ""


def filter_formatdate(value: Any, form: str) -> Any:
    """A date as text, by ``strftime``'s codes."""
    return value.strftime(form) if isinstance(value, (date, datetime)) else value


def filter_parsedate(value: Any) -> datetime | Any:
    """A text as a date (ISO 8601, RFC 2822 and the like)."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value).strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        pass
    for form in (
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%m/%d/%Y",
        "%d %b %Y",
        "%d %B %Y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%Y.%m.%d",
        "%Y%m%d",
    ):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is no date that can be read")


def filter_date_suffix(value: Any) -> str:
    """A day's number with its English ending: ``1`` -> ``1st``."""
    day = value.day if isinstance(value, (date, datetime)) else int(str(value)[-2:])
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{value if not isinstance(value, (date, datetime)) else day}{suffix}"


def filter_format_number(value: Any, places: int | None = None, grouping: bool = True) -> str:
    """A number with thousands' marks."""
    number = float(value)
    if places is None:
        places = 0 if number.is_integer() else 2
    return f"{number:,.{places}f}" if grouping else f"{number:.{places}f}"


def filter_pad(value: Any, width: int, fillchar: str = "0") -> str:
    """Pad a number or text on the left: ``3|pad(2)`` -> ``03``."""
    return str(value).rjust(width, fillchar)


def filter_to_date(value: Any) -> Any:
    """The date of a date and time."""
    return value.date() if isinstance(value, datetime) else value


def filter_default(value: Any, default_value: Any = "", boolean: bool = True) -> Any:
    """The value, or the default where it is missing or empty."""
    from jinja2 import Undefined

    if isinstance(value, Undefined) or (boolean and not value):
        return default_value
    return value


def filter_asciify(value: str) -> str:
    """Letters without their accents."""
    return "".join(c for c in unicodedata.normalize("NFD", str(value)) if unicodedata.category(c) != "Mn")


def filter_strip_symbols(value: str) -> str:
    """Only letters, digits and single spaces."""
    return " ".join(_SYMBOLS.sub(" ", str(value)).split())


def filter_strip_year(value: str) -> str:
    """A name without the year at its end."""
    found = _YEAR.match(str(value))
    return found.group("name") if found else str(value)


def filter_get_year(value: str) -> str:
    """The year at a name's end, or nothing."""
    found = _YEAR.match(str(value))
    return found.group("year") if found else ""


def filter_parse_size(value: Any, match_re: str | None = None) -> Any:
    """A size such as ``1.4 GB`` in bytes."""
    from server.parsing.size import parse_size

    return parse_size(str(value))


def filter_format_size(value: Any) -> str:
    """Bytes as a short text: ``1500000`` -> ``1.5 MB``."""
    number = float(value)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if abs(number) < 1000 or unit == "TB":
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return str(value)


def is_fs_file(path: Any) -> bool:
    """Whether there is a file at that path."""
    return os.path.isfile(str(path))  # noqa: PTH113


def is_fs_dir(path: Any) -> bool:
    """Whether there is a folder at that path."""
    return os.path.isdir(str(path))  # noqa: PTH112


def is_fs_exists(path: Any) -> bool:
    """Whether there is anything at that path."""
    return os.path.exists(str(path))  # noqa: PTH110


FILTERS: dict[str, Callable[..., Any]] = {
    name.removeprefix("filter_"): function for name, function in list(globals().items()) if name.startswith("filter_")
}
FILTERS["d"] = filter_default

TESTS: dict[str, Callable[..., Any]] = {
    "fs_file": is_fs_file,
    "fs_dir": is_fs_dir,
    "fs_exists": is_fs_exists,
    "fs_link": lambda path: os.path.islink(str(path)),  # noqa: PTH114
}
