"""What the tests of several plugins share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import Engine


@pytest.fixture
def run(engine: Callable[[str], Engine]) -> Callable[..., Any]:
    """``run(plugin=options, ...)``: a task that accepts everything and remembers nothing."""

    def made(test: bool = False, **plugins: Any) -> Any:
        task = {"accept_all": True, "disable": ["seen", "retry_failed"], **plugins}
        return engine(json.dumps({"tasks": {"t": task}})).run(test=test)

    return made
