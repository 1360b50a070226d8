"""What FlexGet's own web UI sends is taken, also where it is a little off."""

from __future__ import annotations

from tests.web.support import Server


def test_an_injected_entry_may_have_its_url_among_the_fields(server: Server) -> None:
    entry = {"title": "Injected", "fields": {"url": "http://localhost/injected"}}
    answer = server.post("tasks/execute", {"tasks": ["hist"], "inject": [entry], "entry_dump": True})
    assert answer.status == 200
    (dump,) = [piece["entry_dump"] for piece in answer.json["stream"] if "entry_dump" in piece]
    assert [one["url"] for one in dump] == ["http://localhost/injected"]


def test_an_injected_entry_without_any_url_is_refused(server: Server) -> None:
    for entry in ({"title": "x"}, {"title": "x", "fields": {}}, {"title": "x", "fields": {"url": 5}}):
        assert server.post("tasks/execute", {"tasks": ["hist"], "inject": [entry]}).status == 422


def test_a_movie_may_have_an_empty_year(server: Server) -> None:
    movie_list = server.post("movie_list/", {"name": "x"}).json["id"]
    answer = server.post(f"movie_list/{movie_list}/movies/", {"movie_name": "Alien", "movie_year": ""})
    assert (answer.status, answer.json["year"]) == (201, None)
    assert server.post(f"movie_list/{movie_list}/movies/", {"movie_name": "x", "movie_year": "79"}).status == 422


def test_history_of_the_task_with_no_name_is_that_of_all(server: Server) -> None:
    server.engine.run("hist")
    assert len(server.get("history?page=1&sort=time&order=desc&task=").json) == 2


def test_variables_may_be_saved_while_there_are_none(server: Server) -> None:
    answer = server.put("variables", {})
    assert (answer.status, answer.json) == (201, {})
