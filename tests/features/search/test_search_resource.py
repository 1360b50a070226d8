"""One field finds tasks, shows, lists and entries."""

from __future__ import annotations

from typing import Any

from server.features.entry_list.store import EntryListStore
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.runs._recorder import record
from server.features.series.store import SeriesStore
from tests.web.support import Server


def search(server: Server, query: str) -> list[Any]:
    answer = server.get(f"search/?{query}")
    assert answer.status == 200, answer.body
    return answer.json


def test_every_kind_is_found_and_its_path_leads_to_it(server: Server) -> None:
    db = server.engine.db
    db.store(SeriesStore).add_shows([("Two Broke Ones", "two broke ones")])
    for store in (EntryListStore, PendingListStore):
        lists = db.store(store)
        lists.add(lists.create("list of two").id, {"title": "Two.of.Hearts", "url": "http://localhost/"})
    movies = db.store(MovieListStore)
    movies.add(movies.create("two movies").id, "The Two Towers", 2002, [])
    server.services.recorders.append(record)
    server.engine.run("hist")
    server.post("tasks/", {"name": "task two/three", "config": {"mock": []}})
    found = search(server, "q=TWO")
    assert [one["kind"] for one in found] == [
        "task", "show", "list", "list", "list", "list_entry", "list_entry", "movie", "accepted", "entry",
    ]  # fmt: skip
    for one in found:
        assert server.get(f"/api{one['path']}").status == 200, one
    by_kind = {one["kind"]: one for one in found}
    assert by_kind["movie"]["title"] == "The Two Towers (2002)"
    assert by_kind["movie"]["detail"] == "two movies"
    assert by_kind["entry"]["detail"].startswith("hist: accepted")


def test_all_words_must_be_there_in_any_order(server: Server) -> None:
    lists = server.engine.db.store(EntryListStore)
    lists.add(lists.create("x").id, {"title": "Some.Show.S01E02.720p", "url": "http://localhost/"})
    assert [one["title"] for one in search(server, "q=720p+show")] == ["Some.Show.S01E02.720p"]
    assert search(server, "q=720p+other") == []
    assert search(server, "q=%25") == []
    assert search(server, "q=so%5Fme")


def test_lists_and_shows_are_found_by_their_words_in_any_order_too(server: Server) -> None:
    db = server.engine.db
    db.store(SeriesStore).add_shows([("Law & Order", "law and order"), ("Order", "order")])
    db.store(MovieListStore).create("To watch soon")
    assert [one["title"] for one in search(server, "q=order+law")] == ["Law & Order"]
    assert [one["title"] for one in search(server, "q=%26+order")] == ["Law & Order"]
    assert [one["title"] for one in search(server, "q=soon+watch")] == ["To watch soon"]


def test_as_many_of_a_kind_are_told_as_asked_for(server: Server) -> None:
    for store in (EntryListStore, PendingListStore):
        lists = server.engine.db.store(store)
        lists.add(lists.create("two").id, {"title": "two", "url": "http://localhost/"})
    assert [one["kind"] for one in search(server, "q=two&limit=1")] == ["list", "list_entry"]


def test_kinds_and_number_can_be_chosen(server: Server) -> None:
    server.services.recorders.append(record)
    server.engine.run("hist")
    assert {one["kind"] for one in search(server, "q=o&kinds=entry")} == {"entry"}
    assert len(search(server, "q=o&kinds=entry&limit=1")) == 1


def test_a_search_for_nothing_is_refused(server: Server) -> None:
    assert server.get("search/").status == 400
    assert "q" in server.get("search/?q=+.").json["errors"]
    assert "kinds" in server.get("search/?q=x&kinds=shoe").json["errors"]


def test_a_title_with_letters_beyond_ascii_is_found(server: Server) -> None:
    server.services.recorders.append(record)
    server.post("tasks/", {"name": "n", "config": {"mock": [{"title": 'Übung "eins"'}]}})
    server.engine.run("n")
    assert [one["kind"] for one in search(server, "q=%C3%BCbung")] == ["entry"]
    assert [one["kind"] for one in search(server, "q=%22eins")] == ["entry"]
