"""``/tasks/execute/``: what is queued, and the stream that follows it."""

from __future__ import annotations

import asyncio
import http.server
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tornado.iostream import StreamClosedError

from server.engine import log
from server.engine.events import TaskDump, TaskFinished, TaskProgress
from server.engine.execution import ExecuteOptions
from server.engine.queue import Job
from server.engine.registry import Registry
from server.features.tasks import _follow
from server.features.tasks._injection import file_name
from server.web.app import STORAGE_THREADS
from tests.support import Engine
from tests.web.support import Reply, Server


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "engine").mkdir()
    made = Engine(tmp_path / "engine", "tasks: {hist: {mock: []}}")
    yield made
    made.close()


EVERYTHING = {"progress": True, "summary": True, "entry_dump": True}


def pieces(reply: Reply) -> list[dict[str, Any]]:
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    text = reply.body.decode()
    assert text.startswith('{"stream": [{"tasks":')
    assert text.endswith(",\n{}]}")
    assert all(line.endswith(",") for line in text.splitlines()[:-1])
    return list(json.loads(text)["stream"])


def execute(server: Server, **body: Any) -> list[dict[str, Any]]:
    return pieces(server.ask("POST", "tasks/execute/", body))


def kinds(found: list[dict[str, Any]]) -> list[str]:
    names = [next(iter(piece), "end") for piece in found]
    return [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]


def wait_for_idle(server: Server) -> None:
    assert server.services.queue.wait_empty(5)


def test_without_wishes_the_answer_comes_at_once_with_ids_as_texts(server: Server) -> None:
    reply = server.ask("POST", "tasks/execute/", {"tasks": ["HIST", "hist", "second"], "progress": False})
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    assert [task["name"] for task in reply.json["tasks"]] == ["second", "hist"]
    assert all(task["id"].isdigit() for task in reply.json["tasks"])
    wait_for_idle(server)


def test_the_stream_is_one_json_document_with_progress_dump_and_summary_in_order(server: Server) -> None:
    found = execute(server, tasks=["hist"], **EVERYTHING)
    assert kinds(found) == ["tasks", "progress", "entry_dump", "summary", "end"]
    job = found[0]["tasks"][0]["id"]
    assert all(piece["task_id"] == job for piece in found[1:-1])
    progress = [piece["progress"] for piece in found if "progress" in piece]
    assert progress[0] == {"status": "running", "phase": None, "plugin": None, "percent": 0}
    assert {"status": "running", "phase": "input", "plugin": "mock", "percent": 5} in progress
    assert {"status": "running", "phase": "filter", "plugin": "accept_all", "percent": 30} in progress
    assert progress[-1]["status"] == "complete"
    assert progress[-1]["percent"] == 100
    (dump,) = [piece["entry_dump"] for piece in found if "entry_dump" in piece]
    assert [entry["title"] for entry in dump] == ["one", "two"]
    assert dump[0]["original_url"] == "http://localhost/one"
    assert found[-2]["summary"] == {
        "accepted": 2,
        "rejected": 0,
        "failed": 0,
        "undecided": 0,
        "aborted": False,
        "abort_reason": None,
    }


@pytest.mark.parametrize("wish", ["progress", "summary", "entry_dump"])
def test_only_what_was_asked_for_is_told(server: Server, wish: str) -> None:
    assert kinds(execute(server, tasks=["hist"], **{wish: True})) == ["tasks", wish, "end"]


def test_several_tasks_are_followed_to_the_end_of_the_last(server: Server) -> None:
    found = execute(server, tasks=["hist", "second"], summary=True)
    names = {task["id"]: task["name"] for task in found[0]["tasks"]}
    assert [names[piece["task_id"]] for piece in found[1:-1]] == ["second", "hist"]


