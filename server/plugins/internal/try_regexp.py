"""``--try-regexp``"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

GREETING = """\
Task '{}' has {} entries. Enter a regular expression to see what it matches, or 'exit' to go on with the task."""


class TryRegexp(Plugin):
    """Lets one try regular expressions on a task's entries, at the terminal; for ``execute --try-regexp``.

    Example::

        disable: ["--try-regexp"]
    """

    name = "--try-regexp"
    category = "internal"
    interfaces = ()
    acts_in = NOWHERE
    builtin = True

    @priority(-255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Ask until told to go on."""
        if not task.options.try_regexp or sys.stdin is None:
            return
        task.print(GREETING.format(task.name, len(task.entries)))
        for text in iter(lambda: _asked(task), ""):
            self._show(task, text)

    @staticmethod
    def _show(task: Task, text: str) -> None:
        try:
            regexp = re.compile(text, re.IGNORECASE)
        except re.error as error:
            task.print(f"This is no regular expression: {error}")
            return
        found = [(entry, field) for entry in task.entries if (field := next(_matching(entry, regexp), None))]
        for entry, field in found:
            task.print(f"Title: {entry['title']:40} URL: {entry['url']}   From: {field}")
        task.print(f"{len(found)} of {len(task.entries)} entries matched")


def _asked(task: Task) -> str:
    """A line of the keyboard; empty where there is no more to ask."""
    task.check_cancelled()
    print("--> ", end="", flush=True)
    line = sys.stdin.readline().strip()
    return "" if line in ("exit", "continue") else line


def _matching(entry: Entry, regexp: re.Pattern[str]) -> Iterator[str]:
    """The fields that an expression finds something in."""
    return (name for name, value in entry.items() if isinstance(value, str) and regexp.search(value))
