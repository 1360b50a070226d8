"""``crossmatch``"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of


class Crossmatch(Plugin):
    """Accepts or rejects what shares a field's value with the entries of another input.

    Example::

        crossmatch:
          from:
            - imdb_list: {list: ratings}
          fields: [imdb_id]
          action: reject
    """

    schema = {
        "type": "object",
        "properties": {
            "fields": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Fields",
                "description": "One of these must be equal.",
                "examples": [["imdb_id"]],
            },
            "action": {
                "enum": ["accept", "reject"],
                "title": "Action",
                "description": "What to do with what matches.",
                "examples": ["reject"],
            },
            "from": {
                "type": "array",
                "items": INPUT_SCHEMA,
                "title": "From",
                "description": "Inputs to compare with.",
                "examples": [[{"mock": [{"title": "unwanted"}]}]],
            },
            "exact": {
                "type": "boolean",
                "default": True,
                "title": "Exact",
                "description": "`no`: it is enough that one of the two values is part of the other.",
                "examples": [False],
            },
            "all_fields": {
                "type": "boolean",
                "default": False,
                "title": "All fields",
                "description": "All of the fields must be equal.",
                "examples": [True],
            },
            "case_sensitive": {
                "type": "boolean",
                "default": True,
                "title": "Case sensitive",
                "description": "Whether capitals count.",
                "examples": [False],
            },
        },
        "required": ["fields", "action", "from"],
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """What matches gets the other's fields that it lacks."""
        others = [other for item in config["from"] for other in entries_of(task, item)]
        find = _finder(others, config)
        for entry in task.live:
            for other, fields in find(entry):
                for name, value in other.items():
                    if name not in entry:
                        entry[name] = value
                reason = f"{', '.join(fields)} matches {other['title']!r}"
                if config["action"] == "accept":
                    entry.accept(reason)
                else:
                    entry.reject(reason)
                break


def _finder(others: list[Entry], config: dict[str, Any]) -> Any:
    """A function that gives (other, fields that match) for an entry."""
    fields, everything = config["fields"], config.get("all_fields", False)
    exact, folded = config.get("exact", True), not config.get("case_sensitive", True)

    def value_of(entry: Entry, field: str) -> Any:
        value = entry.get(field)
        return value.lower() if folded and isinstance(value, str) else value

    def fits(ours: Any, theirs: Any) -> bool:
        if ours is None or theirs is None:
            return False
        if exact:
            return bool(ours == theirs)
        return str(theirs) in str(ours) or str(ours) in str(theirs)

    theirs = [(other, {field: value_of(other, field) for field in fields}) for other in others]
    index: dict[tuple[str, str], list[int]] = {}
    for place, (_, values) in enumerate(theirs):
        for field, value in values.items():
            if value is not None:
                index.setdefault((field, repr(value)), []).append(place)

    def find(entry: Entry) -> Iterable[tuple[Entry, list[str]]]:
        ours = {field: value_of(entry, field) for field in fields}
        places: Iterable[int] = range(len(theirs))
        if exact:
            places = sorted({place for field in fields for place in index.get((field, repr(ours[field])), ())})
        for place in places:
            other, values = theirs[place]
            matching = [field for field in fields if fits(ours[field], values[field])]
            if matching and (not everything or len(matching) == len(fields)):
                yield other, matching

    return find
