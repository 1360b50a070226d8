"""Every endpoint that clients know is asked on a running server; answers must be as they are declared."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from server.web.endpoint import Endpoint
from tests.features.api import stopped
from tests.web.contract.contract import LINES, Wanted, declared
from tests.web.contract.filled import EXAMPLES, filled
from tests.web.support import PASSWORD, Reply, Server

ELSEWHERE = {
    "/cached/": 400,
    "/imdb/search/{title}/": 404,
    "/tmdb/movies/": 400,
    "/trakt/movies/": 400,
    "/trakt/series/": 400,
    "/trakt/movies/{title}": 301,
    "/trakt/series/{title}": 301,
    "/tvdb/episode/{tvdb_id}/": 400,
    "/tvdb/search/": 400,
    "/tvdb/series/{title}/": 400,
    "/tvmaze/episode/{tvmaze_id}/": 400,
    "/tvmaze/series/{title}/": 404,
    "/irc/restart/": 400,
}
"""What waits for another machine, or is not there, and the status that tells so."""

STREAMS = {"/server/log/"}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/auth/login/"): {"username": "flexget", "password": PASSWORD},
    ("POST", "/database/"): {"operation": "cleanup"},
    ("POST", "/entry_list/"): {"name": "new"},
    ("POST", "/entry_list/{list_id}/entries/"): {"title": "Two", "original_url": "http://localhost/2"},
    ("PUT", "/entry_list/{list_id}/entries/{entry_id}/"): {"title": "Three", "original_url": "http://localhost/3"},
    ("DELETE", "/entry_list/{list_id}/entries/batch"): {"ids": [1]},
    ("POST", "/format_check/"): {"url": "http://localhost/"},
    ("POST", "/inject/"): {"tasks": ["hist"], "inject": [{"url": "http://localhost/4", "title": "Four"}]},
    ("POST", "/tasks/execute/"): {"tasks": ["hist"]},
    ("POST", "/movie_list/"): {"name": "new"},
    ("POST", "/movie_list/{list_id}/movies/"): {"movie_name": "Two"},
    ("PUT", "/movie_list/{list_id}/movies/{movie_id}/"): [{"tmdb_id": "5"}],
    ("DELETE", "/movie_list/{list_id}/movies/batch"): {"ids": [1]},
    ("PUT", "/pending/"): {"operation": "reject"},
    ("PUT", "/pending/{entry_id}/"): {"operation": "approve"},
    ("POST", "/pending_list/"): {"name": "new"},
    ("POST", "/pending_list/{list_id}/entries/"): {"title": "Two", "original_url": "http://localhost/2"},
    ("PUT", "/pending_list/{list_id}/entries/batch"): {"operation": "reject", "ids": [1]},
    ("DELETE", "/pending_list/{list_id}/entries/batch"): {"ids": [1]},
    ("PUT", "/pending_list/{list_id}/entries/{entry_id}/"): {"operation": "approve"},
    ("POST", "/schedules/"): {"tasks": "*", "interval": {"hours": 5}},
    ("PUT", "/schedules/{schedule_id}/"): {"tasks": ["hist"], "interval": {"hours": 6}},
    ("POST", "/series/"): {"name": "Beta", "begin_episode": "S01"},
    ("PUT", "/series/{show_id}/"): {"alternate_names": ["A"]},
    ("POST", "/server/manage/"): {"operation": "reload"},
    ("POST", "/server/raw_config/"): {"raw_config": base64.b64encode(b"tasks: {}\nschedules: no\n").decode()},
    ("POST", "/tasks/"): {"name": "new", "config": {"mock": []}},
    ("PUT", "/tasks/{task}/"): {"name": "hist", "config": {"mock": []}},
    ("PUT", "/user/"): {"password": "another-horse-88-battery"},
    ("PUT", "/variables/"): {"a": 2},
    ("PATCH", "/variables/"): {"b": 3},
}
LAST = {"/server/raw_config/", "/user/", "/user/token/", "/auth/logout/"}
"""After these the server is another one."""

READ = [line for line in LINES if line.method == "GET" and line.path not in STREAMS]
WRITTEN = [line for line in LINES if line.method != "GET"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = filled(tmp_path_factory.mktemp("walk"))
    yield made
    stopped(made)


def address(server: Server, wanted: Wanted) -> str:
    """With an example for each parameter of the path."""
    season = "/seasons/" in wanted.path

    def example(found: re.Match[str]) -> str:
        name = found[1]
        if name == "schedule_id":
            return str(server.get("schedules/").json[0]["id"])
        if season and name in ("season_id", "rel_id"):
            return "2"
        return EXAMPLES.get(name, "1")

    return re.sub(r"\{(\w+)\}", example, wanted.path).lstrip("/")


def check(reply: Reply, wanted: Wanted, found: Endpoint) -> None:
    """What holds for each answer that worked."""
    assert reply.status == found.status, (str(wanted), reply.body)
    assert reply.headers["API-Version"] == "1.8.0"
    if reply.status != 204:
        assert reply.headers["Content-Type"] == "application/json"
        Draft202012Validator(found.returns or {}).validate(reply.json)
    for name in found.headers:
        assert reply.headers[name], name


@pytest.mark.parametrize("wanted", READ, ids=str)
def test_a_get_answers_as_it_is_declared(server: Server, wanted: Wanted) -> None:
    found = declared(wanted)
    assert found is not None
    reply = server.get(address(server, wanted))
    if wanted.path in ELSEWHERE:
        assert reply.status == ELSEWHERE[wanted.path]
        assert reply.json["message"]
        return
    check(reply, wanted, found)
    assert reply.headers["Cache-Control"] == f"max-age={found.max_age}"
    if found.paginated:
        assert int(reply.headers["Count"]) == len(reply.json) <= int(reply.headers["Total-Count"])
        assert 'rel="last"' in reply.headers["Link"]
    if found.etag:
        same = server.get(address(server, wanted), headers={"If-None-Match": reply.headers["ETag"]})
        assert same.status in ((304,) if "threads" not in wanted.path else (200, 304))


PAGES = [line for line in READ if (found := declared(line)) is not None and found.paginated]


@pytest.mark.parametrize("wanted", PAGES, ids=str)
def test_a_list_is_sorted_by_each_key_in_each_direction(server: Server, wanted: Wanted) -> None:
    found = declared(wanted)
    assert found is not None
    assert found.paginated is not None
    start = address(server, wanted)
    for key in found.paginated.sort_by or ("",):
        for order in ("asc", "desc"):
            sorting = f"sort_by={key}&order={order}" if key else f"order={order}"
            check(server.get(f"{start}?{sorting}"), wanted, found)
    for query in ("page=0", "per_page=0", "page=-1", "page=x"):
        assert "errors" in server.get(f"{start}?{query}").json
    assert server.get(f"{start}?page=1000").status == 404
    assert server.get(f"{start}?per_page=1000").status == 200


WITH_ID = [line for line in READ if "_id}" in line.path and line.path not in ELSEWHERE]


@pytest.mark.parametrize("wanted", WITH_ID, ids=str)
def test_an_unknown_id_is_not_found(server: Server, wanted: Wanted) -> None:
    reply = server.get(re.sub(r"\{\w+\}", "987654", wanted.path).lstrip("/"))
    assert (reply.status, reply.json["status"]) == (404, "Error")


def turn(line: Wanted) -> tuple[bool, int, int]:
    """Changes first, then additions, then removals, of what lies deepest first."""
    return line.path in LAST, {"PUT": 0, "PATCH": 0, "POST": 1, "DELETE": 2}[line.method], -line.path.count("/")


def test_what_writes_answers_as_it_is_declared(tmp_path: Path) -> None:
    server = filled(tmp_path)
    try:
        for wanted in sorted(WRITTEN, key=turn):
            found = declared(wanted)
            assert found is not None
            target = address(server, wanted)
            if found.body is not None:
                assert server.ask(wanted.method, target, b"{").status == 415, str(wanted)
            check(server.ask(wanted.method, target, BODIES.get((wanted.method, wanted.path))), wanted, found)
    finally:
        stopped(server)
