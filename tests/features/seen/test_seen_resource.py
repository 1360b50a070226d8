"""``/seen/``: pages, search and forgetting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.features.seen.store import SeenStore, Sighting
from tests.web.support import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.engine.db.store(SeenStore).learn(
        [
            Sighting("Alpha", "tv", {"title": "Alpha", "url": "http://localhost/50%25/a"}, reason="because"),
            Sighting("beta", "tv", {"title": "beta"}, local=True),
            Sighting("Gamma", "films", {"title": "Gamma", "imdb_id": "tt0000001"}),
        ]
    )
    yield made
    made.close()


def titles(server: Server, query: str = "") -> list[str]:
    reply = server.get(f"seen/?{query}")
    assert reply.status == 200
    return [row["title"] for row in reply.json]


def test_rows_come_by_title_descending_with_counts_and_the_shape_of_the_contract(server: Server) -> None:
    reply = server.get("seen/")
    assert reply.headers["Total-Count"] == reply.headers["Count"] == "3"
    assert [row["title"] for row in reply.json] == ["beta", "Gamma", "Alpha"]
    row = reply.json[2]
    assert {name: row[name] for name in ("id", "title", "task", "reason", "local")} == {
        "id": 1,
        "title": "Alpha",
        "task": "tv",
        "reason": "because",
        "local": False,
    }
    assert row["added"].endswith("GMT")
    assert row["fields"][0] == {
        "field_id": 1,
        "field_name": "title",
        "value": "Alpha",
        "added": row["added"],
        "seen_entry_id": 1,
    }


@pytest.mark.parametrize("key", ["title", "task", "added", "local", "reason", "id"])
def test_every_documented_sort_works_both_ways(server: Server, key: str) -> None:
    down = [row["id"] for row in server.get(f"seen/?sort_by={key}&order=desc").json]
    up = [row["id"] for row in server.get(f"seen/?sort_by={key}&order=asc").json]
    assert down == up[::-1]


def test_pages_are_linked(server: Server) -> None:
    reply = server.get("seen/?per_page=1&page=2&order=asc&value=a")
    assert [row["title"] for row in reply.json] == ["Gamma"]
    assert reply.headers["Total-Count"] == "3"
    assert [part.rpartition("; ")[2] for part in reply.headers["Link"].split(", ")] == [
        'rel="prev"',
        'rel="next"',
        'rel="last"',
    ]
    assert server.get("seen/?per_page=1&page=4").status == 404
    assert server.get("seen/?page=0").status == 400


def test_values_are_looked_for_without_case_in_any_field_and_decoded_once_more(server: Server) -> None:
    assert titles(server, "value=TT0000") == ["Gamma"]
    assert titles(server, "value=http%253A%252F%252Flocalhost") == ["Alpha"]
    assert titles(server, "value=%25") == ["Alpha"]
    assert titles(server, "value=_") == []


def test_local_ones_are_told_apart(server: Server) -> None:
    assert titles(server, "local=true") == ["beta"]
    assert titles(server, "local=0") == ["Gamma", "Alpha"]
    assert server.get("seen/?local=maybe").status == 400


def test_one_is_read_and_forgotten_by_its_id(server: Server) -> None:
    assert server.get("seen/3/").json["title"] == "Gamma"
    reply = server.ask("DELETE", "seen/3/")
    assert (reply.status, reply.json["status"]) == (200, "success")
    assert server.get("seen/3/").status == 404
    assert server.ask("DELETE", "seen/3/").status == 404
    assert titles(server) == ["beta", "Alpha"]


def test_what_fits_is_forgotten_and_counted(server: Server) -> None:
    assert server.ask("DELETE", "seen/?value=nothing").json["message"] == "successfully deleted 0 entries"
    assert server.ask("DELETE", "seen/?value=amm").json["message"] == "successfully deleted 1 entries"
    assert server.ask("DELETE", "seen/?value=").status == 400
    assert titles(server) == ["beta", "Alpha"]
    assert server.ask("DELETE", "seen/").json["message"] == "successfully deleted 2 entries"
    reply = server.get("seen/")
    assert (reply.status, reply.json, reply.headers["Total-Count"]) == (200, [], "0")


def test_an_unchanged_list_is_a_304_and_a_changed_one_is_not(server: Server) -> None:
    tag = server.get("seen/").headers["ETag"]
    assert server.get("seen/", headers={"If-None-Match": tag}).status == 304
    server.ask("DELETE", "seen/1/")
    assert server.get("seen/", headers={"If-None-Match": tag}).status == 200
    assert server.get("seen/", headers={"If-Match": tag}).status == 412
