"""``from_digest``"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from server.engine.context import CURRENT, Step
from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.digest.store import DigestStore
from server.parsing.timedelta import parse_timedelta

_DECISIONS = frozenset({"accepted_by", "rejected_by", "failed_by", "reason"})


class FromDigest(Plugin):
    """Gives the entries that ``digest`` has collected.

    Example::

        from_digest:
          list: daily mail
          restore_state: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "list": {
                "type": "string",
                "title": "List",
                "description": "The name under which they were collected.",
                "examples": ["daily mail"],
            },
            "limit": {
                "type": "integer",
                "title": "Limit",
                "description": "How many of the newest; the others leave the list. -1 gives all. The plugin `limit` "
                "does the same for any input, without taking others off.",
                "deprecated": True,
                "examples": [50],
            },
            "expire": {
                "oneOf": [{"type": "string", "format": "interval"}, {"type": "boolean"}],
                "default": True,
                "title": "Expire",
                "description": "When they leave the list: at once, never, or when they are so old.",
                "examples": ["7 days", False],
            },
            "restore_state": {
                "type": "boolean",
                "default": False,
                "title": "Restore the state",
                "description": "Accept, reject or fail them as they were.",
                "examples": [True],
            },
        },
        "required": ["list"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """Newest first."""
        store = task.db.store(DigestStore)
        state = task.state(self)
        if "rows" not in state:
            rows = store.entries(config["list"])
            expire = config.get("expire", True)
            if isinstance(expire, str):
                oldest = datetime.now(UTC) - parse_timedelta(expire)
                store.remove(row["id"] for row in rows if row["added"] < oldest)
                rows = [row for row in rows if row["added"] >= oldest]
            elif expire:
                store.remove(row["id"] for row in rows)
            limit = config.get("limit", -1)
            if limit > 0:
                store.remove(row["id"] for row in rows[limit:])
                rows = rows[:limit]
            state["rows"] = rows
        for row in state["rows"]:
            entry = Entry({name: value for name, value in row["entry"].items() if name not in _DECISIONS})
            if config.get("restore_state"):
                _restore(entry, row)
            yield entry


def _restore(entry: Entry, row: dict[str, Any]) -> None:
    """Its state, and the plugin and reason that decided."""
    decide = {"accepted": entry.accept, "rejected": entry.reject, "failed": entry.fail}.get(row["state"])
    if decide is None:
        return
    before = CURRENT.step
    CURRENT.step = Step(before.phase, row["entry"].get(f"{row['state']}_by"))
    try:
        decide(row["entry"].get("reason"))
    finally:
        CURRENT.step = before
