"""``list_match``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.lists import DECISIONS, LISTS_SCHEMA, ManagedList, lists_of
from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class ListMatch(Plugin):
    """Accepts or rejects entries that are on lists, and takes them off when they are done.

    Example::

        list_match:
          from:
            - movie_list: wanted
          action: accept
          remove_on_match: yes
          single_match: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "from": {**LISTS_SCHEMA, "description": "The lists to look at, in this order."},
            "action": {
                "type": "string",
                "enum": ["accept", "reject"],
                "title": "Action",
                "description": "What to do with entries that are on a list.",
                "default": "accept",
            },
            "remove_on_match": {
                "type": "boolean",
                "title": "Remove on match",
                "description": "Take accepted entries off the list.",
                "default": True,
            },
            "single_match": {
                "type": "boolean",
                "title": "Single match",
                "description": "Use each item of a list for one entry only.",
                "default": True,
            },
        },
        "required": ["from"],
        "additionalProperties": False,
        "examples": [{"from": [{"movie_list": "wanted"}]}],
    }
    category = "filter"

    @priority(0)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """Ask every list once for all entries that are left.

        An accepted entry gets the fields of the list's entry that it lacks. Which list it was is told in the trace;
        the field `reason` stays empty.
        """
        action = config.get("action", "accept")
        single = config.get("single_match", True)
        matched: list[tuple[ManagedList, list[Entry]]] = []
        for name, source in lists_of(self.services, task.db, config["from"]):
            taken: set[tuple[str, str]] = set()
            used: list[Entry] = []
            for entry, item in source.match(task.live).items():
                if action == "reject":
                    entry.reject(list=name, matched=item["title"])
                    continue
                key = (item["title"], item["url"])
                if single and key in taken:
                    continue
                taken.add(key)
                used.append(entry)
                for field, value in item.items():  # what the list knows of it, and the entry does not
                    if field not in entry and field not in DECISIONS and value is not None:
                        entry[field] = value
                entry.accept(list=name, matched=item["title"])  # told in the trace; the field `reason` stays empty
            matched.append((source, used))
        if config.get("remove_on_match", True):  # it may act several times in a task: within `if`, or `sequence`
            task.state(self).setdefault("matched", []).extend(matched)

    def on_task_learn(self, task: Task, config: dict[str, Any]) -> None:
        """Take what was accepted off its list, now that the outputs have it."""
        for source, entries in task.state(self).pop("matched", []):
            done = [entry for entry in entries if entry.accepted]
            if done and not source.immutable and not (task.options.test and source.external):
                source.remove(done)