def test_log_lines_of_the_run_and_of_nothing_else_are_told(server: Server) -> None:
    before = logging.getLogger().level
    log.setup(level="info", console=False, buffer=server.services.log)
    plugin = server.engine.registry.get("mock")
    original = plugin.handlers["input"]

    def talkative(task: object, config: object) -> object:
        logging.getLogger("mock").info("hello from the run")
        logging.getLogger("mock").warning("careful")
        thread = threading.Thread(target=lambda: logging.getLogger("other").error("from elsewhere"))
        thread.start()
        thread.join()
        return original(task, config)

    plugin.handlers["input"] = talkative
    try:
        lines = [piece["log"] for piece in execute(server, tasks=["hist"], loglevel="info") if "log" in piece]
        warnings = [piece["log"] for piece in execute(server, tasks=["hist"], loglevel="warning") if "log" in piece]
    finally:
        plugin.handlers["input"] = original
        log.setup(console=False)
        logging.getLogger().setLevel(before)
    assert any(line.endswith("hello from the run") for line in lines)
    assert not any("elsewhere" in line for line in lines)
    assert len(warnings) == 1
    assert "careful" in warnings[0]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"tasks": ["nobody"]}, 404),
        ({"tasks": ["h*"]}, 404),
        ({"tasks": []}, 422),
        ({"tasks": ["hist", "hist"]}, 422),
        ({"tasks": "hist"}, 422),
        ({}, 422),
        ({"tasks": ["hist"], "test": True}, 422),
        ({"tasks": ["hist"], "loglevel": "loud"}, 422),
        ({"tasks": ["hist"], "inject": [{"title": "x"}]}, 422),
        ({"tasks": ["hist"], "cli_config": ["novalue"]}, 400),
        ({"tasks": ["hist"], "inject": [{"url": "http://127.0.0.1:9/x"}]}, 400),
    ],
)
def test_what_cannot_be_run_is_refused_in_the_common_shape(server: Server, body: dict[str, Any], status: int) -> None:
    reply = server.ask("POST", "tasks/execute/", body)
    assert reply.status == status
    assert reply.json["status_code"] == status
    assert reply.json["message"]
    assert server.services.queue.jobs() == []


def test_all_options_reach_the_run(server: Server) -> None:
    switches = ("learn", "no_cache", "now", "discover_now", "disable_tracking")
    texts = ("dl_path", "stop_waiting", "tail_reset", "template")
    body = {"tasks": ["hist"], "cli_config": ["a=b", "c = d=e"], **dict.fromkeys(switches, True)}
    reply = server.ask("POST", "tasks/execute/", {**body, **dict.fromkeys(texts, "word")})
    job = server.services.queue.get(int(reply.json["tasks"][0]["id"]))
    assert job is not None
    assert all(getattr(job.options, name) is True for name in switches)
    assert all(getattr(job.options, name) == "word" for name in texts)
    assert job.options.cli_config == {"a": "b", "c": "d=e"}
    assert job.urgent
    wait_for_idle(server)


@pytest.mark.parametrize("path", ["tasks/execute/", "inject/"])
def test_injected_entries_take_the_place_of_the_inputs_in_each_task(server: Server, path: str) -> None:
    inject = [
        {"title": "mine", "url": "http://localhost/mine", "accept": True, "fields": {"size": 7, "list": [1, {"a": 2}]}},
        {"title": "safe", "url": "http://localhost/safe", "force": True},
    ]
    body = {"tasks": ["second", "hist"], "inject": inject, "entry_dump": True, "summary": True}
    found = pieces(server.ask("POST", path, body))
    dumps = [piece["entry_dump"] for piece in found if "entry_dump" in piece]
    assert [[entry["title"] for entry in dump] for dump in dumps] == [["mine", "safe"], ["mine", "safe"]]
    assert dumps[0][0]["size"] == 7
    assert dumps[0][0]["list"] == [1, {"a": 2}]
    assert dumps[0][1]["immortal"] is True
    summaries = [piece["summary"] for piece in found if "summary" in piece]
    assert [summary["accepted"] for summary in summaries] == [1, 2]
    assert "accepted_by" not in dumps[0][0]
    told = {row["title"]: row["details"] for row in server.get("history/").json}
    assert told["mine"] == "Accepted (reason: accepted by the request that injected it)"
    assert told["safe"] == "Accepted by accept_all"


@pytest.fixture
def names_files() -> Iterator[str]:
    """A server that tells the name of its one file, and of no other."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            if self.path == "/file":
                self.send_header("Content-Disposition", 'attachment; filename="folder/Some Show.torrent"')
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Be quiet."""

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    web.server_close()


def test_a_missing_title_is_asked_of_the_server_of_its_url(server: Server, names_files: str) -> None:
    body = {"tasks": ["hist"], "inject": [{"url": f"{names_files}/file"}], "entry_dump": True}
    found = pieces(server.ask("POST", "tasks/execute/", body))
    assert found[1]["entry_dump"][0]["title"] == "Some Show.torrent"
    body["inject"] = [{"url": f"{names_files}/other"}]
    reply = server.ask("POST", "tasks/execute/", body)
    assert reply.status == 400
    assert "title" in reply.json["message"]


def test_asking_for_titles_holds_up_nobody_who_needs_the_database(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(STORAGE_THREADS) as pool:
        body = {"tasks": ["hist"], "inject": [{"url": f"http://127.0.0.1:{silent.getsockname()[1]}/file"}]}
        asking = [pool.submit(server.ask, "POST", "tasks/execute/", body) for _ in range(STORAGE_THREADS)]
        lines = [silent.accept()[0] for _ in asking]
        assert server.get("history/").status == 200
        for line in lines:
            line.close()
        assert [waiting.result().status for waiting in asking] == [400] * STORAGE_THREADS


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=a.torrent", "a.torrent"),
        ("attachment; filename*=UTF-8''na%C3%AFve%20file.nzb", "naïve file.nzb"),
        ('attachment; filename="..\\\\..\\\\evil.torrent"', "evil.torrent"),
        ("inline", ""),
        ("", ""),
    ],
)
def test_the_file_name_of_a_disposition_is_read(header: str, name: str) -> None:
    assert file_name(header) == name


