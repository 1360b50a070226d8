"""The config in force: which tasks there are and what each comes to, swapped as a whole when the file changes."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.config.document import Document, digest, load

if TYPE_CHECKING:
    from server.engine.registry import Registry


class ConfigService:
    """Answers every question about the config from one consistent version of it.

    ``document``: the file as read; ``data``: as the user wrote it, in plain Python.
    """

    def __init__(self, document: Document, registry: Registry) -> None:
        self._registry = registry
        self._lock = threading.RLock()
        self.document = document
        self.data: dict[str, Any] = document.data or {}
        self.version = 1
        """Grows with each load: what was answered from another version is old."""

    @classmethod
    def read(cls, path: Path, registry: Registry) -> ConfigService:
        """Read and validate a file; raises ``ConfigError``."""
        return cls(load(path), registry)

    def task_names(self, *, hidden: bool = False) -> list[str]:
        """Tasks in the config's order; names that begin with ``_`` only with ``hidden``."""
        return [name for name in map(str, self.data.get("tasks") or {}) if hidden or not name.startswith("_")]

    def raw_task(self, name: str) -> dict[str, Any]:
        """A task as the user wrote it; ``KeyError`` when there is none."""
        return dict(self.data["tasks"][name] or {})

    def task(self, name: str) -> dict[str, Any]:
        """A task with its templates and includes merged in; ``KeyError``, or ``ConfigError`` where they do not fit."""
        return self.raw_task(name)

    def templates_of(self, name: str) -> list[str]:
        """The templates that a task uses."""
        value = self.raw_task(name).get("template") or []
        return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []

    def reload(self) -> None:
        """Load the file again; raises ``ConfigError`` and keeps what is in force when it is no good."""
        document = load(Path(str(self.document.path)))
        with self._lock:
            self.document, self.data = document, document.data or {}
            self.version += 1

    def changed_on_disk(self) -> bool:
        """Whether a file of the config is not what was loaded. Reads files: not for the loop's thread."""
        path = Path(str(self.document.path))
        return path.is_file() and digest(path.read_bytes()) != self.document.hash
