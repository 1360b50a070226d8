"""What the tests of the plugins for FTP and SFTP share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def files(folder: Path) -> dict[str, str]:
    """All files below a folder, links left out, by their paths in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}
