"""``include:``: files whose options are merged into a task.

An included file is a mapping of plugins, like a task. Relative names count from the config's folder, also within
included files. ``{? name ?}`` is filled in them as in the config.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from server.config.document import load
from server.config.errors import ConfigError, Issue
from server.config.merge import Source, as_names, without
from server.config.variables import Variables, substitute

KEY = "include"


def included(names: Any, folder: Path, variables: Variables) -> list[Source]:
    """The sources of all files named, in order, each followed by those that it includes itself; no file twice.

    Raises :class:`ConfigError` for a file that is missing, broken or not a mapping.
    """
    sources: list[Source] = []
    seen: set[Path] = set()
    waiting = as_names(names)
    while waiting:
        path = include_path(waiting.pop(0), folder)
        if path in seen:
            continue
        seen.add(path)
        source = read_include(path, variables)
        waiting = as_names(source.data.get(KEY)) + waiting
        sources.append(Source(source.kind, source.name, without(source.data, KEY), source.document, (), source.used))
    return sources


def read_include(path: Path, variables: Variables) -> Source:
    """One included file as it stands."""
    document = load(path)
    if not isinstance(document.data, dict):
        raise ConfigError(
            Issue(
                "An included file holds plugins and their options, like a task.",
                file=str(path),
                line=1,
                column=1,
                expected="a mapping (`key: value` lines)",
            )
        )
    data, used = substitute(document.data, variables, document)
    return Source("include", str(path), data, document, (), used)


def include_path(name: str, folder: Path) -> Path:
    """Where an included file lies."""
    path = Path(name).expanduser()
    return path if path.is_absolute() else folder / path
