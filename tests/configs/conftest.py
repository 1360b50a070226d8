"""Homes for the example configs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.configs.homes import Home
from tests.web_server import WebServer


@pytest.fixture
def make_home(tmp_path: Path, web: WebServer) -> Iterator[Callable[..., Home]]:
    """``make_home("one-feed")``: that config in the test's folder."""

    def make(name: str, **settings: str) -> Home:
        return Home(name, tmp_path, web, settings)

    root = logging.getLogger()
    level = root.level
    yield make
    for handler in [handler for handler in root.handlers if getattr(handler, "ours", False)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
