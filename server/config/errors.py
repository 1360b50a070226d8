"""What can be wrong with a config, told so that a person can put it right.

An :class:`Issue` is one finding: what is wrong, where (file, line, column, key path), what was expected, what to do.
A :class:`ConfigError` carries all findings of one attempt, ordered by place::

    try:
        document = load(path)
    except ConfigError as error:
        for issue in error.issues:
            print(issue)            # config.yml:12:5 (tasks.tv.regexp): ...
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the root of the document to a value."""

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file. ``line`` and ``column`` count from 1; ``file`` is None for text that has no file."""

    file: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SchemaFact:
    """What the JSON schema check said of one error, in its own terms (shape of the API's ``validation_errors``)."""

    message: str
    cause: str | None
    validator: str
    validator_value: Any
    path: KeyPath
    schema_path: KeyPath
    parent: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON form: ``path`` and ``schema_path`` are lists, everything else text (``"None"`` for nothing)."""
        return {
            "message": self.message,
            "cause": str(self.cause),
            "validator": self.validator,
            "validator_value": str(self.validator_value),
            "path": list(self.path),
            "schema_path": list(self.schema_path),
            "parent": str(self.parent),
        }


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. ``line`` and ``column`` count from 1 and are None where the place is not known."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    key_path: KeyPath = ()
    expected: str | None = None
    suggestion: str | None = None
    severity: Severity = "error"
    fact: SchemaFact | None = field(default=None, compare=False)

    def at(self, position: Position | None) -> Issue:
        """The same finding, placed."""
        if position is None:
            return self
        return replace(self, file=position.file, line=position.line, column=position.column)

    @property
    def where(self) -> str:
        """``config.yml:12:5 (tasks.tv)``, as much of it as is known."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        path = format_path(self.key_path)
        return f"{place} ({path})" if place and path else place or path

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        if self.expected:
            text += f" Expected: {self.expected}."
        return f"{text} {self.suggestion}" if self.suggestion else text

    def as_dict(self) -> dict[str, Any]:
        """JSON form for API and UI, with the schema's facts where there are some."""
        data: dict[str, Any] = {
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "key_path": [str(key) if not isinstance(key, int) else key for key in self.key_path],
            "expected": self.expected,
            "suggestion": self.suggestion,
            "severity": self.severity,
        }
        if self.fact is not None:
            data["fact"] = self.fact.as_dict()
        return data


class ConfigError(Exception):
    """The config cannot be used as it is; ``issues`` tells all that was found, ordered by place."""

    def __init__(self, issues: Iterable[Issue] | Issue | str) -> None:
        if isinstance(issues, str):
            issues = Issue(issues)
        self.issues: list[Issue] = [issues] if isinstance(issues, Issue) else sort_issues(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        return "\n".join(str(issue) for issue in self.issues)


class ConfigConflict(ConfigError):
    """The file is not any more what the caller has read; ``current_hash`` is its hash now."""

    def __init__(self, issue: Issue, current_hash: str | None) -> None:
        super().__init__(issue)
        self.current_hash = current_hash


class UnknownVersion(ConfigError):
    """There is no such earlier text of the file, or not any more."""


class EditError(ConfigError):
    """An edit cannot be made without touching something else; the text was left as it was."""


def sort_issues(issues: Iterable[Issue]) -> list[Issue]:
    """Ordered by place; those without one come last."""
    return sorted(issues, key=lambda issue: (issue.line is None, issue.file or "", issue.line or 0, issue.column or 0))


def format_path(path: KeyPath) -> str:
    """``("tasks", "tv", "rss", 0)`` as ``tasks.tv.rss[0]``."""
    text = ""
    for key in path:
        if isinstance(key, int) and not isinstance(key, bool):
            text += f"[{key}]"
        else:
            text += f".{key}" if text else str(key)
    return text


def did_you_mean(name: Any, known: Iterable[Any]) -> str | None:
    """``Did you mean `accept_all`?``, or None where nothing known comes near."""
    names = {str(item) for item in known}
    wanted = str(name)
    lower = {item.lower(): item for item in sorted(names)}
    close = difflib.get_close_matches(wanted.lower(), list(lower), n=1, cutoff=0.6)
    if not close or lower[close[0]] == wanted:
        return None
    return f"Did you mean `{lower[close[0]]}`?"
