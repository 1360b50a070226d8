"""Clients that change the same record at the same time: each is told what it really did."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

import pytest

from server.features.entry_list.store import EntryListStore
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.series.store import SeriesStore
from server.features.users.store import UserStore

ENTRY = {"title": "t", "original_url": "http://x/"}


class Meeting:
    """Holds those who look at a record until both have seen it, or for half a second when only one can."""

    def __init__(self) -> None:
        self._barrier = threading.Barrier(2)

    def __call__(self, look: Any) -> Any:
        def seen(*args: Any) -> Any:
            found = look(*args)
            with suppress(threading.BrokenBarrierError):
                self._barrier.wait(0.5)
            return found

        return seen


def add_to_list(server: Any, kind: str, items: str, body: dict[str, Any]) -> str:
    """The address of a thing on a new list."""
    base = f"/api/{kind}/{server.post(f'/api/{kind}/', {'name': 'a'}).json['id']}/{items}/"
    return f"{base}{server.post(base, body).json['id']}/"


def add_episode(server: Any) -> str:
    """The address of an episode of a new show."""
    show = server.post("/api/series/", {"name": "Some Show", "begin_episode": "S01E02"}).json["id"]
    return f"/api/series/{show}/episodes/{server.get(f'/api/series/{show}/episodes/').json[0]['id']}/"


@pytest.mark.parametrize(
    ("store", "look", "add"),
    [
        (EntryListStore, "entry", lambda server: add_to_list(server, "entry_list", "entries", ENTRY)),
        (PendingListStore, "entry", lambda server: add_to_list(server, "pending_list", "entries", ENTRY)),
        (MovieListStore, "movie", lambda server: add_to_list(server, "movie_list", "movies", {"movie_name": "m"})),
        (SeriesStore, "entity", add_episode),
    ],
)
def test_of_two_who_delete_the_same_one_is_told_that_it_is_not_there(server, monkeypatch, store, look, add) -> None:
    address = add(server)
    monkeypatch.setattr(store, look, Meeting()(getattr(store, look)))
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(server.delete, [address, address]))
    assert sorted(answer.status for answer in answers) == [200, 404]


def test_nothing_is_added_to_a_list_that_goes_meanwhile(server, monkeypatch) -> None:
    address = f"/api/entry_list/{server.post('/api/entry_list/', {'name': 'a'}).json['id']}/"
    monkeypatch.setattr(EntryListStore, "get", Meeting()(EntryListStore.get))
    with ThreadPoolExecutor(2) as clients:
        added = clients.submit(server.post, f"{address}entries/", ENTRY)
        gone = clients.submit(server.delete, address)
    assert gone.result().status == 200
    assert added.result().status in (201, 404)
    assert server.get(f"{address}entries/").status == 404


def test_of_two_who_make_a_token_of_the_same_name_one_gets_it(server, monkeypatch) -> None:
    monkeypatch.setattr(UserStore, "tokens", Meeting()(UserStore.tokens))
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(lambda name: server.post("/api/user/tokens/", {"name": name}), ["tv", "tv"]))
    assert sorted(answer.status for answer in answers) == [201, 409]
    (made,) = [answer.json["token"] for answer in answers if answer.status == 201]
    assert server.get("/api/server/pid/", headers={"Authorization": f"Token {made}"}).status == 200


def test_a_client_may_add_a_show_while_a_task_does(server, monkeypatch) -> None:
    server.engine.configure("tasks: {t: {mock: [{title: Some Show S01E01}], series: [Some Show]}}")
    look, runs = SeriesStore.shows_by_name, threading.current_thread()
    with ThreadPoolExecutor(1) as clients:
        added: list[Any] = []

        def seen(*args: Any) -> Any:
            found = look(*args)
            if threading.current_thread() is runs and not added:
                added.append(clients.submit(server.post, "/api/series/", {"name": "Some Show"}))
                wait(added, 0.5)
            return found

        monkeypatch.setattr(SeriesStore, "shows_by_name", seen)
        task = server.engine.run("t")
    assert not task.aborted, task.abort_reason
    assert added[0].result().status == 409


def test_another_program_that_keeps_the_database_locked_is_told_and_reading_goes_on(make_server, monkeypatch) -> None:
    monkeypatch.setattr("server.storage.database.PRAGMAS", ("PRAGMA busy_timeout=10",))
    server = make_server()
    assert server.post("/api/entry_list/", {"name": "first"}).status == 201
    other = sqlite3.connect(server.engine.db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = server.post("/api/entry_list/", {"name": "a"})
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert "locked by another program" in refused.json["message"]
    assert [item["name"] for item in server.get("/api/entry_list/").json] == ["first"]
    other.close()
    assert server.post("/api/entry_list/", {"name": "a"}).status == 201


@pytest.mark.parametrize("kind", ["entry_list", "movie_list", "pending_list"])
def test_a_first_request_that_is_refused_leaves_everything_usable(server, kind: str) -> None:
    assert server.put(f"/api/{kind}/1/{'movies' if kind == 'movie_list' else 'entries'}/1/", []).status in (404, 422)
    assert server.delete(f"/api/{kind}/1/").status == 404
    assert server.post(f"/api/{kind}/", {"name": "a"}).status == 201
    assert server.delete("/api/series/1/").status == 404
    assert server.post("/api/series/", {"name": "Some Show"}).status == 201
