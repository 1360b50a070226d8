"""The config file on disk: read, replaced as a whole, with its last versions kept.

::

    store = ConfigStore(Path("config.yml"))
    text = edit.set_value(store.current.text, ("tasks", "tv", "interval"), "2 hours")
    store.write(text, expected_hash=store.current.hash)     # ConfigConflict when somebody else wrote meanwhile
    store.restore(store.versions()[1].id)

What may be written is the caller's business; this module sees to it that it is never half written or lost.
"""

from __future__ import annotations

import difflib
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from server.config.atomic import write_atomically
from server.config.document import Document, decode, digest, load
from server.config.errors import ConfigConflict, ConfigError, Issue, UnknownVersion

KEPT_VERSIONS = 20
VERSIONS_FOLDER = ".config-versions"
_VERSION = re.compile(r"(\d{8}T\d{12})-([0-9a-f]{12})\.yml")

Stamp = tuple[int, int, int]

_UNKNOWN: Stamp = (0, 0, 0)
"""The stamp of a file whose content alone is known: the next look compares that."""


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier text of the config. ``id`` names it in calls, ``hash`` is the begin of its SHA-256."""

    id: str
    saved: datetime
    hash: str
    size: int


class ConfigStore:
    """One config file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Reads the file; raises :class:`ConfigError` where it is not there or not sound."""
        self.path = path
        self._lock = threading.RLock()
        self._others: dict[Path, tuple[Stamp | None, str | None]] = {}
        self._stamp = _stamp(path)
        self.current: Document = load(path)
        """The text in force: what was read or written last."""

    # --- reading ------------------------------------------------------------------------------------------------------

    def take(self, document: Document) -> None:
        """Make what was read from the file the current text; it may have been written to again since then."""
        with self._lock:
            self._stamp, self.current = _UNKNOWN, document

    def watch(self, files: Iterable[Path], read: Mapping[Path, str] = MappingProxyType({})) -> None:
        """Name the other files that the config is made of (includes, variables).

        As they are now counts as known, but of those that were ``read`` before (their hashes) what they were then.
        """
        with self._lock:
            self._others = {
                file: (_UNKNOWN, read[file]) if file in read else _state(file) for file in dict.fromkeys(files)
            }

    def changed_on_disk(self) -> list[Path]:
        """The files of the config whose content is not what was read last. Reads only where a stamp changed."""
        with self._lock:
            changed = []
            stamp = _stamp(self.path)
            if stamp != self._stamp:
                if _hash(self.path) == self.current.hash:
                    self._stamp = stamp
                else:
                    changed.append(self.path)
            for file, (known, content) in self._others.items():
                if _stamp(file) == known:
                    continue
                now = _state(file)
                if now[1] == content:
                    self._others[file] = now
                else:
                    changed.append(file)
            return changed

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(self, text: str, expected_hash: str | None = None) -> Document:
        """Replace the file by a text, which becomes the current one; the text before is kept as a version.

        ``expected_hash`` is the hash of the text that the new one was made from: :class:`ConfigConflict` where the file
        is another one by now. A text that is not sound YAML raises :class:`ConfigError`; nothing is written then.
        """
        with self._lock:
            document = load(text, path=self.path)
            raw = text.encode("utf-8")
            on_disk = _read(self.path)
            found = None if on_disk is None else digest(on_disk)
            if expected_hash is not None and found != expected_hash:
                raise ConfigConflict(self._conflict(), found)
            if found != digest(raw):
                if on_disk is not None:
                    self._keep(on_disk)
                write_atomically(self.path, raw)
                self._keep(raw)
            self.take(document)
            return document

    def _conflict(self) -> Issue:
        return Issue(
            "The file has been changed by somebody else in the meantime.",
            file=str(self.path),
            suggestion="Load it again, look at the difference, and repeat your change.",
        )

    # --- versions -----------------------------------------------------------------------------------------------------

    @property
    def versions_folder(self) -> Path:
        """Where the versions are: ``.config-versions/<config name>/`` beside the config."""
        target = self.path.resolve()
        return target.parent / VERSIONS_FOLDER / target.stem

    def versions(self) -> list[Version]:
        """The kept texts, newest first; the newest is the text that was written last."""
        folder = self.versions_folder
        if not folder.is_dir():
            return []
        found = []
        for file in folder.iterdir():
            match = _VERSION.fullmatch(file.name)
            if match is not None:
                saved = datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
                with suppress(FileNotFoundError):  # too old since, and gone
                    found.append(Version(file.stem, saved, match[2], file.stat().st_size))
        return sorted(found, key=lambda version: version.id, reverse=True)

    def read_version(self, version_id: str) -> str:
        """The text of a version; :class:`UnknownVersion` for one that is not there."""
        file = self.versions_folder / f"{version_id}.yml"
        raw = _read(file) if _VERSION.fullmatch(f"{version_id}.yml") else None
        if raw is None:
            raise UnknownVersion(Issue(f"There is no version `{version_id}` of this config.", file=str(self.path)))
        return decode(raw, str(file))

    def diff(self, version_id: str, other_id: str | None = None) -> str:
        """What changed from a version to another (or to the current text), as a unified diff; empty for nothing."""
        before = self.read_version(version_id)
        after = self.current.text if other_id is None else self.read_version(other_id)
        names = (version_id, other_id or self.path.name)
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
        return "".join(f"{line}\n" for line in lines)

    def restore(self, version_id: str) -> Document:
        """Write a version's text as the current one (which is kept as a version itself)."""
        return self.write(self.read_version(version_id))

    def _keep(self, raw: bytes) -> None:
        kept = self.versions()
        mark = digest(raw)[:12]
        if kept and kept[0].hash == mark:
            return
        folder = self.versions_folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for private in (folder.parent, folder):
                private.chmod(0o700)
        except OSError as error:
            message = f"The folder for earlier versions cannot be made: {error.strerror or error}."
            remedy = f"Make `{folder.parent.parent}` writable."
            raise ConfigError(Issue(message, file=str(folder), suggestion=remedy)) from error
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        newest = kept[0].id[:21] if kept else ""
        stamp = now if now > newest else f"{newest[:9]}{int(newest[9:]) + 1:012d}"
        write_atomically(folder / f"{stamp}-{mark}.yml", raw)
        for version in kept[KEPT_VERSIONS - 1 :]:
            (folder / f"{version.id}.yml").unlink(missing_ok=True)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(Issue(f"The file cannot be read: {error.strerror or error}.", file=str(path))) from error


def _hash(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def _state(path: Path) -> tuple[Stamp | None, str | None]:
    return _stamp(path), _hash(path)
