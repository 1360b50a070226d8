"""Runs of the series plugins: several titles, one config, one database over several runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.engine.task import Task
from tests.support import Engine


class Runs:
    """``runs(titles, series=[...])`` runs a task on these titles; the database lives on over the test.

    Further arguments are further plugins of the task.
    """

    def __init__(self, home: Path) -> None:
        self.engine = Engine(home, "tasks: {}")

    def task(self, titles: list[str | dict[str, Any]], **plugins: Any) -> Task:
        """The whole task after its run."""
        entries = [
            {"title": item, "url": f"http://localhost/{item}"} if isinstance(item, str) else item for item in titles
        ]
        plugins.setdefault("max_reruns", 0)
        self.engine.configure(yaml.safe_dump({"tasks": {"tv": {"mock": entries, **plugins}}}))
        task = self.engine.run("tv")
        assert not task.aborted, task.abort_reason
        return task

    def __call__(self, titles: list[str | dict[str, Any]], **plugins: Any) -> list[str]:
        """The titles that ``series`` accepted."""
        return [entry["title"] for entry in self.task(titles, **plugins).accepted]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    found = Runs(tmp_path)
    yield found
    found.engine.close()


def reason(task: Task, title: str) -> str:
    """Why an entry is where it is."""
    return str(next(entry["reason"] for entry in task.entries if entry["title"] == title))


@pytest.fixture
def why() -> Callable[[Task, str], str]:
    return reason
