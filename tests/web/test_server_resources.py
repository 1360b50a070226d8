"""The resources that need nothing but the server itself."""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.engine.log import LogBuffer
from server.web.resources.log_query import QueryError, parse
from tests.web.support import CONFIG, Server

MakeServer = Callable[..., Server]
Follow = Callable[..., Callable[[], str]]


def encoded(text: str) -> dict[str, str]:
    return {"raw_config": base64.b64encode(text.encode()).decode()}


def test_pid_and_version(server: Server) -> None:
    assert server.get("server/pid/").json == {"pid": os.getpid()}
    version = server.get("server/version/").json
    assert version["api_version"] == "1.8.0"
    assert version["latest_version"]


def test_health_needs_no_sign_in(server: Server) -> None:
    assert server.get("health/", token=False).json["status"] == "ok"


def test_the_config_is_told_as_data_and_as_text(server: Server) -> None:
    assert list(server.get("server/config/").json["tasks"]) == ["hist"]
    raw = server.get("server/raw_config/")
    assert base64.b64decode(raw.json["raw_config"]).decode() == server.engine.path.read_text()


def test_a_new_config_text_is_written_as_it_is_and_loaded_at_once(server: Server) -> None:
    tag = server.get("server/config/").headers["ETag"]
    text = CONFIG + "# a comment\r\n"
    assert server.ask("POST", "server/raw_config/", encoded(text)).status == 200
    assert server.engine.path.read_text() == text.replace("\r\n", "\n")
    text += "  \ntemplates: {}\n"
    assert server.ask("POST", "server/raw_config/", encoded(text)).status == 200
    assert server.get("server/config/").headers["ETag"] != tag


@pytest.mark.parametrize(
    "body",
    [{"raw_config": "!!"}, {"raw_config": ""}, {"raw_config": "é"}, {"raw_config": "/w=="}, {"raw_config": "IAo="}],
)
def test_a_text_that_is_none_is_refused(server: Server, body: dict[str, str]) -> None:
    answer = server.ask("POST", "server/raw_config/", body)
    assert (answer.status, answer.json["status"]) == (400, "Error")


def test_other_keys_beside_the_text_are_passed_over(server: Server) -> None:
    assert server.ask("POST", "server/raw_config/", encoded(CONFIG) | {"note": "mine"}).status == 200


def test_a_missing_text_is_told_by_the_schema(server: Server) -> None:
    assert server.ask("POST", "server/raw_config/", {}).status == 422


@pytest.mark.parametrize(("text", "line", "column"), [("tasks: [\n  a", 1, 3), ("tasks:\n  a: [\n", 1, 6)])
def test_broken_yaml_is_refused_with_its_place(server: Server, text: str, line: int, column: int) -> None:
    before = server.engine.path.read_text()
    answer = server.ask("POST", "server/raw_config/", encoded(text))
    assert answer.status == 400
    assert (answer.json["line"], answer.json["column"]) == (line, column)
    assert answer.json["reason"]
    assert server.engine.path.read_text() == before


def test_a_config_that_does_not_fit_is_refused_with_the_path_of_what_holds_the_fault(server: Server) -> None:
    answer = server.ask("POST", "server/raw_config/", encoded("tasks: {a: {accept_al: yes}, b: {accept_all: 5}}\n"))
    assert answer.status == 400
    assert [error["config_path"] for error in answer.json["errors"]] == ["/tasks/a", "/tasks/b/accept_all"]


def test_a_config_that_changed_meanwhile_is_not_overwritten(server: Server) -> None:
    tag = server.get("server/raw_config/").headers["ETag"]
    server.engine.path.write_text(CONFIG + "# edited elsewhere\n")
    refused = server.ask("POST", "server/raw_config/", encoded(CONFIG), headers={"If-Match": tag})
    assert refused.status == 412
    tag = server.get("server/raw_config/").headers["ETag"]
    assert server.ask("POST", "server/raw_config/", encoded(CONFIG), headers={"If-Match": tag}).status == 200


