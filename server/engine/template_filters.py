"""The Jinja filters and tests that templates may use, by the reference's names."""

from __future__ import annotations

import locale
import os.path
import re
import shlex
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Any

from server.engine.moments import as_moment

_BETWEEN_WORDS = re.compile(r"[-_.()\[\]]")
_SYMBOLS = re.compile(r"[^\w\s]")
_SIZE = r"\b(\d[\d.,\s]{0,40})((?:[kmgtp]i?)?b)\b"
_YEAR = re.compile(r"^(?P<name>.+?)\s*[\(\[]?(?P<year>(?:18|19|20)\d\d)[\)\]]?\s*$")


def filter_pathbase(value: str) -> str:
    """The last part of a path: ``/a/b.c`` -> ``b.c``."""
    return PurePath(value).name if value else ""


def filter_pathname(value: str) -> str:
    """The last part without its extension: ``/a/b.c`` -> ``b``."""
    return PurePath(value).stem if value else ""


def filter_pathext(value: str) -> str:
    """The extension with its dot: ``/a/b.c`` -> ``.c``."""
    return PurePath(value).suffix if value else ""


def filter_pathdir(value: str) -> str:
    """The folder of a path: ``/a/b.c`` -> ``/a``."""
    return str(PurePath(value).parent) if value else ""


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


def filter_parsedate(value: Any) -> datetime:
    """A text as a date (ISO 8601, RFC 2822 and the like), in the local zone where it names none."""
    return as_moment(value if isinstance(value, date) else _parsed(str(value).strip()))


def _parsed(text: str) -> datetime:
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
        "%b %d %Y",
        "%B %d %Y",
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
    """A number as the user's locale writes it."""
    number = round(value if isinstance(value, (int, float)) else _number(str(value)), 2 if places is None else places)
    return locale.format_string(f"%.{len(str(number).partition('.')[2])}f", number, grouping=grouping)


def _number(text: str) -> float:
    return int(text) if text.strip().isdecimal() else float(text)


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
    """Letters without their accents; what is not ASCII even then is left out."""
    return unicodedata.normalize("NFD", str(value)).encode("ascii", "ignore").decode()


def filter_strip_symbols(value: str) -> str:
    """Only letters, digits and single spaces; what is used between words becomes a space."""
    return " ".join(_SYMBOLS.sub("", _BETWEEN_WORDS.sub(" ", str(value))).split())


def filter_strip_year(value: str) -> str:
    """A name without the year at its end."""
    found = _YEAR.match(str(value))
    return found.group("name") if found else str(value)


def filter_get_year(value: str) -> str | None:
    """The year at a name's end."""
    found = _YEAR.match(str(value))
    return found.group("year") if found else None


def filter_shell_quote(value: Any) -> str:
    """The value as one word of a shell's command line."""
    return shlex.quote(str(value))


def filter_parse_size(value: Any, si: bool = False, match_re: str | None = None) -> Any:
    """The first size in a text (``about 1.4 GB``) in bytes, 0 where there is none.

    Units count in 1024s, with ``si`` those without an i in 1000s. ``match_re`` finds number and unit, in lower case.
    """
    if isinstance(value, (int, float)):
        return value
    found = re.search(match_re or _SIZE, str(value).lower())
    if found is None:
        return 0
    try:
        number = float(re.sub(r"[\s,]", "", found.group(1)))
    except ValueError:
        return 0
    unit = found.group(2)
    return int(number * (1000 if si and "i" not in unit else 1024) ** "bkmgtp".index(unit[0]))


def filter_format_size(value: Any) -> str:
    """Bytes as a short text: ``1500000000`` -> ``1.4 GiB``."""
    number = float(value)
    units = ("B", "KiB", "MiB", "GiB", "TiB")
    power = next((power for power in range(len(units)) if abs(number) < 1024 ** (power + 1)), len(units) - 1)
    return f"{round(number / 1024**power, 2)} {units[power]}"


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
