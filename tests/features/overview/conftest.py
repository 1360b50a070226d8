"""The server of the overview tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.features.api import running
from tests.web.support import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server whose config can be edited."""
    yield from running(tmp_path)
