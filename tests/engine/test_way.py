"""Who pauses for requests, and when."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from server.engine import way as module
from server.engine.entry import Entry
from server.engine.way import Way


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    found: list[float] = []
    monkeypatch.setattr(module.time, "sleep", found.append)
    seconds = itertools.count(100)
    monkeypatch.setattr(module.time, "monotonic", lambda: float(next(seconds)))
    yield found


def test_the_thread_of_the_tasks_pauses_once_for_what_came_meanwhile(pauses: list[float]) -> None:
    way = Way()
    way.given_here()
    way.wanted = True
    way.give()
    assert (pauses, way.wanted) == ([module.REST], False)


def test_it_works_for_a_while_between_two_pauses(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    way = Way()
    way.given_here()
    way.give()
    monkeypatch.setattr(module.time, "monotonic", lambda: 101.0 + module.WORK / 2)
    way.wanted = True
    way.give()
    assert (len(pauses), way.wanted) == (1, True)


def test_another_thread_never_pauses(pauses: list[float]) -> None:
    way = Way()
    way.given_here()
    way.wanted = True
    thread = threading.Thread(target=way.give)
    thread.start()
    thread.join()
    assert (pauses, way.wanted) == ([], True)


def test_an_entry_is_where_a_task_pauses(pauses: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    way = Way()
    way.given_here()
    monkeypatch.setattr("server.engine.entry.WAY", way)
    entry = Entry("title", "http://localhost/1")
    for look in (lambda: entry.get("title"), lambda: entry.accept(), lambda: entry.update(other=1)):
        way.wanted = True
        look()
        assert not way.wanted
    assert len(pauses) == 3
