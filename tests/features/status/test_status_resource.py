"""``/status/`` and ``/tasks/status/``"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from server.features.status.commands import _show_tasks
from server.features.status.store import EXECUTION_SORT_KEYS, Execution, StatusStore
from server.terminal.tables import Style
from tests.web.support import Server

BOTH = pytest.mark.parametrize("path", ["status/", "tasks/status/"])


def execution(days_ago: float, *, succeeded: bool = True, produced: int | None = 3) -> Execution:
    start = datetime.now(UTC) - timedelta(days=days_ago)
    reason = None if succeeded else "the disk is full"
    return Execution(start, start + timedelta(seconds=2), succeeded, produced, 1, 2, 0, reason)


@pytest.fixture
def filled(server: Server) -> Server:
    store = server.engine.db.store(StatusStore)
    store.add("films", execution(8))
    store.add("tv", execution(3, produced=0))
    store.add("tv", execution(2, succeeded=False))
    store.add("tv", execution(1))
    return server


@BOTH
def test_tasks_come_by_their_last_execution_and_tell_it(filled: Server, path: str) -> None:
    reply = filled.get(path)
    assert [(task["id"], task["name"]) for task in reply.json] == [(2, "tv"), (1, "films")]
    last = reply.json[0]["last_execution"]
    assert list(last) == [
        "start",
        "end",
        "succeeded",
        "produced",
        "accepted",
        "rejected",
        "failed",
        "abort_reason",
        "id",
        "task_id",
    ]
    assert (last["id"], last["task_id"], last["succeeded"], last["start"]) == (
        4,
        2,
        True,
        reply.json[0]["last_execution_time"],
    )
    assert reply.headers["Total-Count"] == "2"


@BOTH
def test_the_last_execution_can_be_left_out(filled: Server, path: str) -> None:
    assert list(filled.get(f"{path}2/?include_execution=false").json) == ["id", "name", "last_execution_time"]
    assert all("last_execution" not in task for task in filled.get(f"{path}?include_execution=0").json)


@pytest.mark.parametrize("key", ["last_execution_time", "name", "id"])
def test_tasks_are_sorted_as_asked(filled: Server, key: str) -> None:
    down = [task["id"] for task in filled.get(f"status/?sort_by={key}").json]
    assert down == [2, 1]
    assert [task["id"] for task in filled.get(f"status/?sort_by={key}&order=asc").json] == [1, 2]


def test_a_task_whose_executions_were_purged_tells_an_empty_one(filled: Server) -> None:
    filled.engine.db.store(StatusStore).purge(days=5)
    assert filled.get("status/1/").json["last_execution"]["id"] == 1


@BOTH
def test_unless_told_otherwise_executions_are_those_of_a_week_that_succeeded(filled: Server, path: str) -> None:
    assert [row["id"] for row in filled.get(f"{path}2/executions/").json] == [4, 2]
    reply = filled.get(f"{path}1/executions/")
    assert (reply.json, reply.headers["Total-Count"]) == ([], "0")
    old = filled.get(f"{path}1/executions/?start_date=2020-01-01")
    assert [row["id"] for row in old.json] == [1]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("succeeded=false", [4, 3, 2]),
        ("succeeded=false&produced=true", [4, 3]),
        ("succeeded=", [4, 3, 2]),
        ("produced=true", [4]),
        ("produced=false", [4, 2]),
        ("end_date=2020-01-01", []),
        ("start_date=2100-01-01", []),
        ("order=asc", [2, 4]),
    ],
)
def test_executions_are_filtered_and_counted(filled: Server, query: str, ids: list[int]) -> None:
    reply = filled.get(f"status/2/executions/?{query}")
    assert [row["id"] for row in reply.json] == ids
    assert reply.headers["Total-Count"] == str(len(ids))


@pytest.mark.parametrize("key", EXECUTION_SORT_KEYS)
def test_every_documented_sort_of_executions_works_both_ways(filled: Server, key: str) -> None:
    down = [row["id"] for row in filled.get(f"status/2/executions/?sort_by={key}").json]
    up = [row["id"] for row in filled.get(f"status/2/executions/?sort_by={key}&order=asc").json]
    assert sorted(down) == [2, 4]
    assert down == up[::-1]


def test_what_is_not_there_and_what_is_no_date_is_refused(filled: Server) -> None:
    assert filled.get("status/9/").status == 404
    assert filled.get("tasks/status/9/executions/").status == 404
    assert list(filled.get("status/2/executions/?start_date=soon").json["errors"]) == ["start_date"]


def test_the_command_asks_as_often_for_many_tasks_as_for_few(
    filled: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    store = filled.engine.db.store(StatusStore)
    statements: list[str] = []
    event.listen(store.db._db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    _show_tasks(store, 50, Style("porcelain"))
    few = sum(text.startswith("SELECT") for text in statements)
    for number in range(20):
        store.add(f"more {number}", execution(1, succeeded=number > 0))
    statements.clear()
    capsys.readouterr()
    _show_tasks(store, 50, Style("porcelain"))
    assert sum(text.startswith("SELECT") for text in statements) == few
    rows = {line.split("|")[0]: line.split("|") for line in capsys.readouterr().out.splitlines()}
    assert rows["more 0"][2] == ""
    assert rows["more 1"][2] == rows["more 1"][1]
