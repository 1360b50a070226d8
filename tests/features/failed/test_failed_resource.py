"""``/failed/``"""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.features.failed.store import SORT_KEYS, FailedStore, Failure
from tests.web.support import Server


@pytest.fixture
def filled(server: Server) -> Server:
    store = server.engine.db.store(FailedStore)
    store.record([Failure("One", "http://localhost/1", "disk full")], lambda count: timedelta(hours=count))
    store.record([Failure("Two", "http://localhost/2", "gone")], lambda count: None)
    store.record([Failure("One", "http://localhost/1", "disk full again")], lambda count: timedelta(hours=count))
    return server


def test_the_last_failure_comes_first_in_the_shape_of_the_contract(filled: Server) -> None:
    reply = filled.get("failed/")
    assert reply.status == 200
    assert reply.headers["Total-Count"] == "2"
    first, second = reply.json
    assert list(first) == ["id", "title", "url", "added_at", "reason", "count", "retry_time"]
    assert (first["title"], first["reason"], first["count"]) == ("One", "disk full again", 2)
    assert first["retry_time"].endswith("GMT")
    assert second["retry_time"] is None


@pytest.mark.parametrize("key", SORT_KEYS)
def test_every_documented_sort_works_both_ways(filled: Server, key: str) -> None:
    down = [row["id"] for row in filled.get(f"failed/?sort_by={key}").json]
    up = [row["id"] for row in filled.get(f"failed/?sort_by={key}&order=asc").json]
    assert sorted(down) == [1, 2]
    assert down == up[::-1]


def test_one_is_read_and_forgotten_by_its_id(filled: Server) -> None:
    assert filled.get("failed/2/").json["title"] == "Two"
    assert filled.delete("failed/2/").json["status"] == "success"
    for reply in (filled.get("failed/2/"), filled.delete("failed/2/")):
        assert reply.status == 404
        assert "2" in reply.json["message"]


def test_all_are_forgotten_and_counted(filled: Server) -> None:
    tag = filled.get("failed/").headers["ETag"]
    assert filled.get("failed/", headers={"If-None-Match": tag}).status == 304
    assert filled.delete("failed/").json["message"] == "successfully deleted 2 failed entries"
    assert filled.get("failed/", headers={"If-None-Match": tag}).json == []
