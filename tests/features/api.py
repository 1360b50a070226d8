"""A web server whose config can be edited, with task queue and scheduler: for tests of what edits and runs tasks."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.engine.log import LogBuffer
from server.engine.scheduler import Scheduler
from tests.web.support import Server

NOW = 1_800_000_000.0
"""The scheduler's clock stands still: nothing becomes due while a test looks at it."""

CONFIG = """\
# the tasks of this house
tasks:
  hist:  # keeps this comment
    mock:
      - {title: one, url: "http://localhost/one"}
      - {title: two, url: "http://localhost/two"}
    accept_all: yes
    seen: no
  second:
    mock: [{title: three}]
    priority: 1
  _hidden:
    mock: []

schedules:
  - tasks: hist   # nightly
    schedule: {hour: 4}
"""


def started(home: Path, config: str = CONFIG, **more: Any) -> Server:
    """A running server; ``stopped`` ends it."""

    def prepare(server: Server) -> None:
        services = server.services
        services.scheduler = Scheduler(services, clock=lambda: NOW)
        services.scheduler.start()

    return Server(home, config=textwrap.dedent(config), prepare=prepare, log=LogBuffer(), **more)


def stopped(server: Server) -> None:
    """End it."""
    done = threading.Event()

    def stop() -> None:
        assert server.services.scheduler is not None
        server.services.scheduler.stop()
        done.set()

    server.loop.call_soon_threadsafe(stop)
    done.wait(5)
    server.services.queue.shutdown(timeout=2)
    server.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """With the sample config above."""
    made = started(tmp_path)
    yield made
    stopped(made)
