"""``pending_approval`` and ``/pending/``"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update

from server.engine.entry import Entry
from server.features.pending.store import KEPT_DAYS, PENDING, SORT_KEYS, PendingStore
from tests.support import Engine, titles
from tests.web.support import Server

CONFIG = """
tasks:
  films:
    mock:
      - {title: one, url: "http://localhost/1", size: 7}
      - {title: two, url: "http://localhost/2"}
      - {title: three, url: "http://localhost/3"}
    regexp: {accept: [one], reject: [three]}
    pending_approval: yes
"""
EMPTY = """
tasks:
  films:
    mock: []
    accept_all: yes
    pending_approval: yes
"""


def pending(engine: Engine) -> PendingStore:
    return engine.db.store(PendingStore)


# -- the plugin --------------------------------------------------------------------------------------------------------


def test_what_is_not_rejected_waits(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    task = made.run()
    assert {entry["title"]: entry["rejected_by"] for entry in task.rejected} == {
        "one": "pending_approval",
        "two": "pending_approval",
        "three": "regexp",
    }
    assert [(row.title, row.task_name, row.approved) for row in pending(made).all()] == [
        ("two", "films", False),
        ("one", "films", False),
    ]


def test_it_goes_on_waiting_until_it_is_approved(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    made.run()
    task = made.run()
    assert not task.accepted
    assert next(entry for entry in task.rejected if entry["title"] == "one")["reason"] == "it waits for approval still"
    assert len(pending(made).all()) == 2


def test_what_is_approved_passes_once(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    made.run()
    assert pending(made).decide(True, ids=[1]) == [1]
    assert titles(made.run().accepted) == ["one"]
    assert [row.title for row in pending(made).all()] == ["two"]


def test_it_comes_also_when_it_left_the_feed_with_the_fields_of_its_input(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    made.run()
    pending(made).decide(True, task="films")
    made.configure(EMPTY)
    task = made.run()
    assert titles(task.accepted) == ["one", "two"]
    assert task.accepted[0]["size"] == 7
    assert pending(made).all() == []


def test_a_test_run_lets_nothing_wait(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    made.run(test=True)
    assert pending(made).all() == []


def test_switched_off_it_does_nothing(engine: Callable[[str], Engine]) -> None:
    task = engine(CONFIG.replace("approval: yes", "approval: no")).run()
    assert titles(task.accepted) == ["one"]


def test_the_cost_of_a_run_does_not_grow_with_each_entry(engine: Callable[[str], Engine]) -> None:
    store = pending(engine(CONFIG))
    counted: list[str] = []
    event.listen(store.db._connection().engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    entries = [Entry(title=f"t{number}", url=f"http://localhost/{number}") for number in range(1000)]
    store.add("films", entries)
    assert len(counted) < 10
    store.add("films", entries)
    assert len(store.all()) == 1000


def test_what_nobody_approved_for_long_is_dropped(engine: Callable[[str], Engine]) -> None:
    made = engine(CONFIG)
    made.run()
    long_ago = datetime.now(UTC) - timedelta(days=KEPT_DAYS + 1)
    made.db.execute(update(PENDING).where(PENDING.c.id == 2).values(added=long_ago))
    assert pending(made).purge() == 1
    assert [row.id for row in pending(made).all()] == [1]


# -- the resource ------------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(server: Server) -> Server:
    store = server.engine.db.store(PendingStore)
    store.add("tv", [Entry(title="One", url="http://localhost/1")])
    store.add("films", [Entry(title="Two", url="http://localhost/2"), Entry(title="Three", url="http://localhost/3")])
    store.decide(True, ids=[2])
    return server


def test_they_are_told_newest_first_in_the_shape_of_the_contract(filled: Server) -> None:
    reply = filled.get("pending/")
    assert [row["id"] for row in reply.json] == [3, 2, 1]
    row = reply.json[2]
    assert {**row, "added": None} == {
        "id": 1,
        "task_name": "tv",
        "title": "One",
        "url": "http://localhost/1",
        "approved": False,
        "added": None,
    }
    assert reply.headers["Total-Count"] == "3"


@pytest.mark.parametrize(
    ("query", "ids"),
    [("task_name=tv", [1]), ("approved=true", [2]), ("approved=0&task_name=films", [3]), ("task_name=", [3, 2, 1])],
)
def test_they_are_filtered(filled: Server, query: str, ids: list[int]) -> None:
    assert [row["id"] for row in filled.get(f"pending/?{query}").json] == ids


@pytest.mark.parametrize("key", SORT_KEYS)
def test_every_documented_sort_works_both_ways(filled: Server, key: str) -> None:
    down = [row["id"] for row in filled.get(f"pending/?sort_by={key}").json]
    assert sorted(down) == [1, 2, 3]
    assert down == [row["id"] for row in filled.get(f"pending/?sort_by={key}&order=asc").json][::-1]


def test_all_are_decided_at_once_and_only_those_that_changed_are_told(filled: Server) -> None:
    reply = filled.put("pending/", {"operation": "approve"})
    assert (reply.status, [row["id"] for row in reply.json]) == (201, [3, 1])
    assert all(row["approved"] for row in reply.json)
    again = filled.put("pending/", {"operation": "approve"})
    assert (again.status, again.body) == (204, b"")
    assert [row["id"] for row in filled.put("pending/?task_name=tv", {"operation": "reject"}).json] == [1]


def test_one_is_decided_and_the_same_again_is_refused(filled: Server) -> None:
    reply = filled.put("pending/1/", {"operation": "approve"})
    assert (reply.status, reply.json["approved"]) == (201, True)
    assert filled.get("pending/1/").json == reply.json
    assert filled.put("pending/1/", {"operation": "approve"}).status == 400
    assert filled.put("pending/1/", {"operation": "burn"}).status == 422
    assert filled.put("pending/9/", {"operation": "reject"}).status == 404


def test_they_are_removed_and_counted(filled: Server) -> None:
    assert filled.delete("pending/1/").status == 200
    assert filled.delete("pending/1/").status == filled.get("pending/1/").status == 404
    assert filled.delete("pending/?task_name=films&approved=true").json["message"] == "deleted 1 pending entries"
    assert filled.delete("pending/").json["message"] == "deleted 1 pending entries"
    assert filled.get("pending/").json == []
