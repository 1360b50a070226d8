"""``interval``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.features.interval.store import IntervalStore
from tests.support import Engine


def test_a_task_runs_once_in_its_interval_unless_asked_for_now(tmp_path: Path) -> None:
    engine = Engine(tmp_path, "tasks: {t: {mock: [{title: A}], interval: 2 hours}}")
    try:
        assert not engine.run().aborted
        second = engine.run()
        assert second.aborted and second.silent_abort and "is due at" in str(second.abort_reason)
        assert not engine.run(now=True).aborted
        store = engine.db.store(IntervalStore)
        store.ran("t", datetime.now(UTC) - timedelta(hours=3))
        assert not engine.run().aborted
        store.ran("t", datetime.now(UTC) + timedelta(days=300))  # the clock was set back
        assert not engine.run().aborted
    finally:
        engine.close()
