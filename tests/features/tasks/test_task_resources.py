"""``/tasks/``: reading, and edits that change only their own lines of the file."""

from __future__ import annotations

import difflib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.features.api import CONFIG
from tests.web.support import Server


def text(server: Server) -> str:
    return server.engine.path.read_text(encoding="utf-8")


def test_tasks_are_listed_as_written_without_hidden_ones(server: Server) -> None:
    reply = server.get("tasks/")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["API-Version"] == "1.8.0"
    assert [task["name"] for task in reply.json] == ["hist", "second"]
    assert reply.json[1]["config"] == {"mock": [{"title": "three"}], "priority": 1}
    assert server.get("tasks/", headers={"If-None-Match": reply.headers["ETag"]}).status == 304


def test_names_alone_are_told_where_asked(server: Server) -> None:
    assert server.get("tasks/?include_config=false").json == ["hist", "second"]
    refused = server.get("tasks/?include_config=perhaps")
    assert refused.status == 400
    assert "include_config" in refused.json["errors"]


def test_a_task_is_read_by_its_exact_name_also_a_hidden_one(server: Server) -> None:
    assert server.get("tasks/_hidden/").json == {"name": "_hidden", "config": {"mock": []}}
    reply = server.get("tasks/HIST/")
    assert reply.status == 404
    assert reply.json["status"] == "Error"


@pytest.mark.parametrize("name", ["execute", "queue", "status"])
def test_a_task_called_like_a_path_of_the_api_can_be_changed_and_deleted(server: Server, name: str) -> None:
    there = server.ask("DELETE", f"tasks/{name}/")
    assert (there.status, there.json["status"]) == (404, "Error")
    assert server.ask("POST", "tasks/", {"name": name, "config": {"mock": []}}).status == 201
    changed = {"name": name, "config": {"mock": [], "accept_all": True}}
    assert server.ask("PUT", f"tasks/{name}/", changed).json == changed
    if name == "execute":
        assert server.get(f"tasks/{name}/").json == changed
    else:
        assert isinstance(server.get(f"tasks/{name}/").json, list)
    assert server.ask("DELETE", f"tasks/{name}/").status == 200
    assert server.ask("PATCH", f"tasks/{name}/", {}).status == 405


def test_an_added_task_is_appended_and_nothing_else_changes(server: Server) -> None:
    reply = server.ask("POST", "tasks/", {"name": "new", "config": {"mock": [{"title": "x"}], "accept_all": True}})
    assert reply.status == 201
    assert reply.json == {"name": "new", "config": {"mock": [{"title": "x"}], "accept_all": True}}
    difference = list(difflib.ndiff(CONFIG.splitlines(), text(server).splitlines()))
    assert [line for line in difference if line.startswith("- ")] == []
    assert "+   new:" in difference
    assert server.get("tasks/new/").json == reply.json


def test_a_name_in_use_is_refused(server: Server) -> None:
    assert server.ask("POST", "tasks/", {"name": "hist", "config": {}}).status == 409
    assert server.ask("PUT", "tasks/hist/", {"name": "second", "config": {}}).status == 400
    assert text(server) == CONFIG


def test_what_does_not_fit_a_plugin_is_a_422_with_its_path_and_writes_nothing(server: Server) -> None:
    for method, path in (("POST", "tasks/"), ("PUT", "tasks/hist/")):
        reply = server.ask(method, path, {"name": "new", "config": {"accept_all": "perhaps", "mok": 1}})
        assert reply.status == 422
        assert reply.json["message"] == "validation error"
        options, plugin = reply.json["validation_errors"]
        assert (options["path"], options["validator"]) == (["config", "accept_all"], "type")
        assert options["schema_path"] == ["properties", "config", "properties", "accept_all", "type"]
        assert (plugin["path"], plugin["validator"]) == (["config"], "additionalProperties")
        assert plugin["schema_path"] == ["properties", "config", "additionalProperties"]
        assert "mok" in plugin["message"]
    assert text(server) == CONFIG


def test_a_body_of_another_shape_is_refused(server: Server) -> None:
    for body in ({"name": "x"}, {"name": 1, "config": {}}, {"name": "", "config": {}}, {"name": "x", "config": []}, []):
        assert server.ask("POST", "tasks/", body).status == 422
    assert server.ask("POST", "tasks/", b"{", headers={"Content-Type": "application/json"}).status == 400
    assert server.ask("POST", "tasks/", b"{}", headers={"Content-Type": "text/plain"}).status == 415


