"""``dump``"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from server.engine.entry import ACCEPTED, FAILED, REJECTED, UNDECIDED, Entry, TraceStep
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

SECTIONS = (UNDECIDED, ACCEPTED, REJECTED, FAILED)
FIRST = ("title", "url", "original_url")
WIDTH = 78


class Dump(Plugin):
    """Prints the entries of a run with all their fields, by state.

    For ``flexget execute --dump``, which takes the words ``eval`` (look lazy fields up), ``trace`` (what happened to
    each), ``title`` (titles only) and the states to print; or in a task of the config, for every run of it.

    Example::

        dump: yes
    """

    schema = {
        "type": "boolean",
        "title": "Dump",
        "description": "Whether to print the entries of each run of this task.",
        "examples": [True],
    }
    category = "output"
    acts_in = NOWHERE
    builtin = True

    @priority(0)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Print, where it was asked for."""
        wanted = task.options.dump
        if wanted is None and task.config.get(self.name) is not True:
            return
        words = set(wanted or ())
        if not task.entries:
            task.print("No entries were produced")
            return
        states = [state for state in SECTIONS if state in words] or SECTIONS
        for state in states:
            entries = [entry for entry in task.entries if entry.state == state]
            if entries:
                task.print(heading(state))
                for entry in entries:
                    task.check_cancelled()
                    task.print("\n".join(_lines(entry, words)) + "\n")


def heading(state: str) -> str:
    """The line above the entries of a state."""
    return f"─── {state.capitalize()} ".ljust(WIDTH, "─")


def _lines(entry: Entry, words: set[str]) -> Iterator[str]:
    if "title" in words:
        yield f"title: {one_line(entry['title'])}"
        return
    if "eval" in words:
        entry.evaluate_lazy()
    fields = shown(entry)
    width = max(map(len, fields))
    for name, value in fields.items():
        yield f"{name:<{width}}: {value}"
    if "trace" in words:
        yield from _trace(entry.trace)


def shown(entry: Entry) -> dict[str, str]:
    """The fields as they are printed: the important ones first, the others by name, private ones left out."""
    names = [name for name in FIRST if name in entry]
    names += sorted(name for name in {*entry, *entry.lazy_fields} if name not in FIRST)
    return {
        name: "<LazyField - value will be determined when it is accessed>"
        if entry.is_lazy(name)
        else one_line(entry.get(name, None, False))
        for name in names
        if not name.startswith("_")
    }


def one_line(value: Any) -> str:
    """A value as Python would print it, without line breaks."""
    return str(value).replace("\r", "").replace("\n", "")


def _trace(steps: Iterable[TraceStep]) -> Iterator[str]:
    yield "-- Processing trace:"
    for step in steps:
        where = "/".join(part for part in step.step if part) or "-"
        text = f"{step.field}={one_line(step.value)}" if step.verb == "set" else step.field or ""
        because = f" ({step.reason})" if step.reason else ""
        when = datetime.fromtimestamp(step.when).astimezone().strftime("%H:%M:%S.%f")
        yield f"   {when} {where:<28} {step.verb:<8} {text}{because}"
