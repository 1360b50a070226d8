"""Keeps each finished run with its entries and their traces."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import orjson

from server.engine.entry import Entry, TraceStep
from server.engine.execution import ExecuteOptions, TaskResult
from server.engine.task import Task
from server.features.runs.store import EntryWriter, RunStore
from server.storage.schema import dump_json_bytes

logger = logging.getLogger("runs")

PURGE_EVERY = 50
"""Runs between two looks for what is too old."""

LONGEST_VALUE = 500
"""Characters of a text that a trace keeps."""

_HIDDEN = frozenset({"title", "url", "accepted_by", "rejected_by", "failed_by", "reason"})
_QUIET_OPTIONS = ("inject", "dump", "cli_config", "entry_dump", "named")


def record(task: Task, result: TaskResult) -> None:
    """Keep a run; called by the runner when it is over. A run of ``--test`` leaves nothing."""
    if task.options.test:
        return
    writer = EntryWriter()
    for entry in result.entries:
        writer.add(_pack(entry))
    store = task.services.db.store(RunStore)
    run_id = store.add(
        {
            "task": task.name,
            "started": datetime.fromtimestamp(result.started, UTC),
            "seconds": result.seconds,
            "passes": result.passes,
            "produced": len(result.entries),
            **{state: result.count(state) for state in ("accepted", "rejected", "failed", "undecided")},
            "aborted": result.aborted,
            "silent": result.silent,
            "reason": result.reason,
            "options": _asked(task.options),
        },
        writer.finish(),
    )
    if run_id % PURGE_EVERY == 0:
        store.purge()


def _asked(options: ExecuteOptions) -> dict[str, Any]:
    """The options that differ from a plain run."""
    plain = ExecuteOptions()
    changed = {name: value for name, value in vars(options).items() if value != getattr(plain, name)}
    kept = {name: value for name, value in changed.items() if name not in _QUIET_OPTIONS}
    return {**kept, "inject": len(options.inject)} if options.inject else kept


def described(entry: Entry) -> dict[str, Any]:
    """An entry as it is kept, its trace in columns (:func:`trace_as_dicts` names them)."""
    return {
        "title": entry.get("title", "", False),
        "url": entry.get("url", "", False),
        "state": entry.state,
        "plugin": entry.get(f"{entry.state}_by", None, False),
        "reason": entry.get("reason", None, False),
        "fields": {name: _short(value) for name, value in entry.items() if name not in _HIDDEN},
        "trace": [_step(step) for step in entry.trace],
    }


def _pack(entry: Entry) -> bytes:
    data = described(entry)
    try:
        return orjson.dumps(data)
    except TypeError:  # broken texts or odd keys
        return dump_json_bytes(data)


def _step(step: TraceStep) -> list[Any]:
    return [
        round(step.when, 3),
        step.step.phase,
        step.step.plugin,
        step.verb,
        step.field,
        _short(step.value),
        step.reason,
    ]


def _short(value: Any) -> Any:
    """A value as JSON that stays small: long texts are cut, other things become their text."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
    if isinstance(value, int):
        return value if -(2**53) < value < 2**53 else str(value)
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def trace_as_dicts(trace: list[list[Any]]) -> list[dict[str, Any]]:
    """A kept trace with its columns named, for the API."""
    names = ("time", "phase", "plugin", "verb", "field", "value", "reason")
    return [dict(zip(names, step, strict=True)) for step in trace]