def test_a_file_that_was_broken_by_hand_can_be_read_and_mended(server: Server) -> None:
    server.engine.path.write_text("tasks: [")
    shown = server.get("server/raw_config/")
    assert base64.b64decode(shown.json["raw_config"]) == b"tasks: ["
    stale = {"If-Match": '"0"'}
    assert server.ask("PUT", "tasks/hist/", {"name": "hist", "config": {}}, headers=stale).status == 412
    tag = {"If-Match": shown.headers["ETag"]}
    assert server.ask("PUT", "tasks/hist/", {"name": "hist", "config": {}}, headers=tag).status == 422
    assert server.ask("POST", "server/raw_config/", encoded(CONFIG), headers=tag).status == 200


def test_reload_takes_the_file_or_says_why_not(server: Server) -> None:
    server.engine.path.write_text(CONFIG.replace("hist", "other"))
    assert server.ask("POST", "server/manage/", {"operation": "reload"}).status == 200
    assert list(server.get("server/config/").json["tasks"]) == ["other"]
    server.engine.path.write_text("tasks: [")
    answer = server.ask("POST", "server/manage/", {"operation": "reload"})
    assert answer.status == 500
    assert {"reason", "line", "column", "message", "status"} <= set(answer.json)
    assert list(server.get("server/config/").json["tasks"]) == ["other"]


def test_shutdown_is_answered_first(server: Server) -> None:
    assert server.ask("POST", "server/manage/", {"operation": "shutdown"}).status == 200
    assert server.stopped.is_set()
    assert server.ask("POST", "server/manage/", {"operation": "dance"}).status == 422


def test_crash_reports_are_told_line_by_line(server: Server) -> None:
    assert server.get("server/crash_logs/").json == []
    (server.engine.home / "crash_report.2026.log").write_text("one\ntwo\n")
    assert server.get("server/crash_logs/").json == [{"name": "crash_report.2026.log", "content": ["one\n", "two\n"]}]


def test_every_thread_tells_where_it_is(server: Server) -> None:
    threads = server.get("server/dump_threads/").json["threads"]
    assert "web" in [thread["name"] for thread in threads]
    assert all(isinstance(thread["id"], int) and thread["dump"] for thread in threads)


def test_plugins_are_listed_by_page_and_by_name(server: Server) -> None:
    answer = server.get("plugins/?per_page=1")
    assert answer.headers["Cache-Control"] == "max-age=3600"
    assert int(answer.headers["Total-Count"]) >= 2
    assert 'rel="next"' in answer.headers["Link"]
    (plugin,) = answer.json
    assert "schema" not in plugin
    one = server.get("plugins/accept_all/?include_schema=1").json
    assert one["name"] == "accept_all"
    assert "schema" in one
    assert {"phase": "filter", "priority": 128} in one["phase_handlers"]


def test_plugins_are_filtered_by_phase_and_interface(server: Server) -> None:
    names = {plugin["name"] for plugin in server.get("plugins/?phase=INPUT&per_page=100").json}
    assert "mock" in names
    assert "accept_all" not in names
    assert server.get("plugins/?phase=nap").status == 400
    assert server.get("plugins/?interface=").headers["Total-Count"] == server.get("plugins/").headers["Total-Count"]
    nothing = server.get("plugins/?interface=nothing")
    assert (nothing.status, nothing.json) == (200, [])
    assert nothing.headers["Total-Count"] == "0"
    assert 'page=0>; rel="last"' in nothing.headers["Link"]
    assert server.get("plugins/no_such_plugin/").status == 404


def test_schemas_are_found_under_the_addresses_that_they_name(server: Server) -> None:
    schemas = server.get("schema/").json["schemas"]
    start = f"http://127.0.0.1:{server.port}"
    address = next(schema["id"] for schema in schemas if schema["id"].endswith("/plugin/mock"))
    assert address.startswith(f"{start}/api/schema/")
    assert server.get(address.removeprefix(start)).json["id"] == address
    plugins = server.get("schema/plugins/").json
    reference = plugins["properties"]["mock"]["$ref"]
    assert server.get(reference.removeprefix(start)).status == 200
    assert server.get("schema/plugin/nope/").status == 404
    assert server.get("schema/nope/").status == 404
    assert server.get("schema/config/nope/").status == 404


