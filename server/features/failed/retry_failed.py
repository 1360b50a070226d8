"""``retry_failed``"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task
from server.features.backlog.store import BacklogStore
from server.features.failed.store import FailedStore, Failure
from server.parsing.timedelta import LONGEST, parse_timedelta

RETRY_TIME = "1 hour"
MAX_RETRIES = 3
MULTIPLIER = 1.5


class RetryFailed(Plugin):
    """Tries what failed again after a while, longer after each failure, and gives up in the end.

    Meanwhile the entry is rejected so that an alternative may be taken; it is kept even when it leaves the feed.

    Example::

        retry_failed:
          retry_time: 30 minutes
          retry_time_multiplier: 2
          max_retries: 5
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "retry_time": {
                        "type": "string",
                        "format": "interval",
                        "default": RETRY_TIME,
                        "title": "Retry time",
                        "description": "How long to wait after the first failure.",
                        "examples": ["30 minutes"],
                    },
                    "max_retries": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 100,
                        "default": MAX_RETRIES,
                        "title": "Most retries",
                        "description": "How often to try again before giving up.",
                        "examples": [5],
                    },
                    "retry_time_multiplier": {
                        "oneOf": [{"type": "number", "minimum": 0}, {"type": "boolean"}],
                        "default": MULTIPLIER,
                        "title": "Multiplier",
                        "description": "By how much the wait grows with each failure; `no`: not at all.",
                        "examples": [2],
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Retry",
        "description": "`no` switches it off.",
        "examples": [{"retry_time": "30 minutes", "max_retries": 5}],
    }
    category = "operation"
    acts_in = NOWHERE
    builtin = True

    @priority(-255)
    def on_task_input(self, task: Task, config: Any) -> None:
        """From now on, listen to failures; each asks for another pass."""
        failed: list[Entry] = task.state(self).setdefault("failed", [])

        def listen(entry: Entry, verb: str, reason: str | None, details: dict[str, Any]) -> None:
            if verb == "fail":
                failed.append(entry)
                task.rerun(self.name, f"{entry['title']} failed, there may be an alternative")

        task.on_decision(listen)

    @priority(255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Reject what is waiting, or has failed too often."""
        store = task.db.store(FailedStore)
        if not store.any():
            return
        most = _options(config)[1]
        known = store.known((entry["title"], entry["original_url"]) for entry in task.live)
        now = datetime.now(UTC)
        for entry in task.live if known else ():
            found = known.get((entry["title"], entry["original_url"]))
            if found is None:
                continue
            if found.count > most:
                entry.reject(f"it has failed {found.count} times already, last because: {found.reason}")
            elif found.retry_time and found.retry_time > now:
                when = f"{found.retry_time.astimezone():%Y-%m-%d %H:%M}"
                entry.reject(f"it failed and is not tried again before {when}; it failed because: {found.reason}")

    @priority(-255)
    def on_task_learn(self, task: Task, config: Any) -> None:
        """Write down what has failed so far."""
        self._write(task, config)

    @priority(-255)
    def on_task_exit(self, task: Task, config: Any) -> None:
        """Write down what has failed since."""
        self._write(task, config)

    @priority(-255)
    def on_task_abort(self, task: Task, config: Any) -> None:
        """Write down what has failed so far."""
        self._write(task, config)

    def _write(self, task: Task, config: Any) -> None:
        failed: list[Entry] = task.state(self).get("failed") or []
        if not failed:
            return
        first, most, factor = _options(config)

        def wait(count: int) -> timedelta:
            try:
                return min(first * factor ** (count - 1), LONGEST)
            except OverflowError:
                return LONGEST

        store = task.db.store(FailedStore)
        store.purge()
        failures = [
            Failure(entry["title"], entry["original_url"], str(entry.get("reason") or "unknown")) for entry in failed
        ]
        store.record(failures, wait)
        task.db.store(BacklogStore).add(task.name, failed, wait(max(most, 1)) + timedelta(days=1))
        failed.clear()


def _options(config: Any) -> tuple[timedelta, int, float]:
    """First wait, most retries, multiplier."""
    options = config if isinstance(config, dict) else {}
    factor = options.get("retry_time_multiplier", MULTIPLIER)
    if isinstance(factor, bool):
        factor = MULTIPLIER if factor else 1
    return parse_timedelta(options.get("retry_time", RETRY_TIME)), options.get("max_retries", MAX_RETRIES), factor
