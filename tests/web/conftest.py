"""The server of the web tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.support import Server


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """``make_server(base_url="/x", ...)`` starts a server; it ends with the test."""
    made: list[Server] = []

    def make(**options: Any) -> Server:
        home = tmp_path / f"home{len(made)}"
        home.mkdir(exist_ok=True)
        made.append(Server(home, **options))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """A server as it is by default."""
    return make_server()
