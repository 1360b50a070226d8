"""``regexp``"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from server.engine.entry import Entry
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.plugins.filters._literals import Needs, needs
from server.plugins.modify.set import set_fields

FIELDS = ("title", "description")
"""Where patterns are looked for, if nothing else is said."""

_REGEX = {"type": "string", "format": "regex"}
_FROM = {
    **text_or_list(),
    "title": "From",
    "description": "Fields to look in; title and description where nothing is said.",
    "examples": ["title", ["title", "url"]],
}
_PATTERN_OPTIONS = {
    "path": {"type": "string", "title": "Path", "description": "The path to set.", "examples": ["~/downloads"]},
    "set": {"type": "object", "title": "Set", "description": "Fields to set.", "examples": [{"label": "tv"}]},
    "not": {
        **text_or_list(**_REGEX),
        "title": "Not",
        "description": "It does not count as a match where one of these matches too.",
        "examples": ["german"],
    },
    "from": _FROM,
}
_PATTERNS: dict[str, Any] = {
    "type": "array",
    "items": {
        "oneOf": [
            _REGEX,
            {
                "type": "object",
                "additionalProperties": {
                    "oneOf": [
                        {"type": "string", "format": "path"},
                        {"type": "object", "properties": _PATTERN_OPTIONS, "additionalProperties": False},
                    ]
                },
            },
        ]
    },
    "examples": [["some.show.*720p"]],
}


def _operation(title: str, description: str) -> dict[str, Any]:
    return {**_PATTERNS, "title": title, "description": description}


class Regexp(Plugin):
    """Accepts or rejects by regular expressions, without regard to case.

    Example::

        regexp:
          accept:
            - some.show
            - other.show: {path: ~/other, not: german}
          reject:
            - \\bcam\\b
          from: title
    """

    schema = {
        "type": "object",
        "properties": {
            "accept": _operation("Accept", "Accept what one of these matches."),
            "reject": _operation("Reject", "Reject what one of these matches."),
            "accept_excluding": _operation("Accept excluding", "Accept what one of these does not match."),
            "reject_excluding": _operation("Reject excluding", "Reject what one of these does not match."),
            "rest": {
                "type": "string",
                "enum": ["accept", "reject"],
                "title": "Rest",
                "description": "What to do with entries that nothing above applied to.",
                "examples": ["reject"],
            },
            "from": _FROM,
        },
        "additionalProperties": False,
    }
    category = "filter"

    @priority(172)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """Of several patterns that match, the first in the list counts."""
        fields = tuple(as_list(config.get("from"))) or FIELDS
        rest = set(task.live)
        for operation, patterns in config.items():
            if operation in ("rest", "from"):
                continue
            matcher = _Matcher(tuple(_rules(patterns, fields)))
            find = matcher.lacking if operation.endswith("_excluding") else matcher.first
            accept = operation.startswith("accept")
            for count, entry in enumerate(task.live):
                if count % 1000 == 0:
                    task.check_cancelled()
                found = find(entry)
                if found is not None:
                    _act(entry, accept, *found)
                    rest.discard(entry)
        if "rest" in config:
            accept = config["rest"] == "accept"
            for entry in task.live:
                if entry in rest:
                    _decide(entry, accept, "no regexp applied: `rest`")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One pattern with its options; ``needs``: texts of which a match holds one."""

    text: str
    search: Any
    needs: Needs | None
    unless: tuple[Any, ...]
    fields: tuple[str, ...]
    options: dict[str, Any]


def _rules(patterns: Iterable[Any], fields: tuple[str, ...]) -> Iterator[_Rule]:
    for item in patterns:
        for text, given in item.items() if isinstance(item, dict) else ((item, None),):
            options = given if isinstance(given, dict) else {"path": given} if given else {}
            search, literals = _compiled(text)
            unless = tuple(_compiled(other)[0] for other in as_list(options.get("not")))
            own = tuple(as_list(options.get("from")))
            yield _Rule(text, search, literals, unless, own or fields, options)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[Any, Needs | None]:
    return re.compile(text, re.IGNORECASE).search, needs(text)