def test_every_reference_of_the_schemas_leads_to_a_schema(server: Server) -> None:
    schemas = server.get("schema/").json["schemas"]
    start = f"http://127.0.0.1:{server.port}"
    config = next(schema for schema in schemas if schema["id"] == f"{start}/api/schema/config")
    assert {"tasks", "templates", "schedules", "variables", "web_server"} <= config["properties"].keys()
    for address in set(re.findall(rf'"\$ref": "{start}/([^"#]+)"', json.dumps(schemas))):
        reply = server.get(f"/{address}")
        assert (reply.status, reply.json.get("id")) == (200, f"{start}/{address}"), address


def test_the_schema_of_plugins_can_be_narrowed_to_an_interface_or_a_phase(server: Server) -> None:
    lists = server.get("schema/plugins?interface=list").json["properties"]
    assert "entry_list" in lists
    assert "mock" not in lists
    inputs = server.get("schema/plugins/?phase=input").json["properties"]
    assert "mock" in inputs
    assert "accept_all" not in inputs
    tasks = server.get("schema/plugins?interface=task").json["properties"]
    assert tasks == server.get("schema/plugins").json["properties"]


def test_an_editor_that_encodes_the_sign_between_name_and_value_is_understood(server: Server) -> None:
    lists = server.get("schema/plugins?interface%3Dlist").json
    assert lists == server.get("schema/plugins?interface=list").json
    assert "mock" not in lists["properties"]
    assert server.get("schema/plugins?x=%25ff&y=%F0%9F%98%80").status == 200


def test_a_broken_plugin_of_the_user_is_told_so(make_server: MakeServer, tmp_path: Path) -> None:
    file = tmp_path / "home0" / "plugins" / "wreck.py"
    file.parent.mkdir(parents=True)
    file.write_text("from server.engine.plugin import Plugin\nimport nothing_of_that_name\nclass A(Plugin): ...\n")
    server = make_server()
    for path in ("plugins/wreck/", "schema/plugin/wreck"):
        answer = server.get(path)
        assert answer.status == 404
        assert "nothing_of_that_name" in answer.json["message"]
    assert server.get("schema/").status == 200
    for path in ("schema/plugins", "schema/plugins?interface=task"):
        assert "wreck" not in server.get(path).json["properties"]


def test_formats_are_checked_by_their_names(server: Server) -> None:
    good = {"interval": "3 days", "size": "1 GB", "regex": "a+", "percent": "50%", "url": "http://x/", "unknown": "!"}
    assert server.ask("POST", "format_check/", good).status == 200
    answer = server.ask("POST", "format_check/", {"regex": "(", "interval": "often", "url": "no"})
    assert answer.status == 422
    assert {tuple(error["path"]) for error in answer.json["validation_errors"]} == {("regex",), ("interval",), ("url",)}
    assert {error["validator"] for error in answer.json["validation_errors"]} == {"format"}


@pytest.fixture
def logged(make_server: MakeServer) -> Server:
    server = make_server()
    buffer = LogBuffer()
    for number in range(5):
        buffer.handle(logging.LogRecord("seen", logging.INFO, "", 0, f"line {number} of this run", (), None))
    server.services.log = buffer
    return server


@pytest.fixture
def follow(logged: Server) -> Iterator[Callable[..., Callable[[], str]]]:
    """``follow(query)`` opens the stream; what it gives reads one line."""
    lines = []

    def start(query: str = "") -> Callable[[], str]:
        line = logged.connect()
        line.request("GET", f"/api/server/log/{query}", headers=logged.token)
        answer = line.getresponse()
        lines.extend((answer, line))
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        return lambda: answer.readline().decode()

    yield start
    for line in lines:
        line.close()


def test_the_log_comes_as_one_document_line_by_line(logged: Server, follow: Follow) -> None:
    read = follow("?lines=2")
    first = read()
    assert first.startswith('{"stream": [{')
    told = json.loads(first.removeprefix('{"stream": [').rstrip(",\n"))
    assert set(told) == {"timestamp", "log_level", "plugin", "task", "message"}
    assert told["message"] == "line 3 of this run"
    assert "line 4" in read()
    assert logged.services.log
    logged.services.log.handle(logging.LogRecord("rss", logging.WARNING, "", 0, "a new line", (), None))
    new = json.loads(read().rstrip(",\n"))
    assert (new["message"], new["log_level"]) == ("a new line", "WARNING")


