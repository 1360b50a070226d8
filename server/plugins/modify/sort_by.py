"""``sort_by``"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.moments import as_moment
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.engine.templates import compile_expression

ARTICLES = r"^(the|a|an)\s"

_ONE = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "field": {
                    "type": "string",
                    "title": "Field",
                    "description": "A field, or an expression such as `quality.resolution`; without it `reverse` "
                    "turns the order round.",
                    "examples": ["title"],
                },
                "reverse": {
                    "type": "boolean",
                    "title": "Reverse",
                    "description": "Highest first.",
                    "examples": [True],
                },
                "ignore_articles": {
                    "oneOf": [{"type": "boolean"}, {"type": "string", "format": "regex"}],
                    "title": "Ignore articles",
                    "description": "Leave out `the`, `a`, `an`, or what this regular expression matches.",
                    "examples": [True],
                },
            },
            "additionalProperties": False,
        },
    ]
}


class SortBy(Plugin):
    """Puts entries in order by one or more fields, lowest first; those without the field come last.

    Example::

        sort_by:
          - field: quality
            reverse: yes
          - title
    """

    schema = {
        **text_or_list(**_ONE),
        "title": "Fields",
        "description": "What to sort by; the first counts most.",
        "examples": ["title", {"field": "quality", "reverse": True}],
    }
    category = "modify"

    @priority(255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """The order holds for all later phases."""
        for item in reversed(as_list(config)):
            options = {"field": item} if isinstance(item, str) else item
            if "field" in options:
                _sort(task.entries, options)
            elif options.get("reverse"):
                task.entries.reverse()


def _sort(entries: list[Entry], options: dict[str, Any]) -> None:
    articles = options.get("ignore_articles")
    pattern = re.compile(ARTICLES if articles is True else articles, re.IGNORECASE) if articles else None
    value_of = _reader(options["field"])
    found: list[tuple[Any, Entry]] = []
    lacking: list[Entry] = []
    for entry in entries:
        value = value_of(entry)
        if value is None:
            lacking.append(entry)
            continue
        if pattern is not None and isinstance(value, str):
            value = pattern.sub("", value)
        found.append((as_moment(value) if isinstance(value, date) else value, entry))
    reverse = bool(options.get("reverse"))
    try:
        found.sort(key=lambda pair: pair[0], reverse=reverse)
    except TypeError:  # values of several kinds: by kind, then by value
        found.sort(key=lambda pair: (isinstance(pair[0], str), _number(pair[0]), str(pair[0])), reverse=reverse)
    entries[:] = [entry for _, entry in found] + lacking


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _reader(field: str) -> Callable[[Entry], Any]:
    if field.isidentifier():
        return lambda entry: entry.get(field)
    try:
        expression = compile_expression(field)
    except RenderError as error:
        raise PluginError(f"`sort_by`: {error}") from error

    def evaluate(entry: Entry) -> Any:
        try:
            return expression(entry)
        except RenderError:
            return None

    return evaluate