Found = tuple[_Rule, str]
"""A rule, and why it applies."""


class _Matcher:
    """Looks for many patterns at once: those that cannot match are left out by a search for plain text."""

    def __init__(self, rules: tuple[_Rule, ...]) -> None:
        groups: dict[tuple[str, ...], list[tuple[int, _Rule]]] = {}
        for place, rule in enumerate(rules):
            groups.setdefault(rule.fields, []).append((place, rule))
        self._rules = rules
        self._groups = [(fields, *_prepared(members)) for fields, members in groups.items()]

    def first(self, entry: Entry) -> Found | None:
        """The first rule that matches."""
        best: tuple[int, str] | None = None
        for fields, always, singles, others in self._groups:
            for field in fields:
                for text in _texts(entry, field):
                    found = self._first_in(text, always, singles, others)
                    if found is not None and (best is None or found < best[0]):
                        best = (found, field)
        if best is None:
            return None
        rule = self._rules[best[0]]
        if rule.unless or len(self._groups) > 1:
            return self._slow_first(entry)
        return rule, f"regexp '{rule.text}' matched {best[1]}"

    def _first_in(
        self, text: str, always: list[int], singles: list[tuple[str, int]], others: list[tuple[Needs, int]]
    ) -> int | None:
        """The place of the first rule whose pattern is in a text, without regard to its exceptions."""
        rules = self._rules
        if text.isascii():
            low = text.lower()
            candidates = [place for literal, place in singles if literal in low]
            candidates += [place for literals, place in others if any(literal in low for literal in literals)]
            if always:
                candidates += always
            candidates.sort()
        else:
            candidates = sorted([*always, *(place for _, place in singles), *(place for _, place in others)])
        for place in candidates:
            if rules[place].search(text):
                return place
        return None

    def _slow_first(self, entry: Entry) -> Found | None:
        for rule in self._rules:
            field = _match(rule, entry)
            if field is not None:
                return rule, f"regexp '{rule.text}' matched {field}"
        return None

    def lacking(self, entry: Entry) -> Found | None:
        """The first rule that does not match."""
        for rule in self._rules:
            if _match(rule, entry) is None:
                return rule, f"regexp '{rule.text}' did not match {' or '.join(rule.fields)}"
        return None


def _prepared(
    members: list[tuple[int, _Rule]],
) -> tuple[list[int], list[tuple[str, int]], list[tuple[Needs, int]]]:
    """Rules that must always be tried, those that need one text, and those that need one of several."""
    always = [place for place, rule in members if rule.needs is None]
    singles = [(rule.needs[0], place) for place, rule in members if rule.needs and len(rule.needs) == 1]
    others = [(rule.needs, place) for place, rule in members if rule.needs and len(rule.needs) > 1]
    return always, singles, others


def _match(rule: _Rule, entry: Entry) -> str | None:
    """The field that a rule matches, unless one of its exceptions matches too."""
    matched = next((field for field in rule.fields for text in _texts(entry, field) if rule.search(text)), None)
    if matched is None:
        return None
    if rule.unless and any(
        search(text) for search in rule.unless for field in rule.fields for text in _texts(entry, field)
    ):
        return None
    return matched


def _texts(entry: Entry, field: str) -> Iterable[str]:
    """What a field holds, as text; an escaped address is unescaped."""
    value = entry.get(field)
    if value is None:
        return ()
    if isinstance(value, str):
        return (unquote(value) if field == "url" else value,)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [str(item) for item in value]
    return (str(value),)


def _act(entry: Entry, accept: bool, rule: _Rule, reason: str) -> None:
    if rule.options:
        if rule.options.get("path"):
            entry["path"] = rule.options["path"]
        set_fields(entry, rule.options.get("set") or {})
    _decide(entry, accept, reason)


def _decide(entry: Entry, accept: bool, reason: str) -> None:
    if accept:
        entry.accept(reason)
    else:
        entry.reject(reason)
