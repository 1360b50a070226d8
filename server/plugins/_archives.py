"""ZIP and RAR files as strangers make them: what is in them, and unpacking them with a bound.

    with open_archive(path) as archive:
        for member in archive.members(): ...

An archive is known by its first bytes, whatever its name is. Sources: APPNOTE.TXT of PKWARE, ``zipfile`` and the
package ``rarfile`` (extra ``rar``).
"""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from server.plugins._extras import library

RAR_MARK = b"Rar!\x1a\x07"

MAX_MEMBERS = 100_000

SMALL = 1024**3
"""Bytes that any archive may come to, however small it is."""

MAX_RATIO = 100
"""Beyond that it may come to this many times its own size."""


ZIP_TROUBLES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, UnicodeDecodeError)
"""What the standard library raises for ZIP files that are broken; the last of names that are not in UTF-8 as told."""


class BadArchive(Exception):
    """An archive that cannot be unpacked; the message says why."""


@dataclass(frozen=True)
class Member:
    """One thing in an archive. ``name``: with ``/`` between folders, as the archive's maker wrote it."""

    name: str
    size: int
    kind: str
    """``file``, ``folder`` or ``other`` (links, devices)."""
    handle: Any


class Archive(Protocol):
    """An open archive."""

    def members(self) -> list[Member]:
        """What is in it, in its order."""

    def open(self, member: Member) -> IO[bytes]:
        """A file's content."""

    def volumes(self) -> list[Path]:
        """The files that the archive is made of."""


class ZipArchive:
    """By the standard library."""

    def __init__(self, path: Path, file: zipfile.ZipFile) -> None:
        self._path = path
        self._file = file

    def members(self) -> list[Member]:
        """What is in it."""
        found = []
        for item in self._file.infolist():
            mode = item.external_attr >> 16
            kind = "folder" if item.is_dir() else "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "other"
            found.append(Member(item.filename.replace("\\", "/"), item.file_size, kind, item))
        return found

    def open(self, member: Member) -> IO[bytes]:
        """A file's content."""
        if member.handle.flag_bits & 1:
            raise BadArchive("it is encrypted")
        return self._file.open(member.handle)

    def volumes(self) -> list[Path]:
        """The file itself."""
        return [self._path]


class RarArchive:
    """By the package ``rarfile``, which calls ``unrar`` (or one like it) for what is compressed."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def members(self) -> list[Member]:
        """What is in it."""
        found = []
        for item in self._file.infolist():
            kind = "folder" if item.is_dir() else "file" if item.is_file() else "other"
            found.append(Member(item.filename.replace("\\", "/"), item.file_size or 0, kind, item))
        return found

    def open(self, member: Member) -> IO[bytes]:
        """A file's content."""
        if member.handle.needs_password():
            raise BadArchive("it is encrypted")
        opened: IO[bytes] = self._file.open(member.handle)
        return opened

    def volumes(self) -> list[Path]:
        """All parts of it."""
        return [Path(name) for name in self._file.volumelist()]


def set_unrar_tool(tool: str | None) -> None:
    """The program that unpacks RAR archives, ``unrar`` unless said; raises ``PluginError`` without the package."""
    rarfile = library("rarfile", "rar")
    if tool or rarfile.UNRAR_TOOL != "unrar":
        rarfile.UNRAR_TOOL = tool or "unrar"
        rarfile.CURRENT_SETUP = None  # what was found out about the tool before does not count any more


@contextmanager
def open_archive(path: Path, unrar_tool: str | None = None) -> Iterator[Archive | None]:
    """An archive, or None where a file is none (or one that cannot be begun with).

    Inside of the block whatever is wrong with the archive is a :class:`BadArchive`. Raises ``PluginError`` where the
    package for RAR is missing, ``OSError`` where the file cannot be read.
    """
    with path.open("rb") as file:
        is_rar = file.read(len(RAR_MARK)) == RAR_MARK
    if is_rar:
        set_unrar_tool(unrar_tool)
        with _opened_rar(path) as archive:
            yield archive
        return
    if not zipfile.is_zipfile(path):
        yield None
        return
    try:
        with zipfile.ZipFile(path) as found:
            yield ZipArchive(path, found)
    except (*ZIP_TROUBLES, NotImplementedError, EOFError, RuntimeError) as error:
        raise BadArchive(f"{path.name} is broken or not of a kind that can be read: {error}") from error


@contextmanager
def _opened_rar(path: Path) -> Iterator[Archive]:
    rarfile = library("rarfile", "rar")
    try:
        with rarfile.RarFile(path) as found:
            if not found.infolist():
                raise BadArchive(f"{path.name} is broken: nothing is in it")
            yield RarArchive(found)
    except rarfile.NeedFirstVolume as error:
        raise BadArchive(f"{path.name} is not the first part of its archive") from error
    except rarfile.RarCannotExec as error:
        raise BadArchive(
            f"{path.name} is compressed and needs the program unrar, which was not found; "
            "install it or name it with `unrar_tool`"
        ) from error
    except (rarfile.Error, EOFError, NotImplementedError) as error:
        raise BadArchive(f"{path.name} is broken: {error}") from error


def allowed_size(archive: Archive) -> int:
    """Bytes that an archive may come to."""
    return max(SMALL, MAX_RATIO * sum(part.stat().st_size for part in archive.volumes() if part.is_file()))
