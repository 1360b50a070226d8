"""What all tests share: the loop of pytest-tornado, and daemons as real processes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tornado.ioloop import IOLoop

from server.engine.lookup_settings import SITES
from tests.processes import Running, start_daemon
from tests.support import Engine
from tests.web_server import WebServer

for _site in SITES:  # no test asks a public site, not even by what a plugin does on its own
    os.environ[f"FLEXGET_{_site.upper()}_ADDRESS"] = "http://127.0.0.1:9"


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """The loop of a ``gen_test``; pytest-tornado's own makes itself current in a way that is deprecated."""
    loop = IOLoop(make_current=False)
    asyncio.set_event_loop(loop.asyncio_loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close(all_fds=True)


@pytest.fixture
def base_url(http_port: int) -> str:
    """Where pytest-tornado's ``http_server`` serves."""
    return f"http://127.0.0.1:{http_port}"


@pytest.fixture
def make_daemon(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """``make_daemon(config_text)`` starts ``flexget daemon start`` in the test's folder; it ends with the test."""
    made: list[Running] = []

    def make(config: str, **options: str) -> Running:
        made.append(start_daemon(tmp_path / "daemon", config, **options))
        return made[-1]

    yield make
    for daemon in made:
        daemon.end()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """``engine(config)`` makes an engine in the test's own folder."""
    made: list[Engine] = []

    def make(config: str) -> Engine:
        made.append(Engine(tmp_path, config))
        return made[-1]

    yield make
    for item in made:
        item.close()


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A web server on loopback."""
    server = WebServer()
    yield server
    server.close()
