"""How a run of a task is asked for, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from server.engine.entry import STATES, Entry
from server.engine.memory import let_go


@dataclass
class ExecuteOptions:
    """How a run was asked for: the options of ``flexget execute`` and of ``POST /api/tasks/execute/``.

    ``inject``: entries that take the place of those of the inputs. ``dump``: None, or what ``--dump`` was given.
    """

    test: bool = False
    learn: bool = False
    now: bool = False
    no_cache: bool = False
    discover_now: bool = False
    disable_tracking: bool = False
    dump: list[str] | None = None
    dump_config: bool = False
    dl_path: str | None = None
    cli_config: dict[str, str] = field(default_factory=dict)
    stop_waiting: str | None = None
    tail_reset: str | None = None
    try_regexp: bool = False
    template: str | None = None
    inject: list[Entry] = field(default_factory=list)
    verbose: bool = False
    silent: bool = False
    entry_dump: bool = False
    named: bool = False
    """Asked for by its name, not by the scheduler or among all tasks."""


@dataclass
class TaskResult:
    """What came of a run: the last pass's entries by state, whether and why it was aborted, seconds it took."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    aborted: bool = False
    reason: str | None = None
    silent: bool = False
    error: bool = False
    started: float = 0.0
    seconds: float = 0.0
    passes: int = 0
    counts: dict[str, int] | None = None
    """The numbers by state, once the entries were let go of."""

    def count(self, state: str) -> int:
        """Entries in a state."""
        if self.counts is not None:
            return self.counts.get(state, 0)
        return sum(1 for entry in self.entries if entry.state == state)

    def release(self) -> None:
        """Let go of the entries and keep their numbers: a finished job is remembered for long."""
        self.counts = {state: self.count(state) for state in STATES}
        let_go(self.entries)

    def summary(self) -> dict[str, Any]:
        """The numbers, as the API's stream tells them."""
        states = {state: self.count(state) for state in ("accepted", "rejected", "failed", "undecided")}
        return {**states, "aborted": self.aborted, "abort_reason": self.reason}
