"""File names and folders made of strangers' titles: safe to write, and never outside of where they belong."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

_BAD = {
    "windows": re.compile(r'[:*?"<>|\x00-\x1f]'),
    "linux": re.compile(r"\x00"),
    "mac": re.compile(r"[:\x00]"),
}
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)
_DRIVE = re.compile(r"[a-zA-Z]:")
_SPACES = re.compile(r" {2,}")

MAX_NAME = 255
"""Bytes that a file name may have on common file systems."""


def current_mode() -> str:
    """``windows``, ``mac`` or ``linux``."""
    if _CHOSEN.mode:
        return _CHOSEN.mode
    return {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")


def pathscrub(value: str, mode: str | None = None, *, filename: bool = False) -> str:
    """The text without what a path cannot hold; with ``filename`` without separators too.

    ``mode``: ``windows``, ``mac``, ``linux``; default is the system's own rules.
    """
    mode = mode or current_mode()
    separators = "/\\" if mode == "windows" else "/"
    drive = ""
    if filename:
        value = value.translate(dict.fromkeys(map(ord, separators), " "))
    elif _DRIVE.match(value):
        drive, value = value[:2], value[2:]
    value = _BAD[mode].sub(" ", value)
    if mode != "linux":
        value = _SPACES.sub(" ", value)
    return drive + "".join(_clean_part(part, mode) for part in re.split(f"([{re.escape(separators)}])", value))


def _clean_part(part: str, mode: str) -> str:
    part = part.strip(" ")
    return _RESERVED.sub(r"\1_", part.rstrip(". ")) if mode == "windows" else part


def folder_text(value: str) -> str:
    """A folder as its template gave it, without what this system's folders cannot hold.

    The chosen rules of :func:`pathscrub` are for file names and for the filter in templates; folders that are there
    already must be found again.
    """
    return pathscrub(value, "windows") if sys.platform == "win32" else value.replace("\0", "")


def shorten_name(name: str, limit: int = MAX_NAME) -> str:
    """A file name of at most ``limit`` bytes in UTF-8, its extension kept."""
    if len(name.encode()) <= limit:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        stem, dot, extension = name, "", ""
    room = limit - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension


class OutsideError(ValueError):
    """A path from an entry leads out of the configured folder."""


def confined(folder: Path, name: str) -> Path:
    """``folder/name``, refusing names that would leave the folder (``..``, absolute, through a link)."""
    base = folder.resolve()
    path = (base / name).resolve()
    if path != base and base not in path.parents:
        raise OutsideError(f"{name!r} would be written outside of {folder}")
    return path


def chosen_folder(rendered: str, template: str, home: Path) -> Path:
    """The folder that a template came to; relative ones count from ``home`` and stay below it.

    Values may add folders but no ``..``: raises :class:`OutsideError` where there are more of these than the user
    wrote into the template.
    """
    path = Path(rendered)
    if template.startswith("~"):
        path = path.expanduser()
    if path.parts.count("..") > Path(template).parts.count(".."):
        raise OutsideError(f"{rendered!r} has a `..` that is not in the configuration")
    return path if path.is_absolute() else confined(home, str(path))


def from_home(place: str, home: Path) -> Path:
    """A path that the configuration names: ``~`` is the user's own folder, relative ones count from ``home``."""
    return home / Path(place).expanduser()


def set_mode(mode: str | None) -> None:
    """Whose rules :func:`pathscrub` keeps in this thread from now on: a system's name, None for this system's own."""
    _CHOSEN.mode = mode


class _Chosen(threading.local):
    mode: str | None = None


_CHOSEN = _Chosen()
