"""From the configuration of ``series`` to shows: groups resolved, settings merged, everything read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

from server.engine.plugin import as_list
from server.parsing.names import normalize_name
from server.parsing.quality import QualityError
from server.parsing.quality_requirements import Requirements
from server.parsing.series import Options
from server.parsing.timedelta import parse_timedelta
from server.plugins._quality import requirements

ALWAYS = 1_000_000
"""A threshold that no season reaches."""

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Packs:
    """What is wanted of season packs. ``threshold``: downloaded episodes above which a pack is refused."""

    wanted: bool = False
    threshold: int = 0
    only: bool = False


@dataclass(frozen=True, slots=True)
class ShowConfig:
    """A show as it is wanted in a task. ``propers``: whether they are, or for how long."""

    name: str
    normalized: str
    parsing: Options
    given: Mapping[str, Any] = field(default_factory=dict)
    quality: Requirements | None = None
    qualities: tuple[Requirements, ...] = ()
    target: Requirements | None = None
    timeframe: timedelta | None = None
    upgrade: bool = False
    propers: bool | timedelta = True
    packs: Packs = Packs()
    specials: bool = True
    tracking: bool | str = True

    @property
    def identified_by(self) -> str:
        """What the configuration says of it."""
        return str(self.given.get("identified_by", AUTO))

    @property
    def fields(self) -> dict[str, Any]:
        """Fields to be set on the show's entries."""
        fields = dict(self.given.get("set") or {})
        if "path" in self.given:
            fields["path"] = self.given["path"]
        return fields


def shows_of(config: Sequence[Any] | Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Names with their options, each show once.

    Where a name stands twice, what was said first counts; where a show is written in two ways, the first is taken.
    """
    merged: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, options in _named(config):
        key = normalize_name(name)
        if key not in merged:
            merged[key] = (name, options)
        elif merged[key][0] == name:
            merged[key] = (name, with_defaults(merged[key][1], options))
    return list(merged.values())


def _named(config: Sequence[Any] | Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    if not isinstance(config, Mapping):
        yield from _items(config, {})
        return
    settings = config.get("settings") or {}
    for group, items in config.items():
        if group != "settings":
            yield from _items(items or (), _group_settings(str(group), settings.get(group) or {}))


def _group_settings(group: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A group whose name is a quality has it as its target."""
    found = dict(settings)
    try:
        requirements(group)
    except QualityError:
        return found
    found.setdefault("target", group)
    return found


def _items(items: Iterable[Any], settings: Mapping[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    for item in items:
        named = item if isinstance(item, Mapping) else {item: {}}
        for name, options in named.items():
            yield str(name), with_defaults(options or {}, settings)


def with_defaults(options: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    found = {**defaults, **options}
    if "set" in options and "set" in defaults:
        found["set"] = {**defaults["set"], **options["set"]}
    return found


def read_show(name: str, options: Mapping[str, Any], *, exact: bool = False) -> ShowConfig:
    """One show. ``exact`` is for shows whose name another one begins with."""
    return ShowConfig(
        name=name,
        normalized=normalize_name(name),
        parsing=_parsing(options, exact),
        given=options,
        quality=_quality(options.get("quality")),
        qualities=tuple(requirements(text) for text in options.get("qualities", ())),
        target=_quality(options.get("target")),
        timeframe=parse_timedelta(options["timeframe"]) if "timeframe" in options else None,
        upgrade=bool(options.get("upgrade")),
        propers=_propers(options.get("propers", True)),
        packs=_packs(options.get("season_packs", False)),
        specials=bool(options.get("specials", True)),
        tracking=options.get("tracking", True),
    )


def read_shows(config: Sequence[Any] | Mapping[str, Any]) -> list[ShowConfig]:
    """All shows, in the order in which they are tried: of two names that begin alike the longer is first."""
    named = shows_of(config)
    exact = _beginnings(normalize_name(name) for name, _ in named)
    shows = [read_show(name, options, exact=normalize_name(name) in exact) for name, options in named]
    return sorted(shows, key=lambda show: show.name.lower(), reverse=True)


def _beginnings(names: Iterable[str]) -> set[str]:
    """The names that another name begins with."""
    ordered = sorted(names)
    return {name for name, following in pairwise(ordered) if following.startswith(name)}


def _quality(text: str | None) -> Requirements | None:
    return None if text is None else requirements(text)


def _propers(value: bool | str) -> bool | timedelta:
    return value if isinstance(value, bool) else parse_timedelta(value)


def _packs(value: Any) -> Packs:
    if isinstance(value, Mapping):
        return Packs(True, value["threshold"], value["reject_eps"])
    if value == "always":
        return Packs(True, ALWAYS)
    if value == "only":
        return Packs(True, ALWAYS, only=True)
    if value is True:
        return Packs(True, 0)
    return Packs(bool(value), int(value or 0))


_REGEXPS = ("name", "ep", "date", "sequence", "id")
_FLAGS = ("date_yearfirst", "date_dayfirst", "prefer_specials", "assume_special")
PARSE_OPTIONS = frozenset(
    (*_FLAGS, *(f"{kind}_regexp" for kind in _REGEXPS), "identified_by", "exact", "from_group", "special_ids")
)
"""Options that change how titles are read."""


def _parsing(options: Mapping[str, Any], exact: bool) -> Options:
    values: dict[str, Any] = {name: options[name] for name in _FLAGS if name in options}
    for kind in _REGEXPS:
        patterns = as_list(options.get(f"{kind}_regexp"))
        values[f"{kind}_regexps"] = tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    return Options(
        identified_by=options.get("identified_by", AUTO),
        alternate_names=tuple(str(name) for name in as_list(options.get("alternate_name"))),
        strict_name=options.get("exact", exact),
        allow_groups=tuple(str(group) for group in as_list(options.get("from_group"))),
        special_ids=tuple(str(word) for word in as_list(options.get("special_ids"))),
        **values,
    )


def identified(show: ShowConfig, identified_by: str | None) -> ShowConfig:
    """The show with titles read the way that is known by now."""
    by: Any = identified_by or AUTO
    if by == show.parsing.identified_by:
        return show
    return replace(show, parsing=replace(show.parsing, identified_by=by))
