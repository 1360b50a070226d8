"""``seen``"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.seen.store import Known, SeenStore, Sighting

FIELDS = ("title", "url", "original_url")
"""What an entry is recognised by, if nothing else is said."""


class Seen(Plugin):
    """Rejects what was accepted in an earlier run of any task, by title and url.

    Example::

        seen: local

    or by other fields::

        seen:
          fields: [title, guid]
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {"type": "string", "enum": ["global", "local"]},
            {
                "type": "object",
                "properties": {
                    "local": {
                        "type": "boolean",
                        "title": "Local",
                        "description": "Whether only this task's own past counts.",
                        "examples": [True],
                    },
                    "fields": {
                        "type": "array",
                        "items": {"type": "string"},
                        "minItems": 1,
                        "uniqueItems": True,
                        "title": "Fields",
                        "description": "What an entry is recognised by.",
                        "examples": [["title", "url"]],
                    },
                },
            },
        ],
        "title": "Seen",
        "description": "`local`: only this task's own past counts. `no` switches it off.",
        "examples": ["local", {"fields": ["title", "url"]}],
    }
    category = "filter"
    builtin = True

    @priority(255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Asks the database once for all entries."""
        fields, local = read_config(config)
        reject_known(task, task.live, fields, local)

    def on_task_learn(self, task: Task, config: Any) -> None:
        """What is accepted now went through all outputs."""
        fields, local = read_config(config)
        learn(task, task.accepted, fields, local)


def read_config(config: Any) -> tuple[tuple[str, ...], bool]:
    """Fields, and whether only the task itself counts."""
    if isinstance(config, dict):
        return tuple(config.get("fields") or FIELDS), bool(config.get("local"))
    return FIELDS, config == "local"


def reject_known(task: Task, entries: Sequence[Entry], fields: Sequence[str], local: bool, **details: Any) -> int:
    """Reject those whose fields were learned before; returns how many. ``details`` go with the rejection."""
    values: list[str] = []
    for entry in entries:
        for field in fields:
            value = entry.get(field)
            if value:
                values.append(value if type(value) is str else str(value))
    known = task.db.store(SeenStore).known(values, task.name, local=local)
    count = 0
    for entry in entries if known else ():
        for field in fields:
            value = entry.get(field)
            found = known.get(value if type(value) is str else str(value)) if value else None
            if found is not None:
                count += entry.reject(_told(field, str(value), found, task), **details)
                break
    return count


def _told(field: str, value: str, found: Known, task: Task) -> str:
    where = "this task" if found.task == task.name else f"the task {found.task}"
    why = f" ({found.reason})" if found.reason else ""
    return f"the {field} {value!r} was seen in {where} at {found.added.astimezone():%Y-%m-%d %H:%M}{why}"


def learn(task: Task, entries: Sequence[Entry], fields: Sequence[str], local: bool, reason: str | None = None) -> None:
    """Remember entries by these fields."""
    sightings = []
    for entry in entries:
        values = {}
        for field in fields:
            value = entry.get(field)
            if value:
                values[field] = value if type(value) is str else str(value)
        if values:
            sightings.append(Sighting(entry["title"], task.name, values, reason, local))
    task.db.store(SeenStore).learn(sightings)