def test_a_change_writes_only_what_differs(server: Server) -> None:
    config = server.get("tasks/hist/").json["config"]
    reply = server.ask("PUT", "tasks/hist/", {"name": "hist", "config": {**config, "accept_all": False}})
    assert reply.status == 200
    changed = [pair for pair in zip(CONFIG.splitlines(), text(server).splitlines(), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 1
    assert "accept_all" in changed[0][1]


def test_a_task_can_be_renamed(server: Server) -> None:
    config = server.get("tasks/hist/").json["config"]
    reply = server.ask("PUT", "tasks/hist/", {"name": "a/b c", "config": config})
    assert reply.status == 200
    assert reply.json["name"] == "a/b c"
    assert server.get("tasks/hist/").status == 404
    assert server.get("tasks/a%2Fb%20c/").json["config"] == config
    assert "# keeps this comment" in text(server)


def test_a_deleted_task_is_gone(server: Server) -> None:
    reply = server.ask("DELETE", "tasks/second/")
    assert reply.status == 200
    assert reply.json["status"] == "success"
    assert server.ask("DELETE", "tasks/second/").status == 404
    assert server.get("tasks/?include_config=false").json == ["hist"]


def test_what_is_wrong_elsewhere_in_the_file_is_told_with_its_line(server: Server) -> None:
    server.engine.path.write_text(CONFIG + "  bad: [\n", encoding="utf-8")
    reply = server.ask("PUT", "tasks/hist/", {"name": "hist", "config": {"mock": []}})
    assert reply.status == 422
    (error,) = reply.json["validation_errors"]
    assert error["message"].startswith(f"{server.engine.path}:{CONFIG.count(chr(10)) + 1}:")


def test_a_finding_in_the_body_has_its_path_there_and_a_hint(server: Server) -> None:
    reply = server.ask("PUT", "tasks/hist/", {"name": "hist", "config": {"accept_al": True}})
    (error,) = reply.json["validation_errors"]
    assert error["path"] == ["config"]
    assert error["message"] == "There is no plugin `accept_al`. Did you mean `accept_all`?"


def test_an_edit_of_an_old_version_is_refused(server: Server) -> None:
    tag = server.get("server/raw_config/").headers["ETag"]
    body = {"name": "hist", "config": {"mock": []}}
    assert server.ask("PUT", "tasks/hist/", body, headers={"If-Match": '"0"'}).status == 412
    assert server.ask("PUT", "tasks/hist/", body, headers={"If-Match": tag}).status == 200
    assert server.ask("DELETE", "tasks/hist/", headers={"If-Match": tag}).status == 412


def test_an_edit_may_name_the_version_of_the_task_alone(server: Server) -> None:
    tag = server.get("tasks/hist/", headers={"Accept-Encoding": "br"}).headers["ETag"]
    second = server.get("tasks/second/").json
    assert server.ask("PUT", "tasks/second/", {**second, "config": {"mock": []}}).status == 200
    body = {"name": "hist", "config": {"mock": [], "accept_all": True}}
    assert server.ask("PUT", "tasks/hist/", body, headers={"If-Match": tag}).status == 200
    assert server.ask("PUT", "tasks/hist/", body, headers={"If-Match": tag}).status == 412
    tags = server.get("tasks/").headers["ETag"]
    assert server.ask("POST", "tasks/", {**body, "name": "third"}, headers={"If-Match": tags}).status == 201
    assert server.ask("POST", "tasks/", {**body, "name": "fourth"}, headers={"If-Match": tags}).status == 412


def test_the_queue_tells_the_running_task_and_those_that_wait(server: Server) -> None:
    assert server.get("tasks/queue/").json == []
    inside, go = threading.Event(), threading.Event()
    plugin = server.engine.registry.get("mock")
    original = plugin.handlers["input"]

    def held(task: object, config: object) -> object:
        inside.set()
        go.wait(5)
        return original(task, config)

    plugin.handlers["input"] = held
    try:
        first = server.ask("POST", "tasks/execute/", {"tasks": ["hist"]}).json["tasks"][0]["id"]
        assert inside.wait(5)
        server.ask("POST", "tasks/execute/", {"tasks": ["second"]})
        queue = server.get("tasks/queue/").json
    finally:
        go.set()
        plugin.handlers["input"] = original
    assert queue[0] == {"id": int(first), "name": "hist", "current_phase": "input", "current_plugin": "mock"}
    assert [job["name"] for job in queue] == ["hist", "second"]
    assert queue[1]["current_phase"] is None


def test_a_hundred_reads_at_once_are_all_answered(server: Server) -> None:
    with ThreadPoolExecutor(20) as pool:
        replies = list(pool.map(lambda number: server.get("tasks/hist/" if number % 2 else "tasks/"), range(100)))
    assert {reply.status for reply in replies} == {200}


def test_a_task_that_was_taken_out_of_the_file_meanwhile_is_a_404(server: Server) -> None:
    shorter = CONFIG.replace("  second:\n    mock: [{title: three}]\n    priority: 1\n", "")
    server.engine.path.write_text(shorter, encoding="utf-8")
    assert server.ask("PUT", "tasks/second/", {"name": "second", "config": {}}).status == 404
    assert server.ask("DELETE", "tasks/second/").status == 404
    assert text(server) == shorter


def test_edits_at_the_same_time_are_all_kept(server: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = [f"new {number}" for number in range(12)]
        replies = list(pool.map(lambda name: server.ask("POST", "tasks/", {"name": name, "config": {}}), names))
    assert {reply.status for reply in replies} == {201}
    assert sorted(server.get("tasks/?include_config=false").json) == sorted(["hist", "second", *names])
    assert text(server).startswith("# the tasks of this house")
