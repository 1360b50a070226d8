"""What a task comes to: its own options, its templates, its included files, merged; and where each option came from.

The rule is FlexGet's: what the task says wins; mappings are merged key by key; lists are joined, the task's items
first, then those of each template in order; a mapping cannot meet anything but a mapping. The template ``global``
belongs to every task that does not say ``template: no`` or ``no_global``. Templates of templates come last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from server.config.document import Document
from server.config.errors import ConfigError, Issue, KeyPath, Position, did_you_mean, format_path

GLOBAL = "global"
NO_GLOBAL = "no_global"

Kind = Literal["task", "template", "include", "default"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an option came from. ``name`` is the template's or the file's; ``variables`` were put in there."""

    kind: Kind
    name: str | None
    position: Position | None = None
    variables: tuple[str, ...] = ()


@dataclass(slots=True)
class Source:
    """One thing that is merged: plain data and where it stands."""

    kind: Kind
    name: str | None
    data: Mapping[str, Any]
    document: Document | None = None
    prefix: KeyPath = ()
    used: Mapping[KeyPath, list[str]] = field(default_factory=dict)
    """Variables put in, by key path within ``document``."""

    def origin(self, path: KeyPath) -> Origin:
        """The origin of the value at a path within this source."""
        full = (*self.prefix, *path)
        position = None if self.document is None else self.document.position(full)
        return Origin(self.kind, self.name, position, tuple(self.used.get(full, ())))

    def place(self, path: KeyPath) -> str:
        """For messages: ``template `base` (config.yml, line 4)``."""
        who = (
            "the task" if self.kind == "task" else f"{'template' if self.kind == 'template' else 'file'} `{self.name}`"
        )
        position = None if self.document is None else self.document.position((*self.prefix, *path), key=True)
        return who if position is None else f"{who} ({position.file or 'the config'}, line {position.line})"


Places = dict[KeyPath, tuple[Source, KeyPath]]
"""Merged key path -> the source that it came from and the path within that."""


class Merged:
    """Sources merged one after the other, the strongest first. ``data`` is plain and shared with nobody."""

    def __init__(self, first: Source, *others: Source) -> None:
        self.data: dict[str, Any] = plain_copy(first.data)
        self.sources = [first]
        for source in others:
            self.add(source)

    def add(self, source: Source) -> None:
        """Merge one more source, weaker than all before. :class:`ConfigError` where a mapping meets something else."""
        try:
            _into(self.data, source.data, ())
        except _Mismatch as error:
            raise ConfigError(_explained(error, _places(self.sources), source)) from error
        self.sources.append(source)

    def origins(self) -> dict[KeyPath, Origin]:
        """Key path -> origin, for every value and every container. Made when asked for: runs do not need it."""
        return {path: source.origin(inner) for path, (source, inner) in _places(self.sources).items()}


class _Mismatch(Exception):
    """A mapping meets something else at ``path``."""

    def __init__(self, path: KeyPath, own: Any, other: Any) -> None:
        super().__init__(path)
        self.path, self.own, self.other = path, own, other


def plain_copy(data: Any) -> Any:
    """A copy of YAML data, an order of magnitude quicker than ``copy.deepcopy``."""
    if isinstance(data, dict):
        return {key: plain_copy(value) for key, value in data.items()}
    return [plain_copy(item) for item in data] if isinstance(data, list) else data


def _into(data: dict[str, Any], more: Mapping[str, Any], path: KeyPath) -> None:
    for key, value in more.items():
        if key not in data:
            data[key] = plain_copy(value)
            continue
        own = data[key]
        if isinstance(value, dict) and isinstance(own, dict):
            _into(own, value, (*path, key))
        elif isinstance(value, dict) or isinstance(own, dict):
            raise _Mismatch((*path, key), own, value)
        elif isinstance(value, list) and isinstance(own, list):
            data[key] = own + plain_copy(value)


def _places(sources: list[Source]) -> Places:
    """The merge again, for the places this time."""
    data: dict[str, Any] = {}
    places: Places = {}
    for source in sources:
        _note_into(data, source.data, source, (), places)
        _into(data, source.data, ())
    return places


def _note_into(data: dict[str, Any], more: Mapping[str, Any], source: Source, path: KeyPath, places: Places) -> None:
    for key, value in more.items():
        here = (*path, key)
        if key not in data:
            _note(value, source, here, here, places)
        elif isinstance(value, dict):
            _note_into(data[key], value, source, here, places)
        elif isinstance(value, list) and isinstance(data[key], list):
            for index, item in enumerate(value):
                _note(item, source, (*here, len(data[key]) + index), (*here, index), places)


def _note(value: Any, source: Source, path: KeyPath, inner: KeyPath, places: Places) -> None:
    places[path] = (source, inner)
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in below:
        _note(part, source, (*path, key), (*inner, key), places)


def _explained(error: _Mismatch, places: Places, source: Source) -> Issue:
    winner, inner = places[error.path]
    issue = Issue(
        f"`{format_path(error.path)}` cannot be merged: {winner.place(inner)} has {_kind(error.own)}, "
        f"{source.place(error.path)} has {_kind(error.other)}.",
        key_path=(*winner.prefix, *inner),
        expected="the same kind in both",
        suggestion="Write both as mappings or both as lists.",
    )
    return issue if winner.document is None else issue.at(winner.document.position(issue.key_path, key=True))


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else "a single value"  # which may be a secret


def template_names(config: Mapping[str, Any], templates: Mapping[str, Any]) -> list[str]:
    """The templates that a task gets, in the order in which they are merged: its own, ``global``, then those that they
    name themselves. Names without a template are in the list too."""
    names = as_names(config.get("template"))
    wants_global = config.get("template") is not False and NO_GLOBAL not in names
    names = [name for name in dict.fromkeys(names) if name != NO_GLOBAL]
    if wants_global and GLOBAL in templates and GLOBAL not in names:
        names.append(GLOBAL)
    for name in names:  # grows while it is walked: templates of templates come last
        below = templates.get(name)
        if isinstance(below, dict):
            names += [nested for nested in dict.fromkeys(as_names(below.get("template"))) if nested not in names]
    return names


def unknown_template(name: str, templates: Mapping[str, Any], key_path: KeyPath) -> Issue:
    """The finding for a template that does not exist."""
    if name == NO_GLOBAL:
        return Issue(f"`{NO_GLOBAL}` has a meaning in tasks only, not in templates.", key_path=key_path)
    hint = did_you_mean(name, templates) or "Add it below `templates:`, or correct the name."
    return Issue(f"There is no template `{name}`.", key_path=key_path, suggestion=hint)


def as_names(value: Any) -> list[str]:
    """``include`` and ``template`` take one name or a list of them; anything else names nothing."""
    if isinstance(value, str):
        return [value]
    return [str(item) for item in value] if isinstance(value, list) else []


def without(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """A mapping without some keys."""
    return {key: value for key, value in data.items() if key not in keys}
