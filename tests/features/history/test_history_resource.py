"""``/history/``: pages of what was accepted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.features.history.store import HistoryItem, HistoryStore
from tests.web.support import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.close()


def fill(server: Server, count: int = 120) -> None:
    store = server.engine.db.store(HistoryStore)
    store.add(
        [
            HistoryItem(f"task {n % 3}", f"title {n:03}", f"http://localhost/{n}", None if n % 2 else f"/d/{n}", "by x")
            for n in range(count)
        ]
    )


def test_an_empty_history_has_counts_and_a_last_page_of_zero(server: Server) -> None:
    reply = server.get("history/")
    assert (reply.status, reply.json) == (200, [])
    assert (reply.headers["Total-Count"], reply.headers["Count"]) == ("0", "0")
    assert 'page=0>; rel="last"' in reply.headers["Link"]


def test_rows_have_the_shape_of_the_contract_newest_first(server: Server) -> None:
    fill(server)
    reply = server.get("history/")
    assert len(reply.json) == 50
    assert (reply.headers["Total-Count"], reply.headers["Count"]) == ("120", "50")
    row = reply.json[0]
    assert list(row) == ["id", "task", "title", "url", "filename", "details", "time"]
    assert row["id"] == 120
    moment = datetime.fromisoformat(row["time"])
    assert moment.tzinfo is None
    assert abs((datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds()) < 60


@pytest.mark.parametrize("key", ["id", "task", "filename", "url", "title", "time", "details"])
def test_every_documented_sort_works_on_every_page(server: Server, key: str) -> None:
    fill(server)
    down = [row["id"] for page in (1, 2) for row in server.get(f"history/?sort_by={key}&per_page=100&page={page}").json]
    up = [
        row["id"]
        for page in range(1, 8)
        for row in server.get(f"history/?sort_by={key}&per_page=19&order=asc&page={page}").json
    ]
    assert len(set(down)) == 120
    assert down == up[::-1]


def test_one_task_alone_can_be_asked_for(server: Server) -> None:
    fill(server)
    reply = server.get("history/?task=task%201&per_page=1000")
    assert reply.headers["Total-Count"] == "40"
    assert {row["task"] for row in reply.json} == {"task 1"}
    assert server.get("history/?task=nobody").json == []


def test_beyond_the_last_page_is_a_404_and_below_the_first_a_400(server: Server) -> None:
    fill(server, 3)
    assert server.get("history/?page=2").status == 404
    assert server.get("history/?page=0").status == 400
    assert server.get("history/?sort_by=size").status == 400
