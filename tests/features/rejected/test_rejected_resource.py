"""``/rejected/``"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from server.features.rejected.store import SORT_KEYS, RejectedStore, Rejection
from tests.web.support import Server

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def filled(server: Server) -> Server:
    server.engine.db.store(RejectedStore).remember(
        [
            Rejection("tv", "One", "http://localhost/1", "content_size", "too small", None),
            Rejection("tv", "Two", "http://localhost/2", "regexp", "a sample", LATER),
        ]
    )
    return server


def test_they_are_told_in_the_shape_of_the_contract(filled: Server) -> None:
    reply = filled.get("rejected/?sort_by=title")
    assert reply.headers["Count"] == "2"
    row = reply.json[0]
    assert list(row) == ["id", "title", "url", "added", "expires", "reason", "rejected_by"]
    assert (row["title"], row["reason"], row["rejected_by"]) == ("Two", "a sample", "regexp")
    assert row["expires"] == "Fri, 01 Jan 2100 00:00:00 GMT"
    assert reply.json[1]["expires"] is None


@pytest.mark.parametrize("key", SORT_KEYS)
def test_every_documented_sort_works_both_ways(filled: Server, key: str) -> None:
    down = [row["id"] for row in filled.get(f"rejected/?sort_by={key}").json]
    up = [row["id"] for row in filled.get(f"rejected/?sort_by={key}&order=asc").json]
    assert sorted(down) == [1, 2]
    assert down == up[::-1]


def test_one_is_read_and_forgotten_by_its_id(filled: Server) -> None:
    assert filled.get("rejected/1/").json["title"] == "One"
    assert filled.delete("rejected/1/").status == 200
    assert filled.get("rejected/1/").status == filled.delete("rejected/1/").status == 404


def test_all_are_forgotten_and_counted(filled: Server) -> None:
    assert filled.delete("rejected/").json["message"] == "successfully deleted 2 rejected entries"
    assert filled.get("rejected/").json == []
