"""What the daemon does once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.daemon import Daemon, assemble
from server.engine.log import LogBuffer
from server.features.runs.store import RunStore


def test_what_was_kept_long_enough_is_forgotten(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("tasks: {}\n")
    daemon = Daemon(config, log=LogBuffer())
    daemon._services = assemble(config)
    store = daemon._services.db.store(RunStore)
    numbers = dict.fromkeys(("passes", "produced", "accepted", "rejected", "failed", "undecided"), 0)
    for days in (400, 1):
        started = datetime.now(UTC) - timedelta(days=days)
        row = {"task": "x", "started": started, "seconds": 1.0, "aborted": False, "reason": None, "options": {}}
        store.add({**row, **numbers}, b"")
    daemon._clean_up()
    assert store.page()[1] == 1
    daemon._services.db.close()