@pytest.mark.parametrize("path", ["tasks/execute/params/", "inject/params/"])
def test_the_parameters_are_told_as_a_schema(server: Server, path: str) -> None:
    reply = server.get(path)
    assert reply.status == 200
    assert reply.headers["Cache-Control"] == "max-age=3600"
    assert reply.json["required"] == ["tasks"]
    assert reply.json["properties"]["progress"]["default"] is True
    assert "test" not in reply.json["properties"]


def test_many_executions_at_once_are_each_followed_to_their_own_end(server: Server) -> None:
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda _: execute(server, tasks=["hist"], **EVERYTHING), range(24)))
    jobs = {stream[0]["tasks"][0]["id"] for stream in found}
    assert len(jobs) == 24
    for stream in found:
        assert kinds(stream) == ["tasks", "progress", "entry_dump", "summary", "end"]
        assert {piece["task_id"] for piece in stream[1:-1]} == {stream[0]["tasks"][0]["id"]}


def post_and_vanish(server: Server, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    head = (
        f"POST /api/tasks/execute/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: {server.token['Authorization']}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(head.encode() + data)
        line.recv(100)


def test_a_client_that_vanishes_does_not_disturb_the_run_and_leaves_nothing_behind(server: Server) -> None:
    listeners = len(server.services.events._callbacks)
    inside, go = threading.Event(), threading.Event()
    plugin = server.engine.registry.get("mock")
    original = plugin.handlers["input"]

    def held(task: object, config: object) -> object:
        inside.set()
        go.wait(5)
        return original(task, config)

    plugin.handlers["input"] = held
    try:
        post_and_vanish(server, {"tasks": ["hist"], **EVERYTHING})
        assert inside.wait(5)
        (job,) = server.services.queue.jobs()
    finally:
        go.set()
        plugin.handlers["input"] = original
    result = job.wait(5)
    assert result is not None
    assert result.count("accepted") == 2
    deadline = time.monotonic() + 5
    while len(server.services.events._callbacks) > listeners and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(server.services.events._callbacks) == listeners


def test_a_run_that_is_taken_out_of_the_queue_ends_its_stream(server: Server) -> None:
    inside, go = threading.Event(), threading.Event()
    plugin = server.engine.registry.get("mock")
    original = plugin.handlers["input"]

    def held(task: object, config: object) -> object:
        inside.set()
        go.wait(5)
        return original(task, config)

    plugin.handlers["input"] = held
    try:
        server.ask("POST", "tasks/execute/", {"tasks": ["hist"]})
        assert inside.wait(5)
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(execute, server, tasks=["second"], summary=True)
            deadline = time.monotonic() + 5
            while len(server.services.queue.jobs()) < 2 and time.monotonic() < deadline:
                time.sleep(0.01)
            server.services.queue.cancel(server.services.queue.jobs()[1].id)
            found = answer.result(5)
    finally:
        go.set()
        plugin.handlers["input"] = original
    assert found[1]["summary"]["aborted"] is True


def test_a_client_that_falls_too_far_behind_loses_its_stream(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_follow, "MOST_PIECES", 3)

    async def fall_behind() -> None:
        follower = _follow.RunFollower(engine.services, _follow.Choice(progress=True))
        follower.follow([Job(7, "hist", ExecuteOptions())])
        for number in range(10):
            engine.services.events.publish(TaskProgress(7, "hist", "running", "input", "mock", number))
        await asyncio.sleep(0)
        with pytest.raises(StreamClosedError):
            await anext(follower)
        assert not engine.services.events.listened

    asyncio.run(fall_behind())


def test_a_large_dump_goes_out_in_parts_that_make_one_document(engine: Engine) -> None:
    async def read() -> bytes:
        follower = _follow.RunFollower(engine.services, _follow.Choice(entry_dump=True))
        follower.follow([Job(7, "hist", ExecuteOptions())])
        engine.services.events.publish(TaskDump(7, "hist", [{"title": "x" * 1000}] * 1000))
        engine.services.events.publish(TaskFinished(7, "hist", {}))
        parts = [part async for part in follower]
        assert max(map(len, parts)) <= _follow.PIECE
        return b"".join(parts)

    (_, dump) = json.loads(b"[" + asyncio.run(read()).rstrip(b",\n") + b"]")
    assert len(dump["entry_dump"]) == 1000


def test_the_resources_are_no_plugins() -> None:
    assert not {"_execute", "_follow", "execute", "follow"} & set(Registry().names())
