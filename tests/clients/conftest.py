"""Engines whose configs can name a client's port and torrents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Callable[[str], Engine]]:
    """``engine(config)``: an engine in the test's folder."""
    made: list[Engine] = []

    def make(config: str) -> Engine:
        made.append(Engine(tmp_path, config))
        return made[-1]

    yield make
    for one in made:
        one.close()