def test_the_heart_of_the_log_beats_while_only_lines_come_that_nobody_wants(
    logged: Server, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.resources.log.HEARTBEAT", 0.2)
    log, ended = logged.services.log, threading.Event()
    assert log

    def chatter() -> None:
        while not ended.wait(0.01):
            log.handle(logging.LogRecord("rss", logging.INFO, "", 0, "something else", (), None))

    talking = threading.Thread(target=chatter)
    talking.start()
    try:
        read = follow("?lines=0&search=nothing")
        assert read() == '{"stream": [{},\n'
        assert read() == "{},\n"
    finally:
        ended.set()
        talking.join()


def test_the_log_closes_its_document_when_the_server_stops(logged: Server, follow: Follow) -> None:
    read = follow("?lines=1&search=line")
    text = read()
    logged.loop.call_soon_threadsafe(logged._end.set)
    while piece := read():
        text += piece
    assert len(json.loads(text)["stream"]) >= 2
    assert text.endswith("{}]}")


def test_the_log_is_searched_under_either_name(logged: Server, follow: Follow) -> None:
    for name in ("search", "query"):
        assert "line 3" in follow(f"?{name}=%22line+3%22+or+nothing")()
    assert "line 3" in follow("?query=%22line+3%22+and+(")()
    answer = logged.get("server/log/?search=a)")
    assert (answer.status, list(answer.json["errors"])) == (400, ["search"])
    assert logged.get("server/log/?lines=x").status == 400
    assert logged.get("server/log/?lines=-1").status == 400


def test_older_lines_come_from_the_file(logged: Server, follow: Follow) -> None:
    assert logged.services.log
    logged.services.log.path = logged.engine.home / "flexget.log"
    older = "2026-11-22 10:00:00 INFO     rss           hist            from yesterday\n"
    logged.services.log.path.write_text(older + "  a line that is part of another\n")
    read = follow("?lines=100")
    assert "from yesterday" in read()
    assert "line 0" in read()


@pytest.mark.parametrize(
    ("query", "line", "found"),
    [
        ("", "anything", True),
        ("Seen", "INFO seen it", True),
        ("seen info", "INFO seen it", True),
        ("seen and info", "INFO seen it", True),
        ("seen debug", "INFO seen it", False),
        ("debug or seen", "INFO seen it", True),
        ('"seen it"', "INFO seen it", True),
        ('"it seen"', "INFO seen it", False),
        ("no debug", "INFO seen it", True),
        ("seen no it", "INFO seen it", False),
        ("(debug or seen) info", "INFO seen it", True),
        ("no (debug or seen)", "INFO seen it", False),
        ("no no seen", "INFO seen it", True),
        ("Show.S01E02-x", "INFO some.show.s01e02-x.720p", True),
        ("http://host/a?b=c", "INFO http://host/ab", False),
        ("no", "INFO there is no entry", True),
        ("info (no)", "INFO there is one entry", False),
        ("or", "INFO an error", True),
        ("and info", "INFO and so on", True),
        ("seen and", "INFO seen it", True),
        ("debug or", "INFO seen it", False),
        ("debug or (", "INFO seen it", False),
        ("debug and ((", "INFO seen it", False),
        ("(seen", "INFO seen it", True),
        ("(debug or (seen no it", "INFO seen it", False),
        ('info "seen i', "INFO seen it", True),
        ('info "it s', "INFO seen it", False),
        ('info "', "INFO seen it", True),
        ("((", "anything", True),
    ],
)
def test_the_language_of_log_queries(query: str, line: str, found: bool) -> None:
    assert parse(query)(line) is found


@pytest.mark.parametrize("query", [")", "a)", "()", "(a or)", "(a and)", "a" * 2000, "(" * 500 + "a", "no " * 300])
def test_queries_that_make_no_sense_are_refused(query: str) -> None:
    with pytest.raises(QueryError):
        parse(query)
