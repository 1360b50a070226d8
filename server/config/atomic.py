"""Writing a file so that at every moment it is whole: the old one or the new one, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from server.config.errors import ConfigError, Issue

NEW_FILE_MODE = 0o600
"""Configs hold passwords: a file that was not there before is for its owner alone."""


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file's bytes: temporary file beside it, fsync, rename, fsync of the folder.

    A symbolic link is followed and stays one; the file keeps its mode and, where that is allowed, its owner. Raises
    :class:`ConfigError` with the path and a remedy.
    """
    target = path.resolve()
    try:
        before = target.stat()
    except FileNotFoundError:
        before = None
    except OSError as error:
        raise ConfigError(_cannot_write(path, target, error)) from error
    if before is not None and not os.access(target, os.W_OK):
        raise ConfigError(_cannot_write(path, target, PermissionError("the file is read-only")))
    try:
        _replace(target, data, before)
    except OSError as error:
        raise ConfigError(_cannot_write(path, target, error)) from error


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            _dress(name, before)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _dress(name: str, before: os.stat_result | None) -> None:
    """Give the new file the mode and owner of the old one."""
    path = Path(name)
    path.chmod(NEW_FILE_MODE if before is None else stat.S_IMODE(before.st_mode))
    if before is not None and hasattr(os, "chown") and (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
        # Only root may give files away; anybody else keeps the file as their own, which is all that can be done.
        with contextlib.suppress(PermissionError):
            os.chown(name, before.st_uid, before.st_gid)


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder last. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(path: Path, target: Path, error: OSError) -> Issue:
    user = f" (running as user id {os.getuid()})" if hasattr(os, "getuid") else ""
    return Issue(
        f"The file cannot be written{user}: {error.strerror or error}.",
        file=str(path),
        suggestion=f"Make `{target}` and its folder `{target.parent}` writable for that user.",
    )
