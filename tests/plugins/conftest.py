"""The engine fixture of plugin tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import Engine
from tests.web_server import WebServer


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
