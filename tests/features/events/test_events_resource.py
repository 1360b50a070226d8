"""What happens is told while it happens, and what was missed can be had again."""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from server.engine.events import EntryDecided, EventBus, TaskDump, TaskQueued
from server.engine.execution import ExecuteOptions
from server.features.events import handlers, hub
from server.features.events.hub import EventHub
from tests.web.support import Server


class Told:
    """One event of a stream."""

    def __init__(self, lines: list[str]) -> None:
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        self.kind = fields.get("event")
        self.id = fields.get("id")
        self.data = json.loads(fields["data"]) if "data" in fields else None
        self.comment = not fields


@contextmanager
def following(server: Server, query: str = "", last: str | None = None) -> Iterator[Iterator[Told]]:
    connection = server.connect()
    headers = {**server.token, **({"Last-Event-ID": last} if last else {})}
    connection.request("GET", f"/api/events/?{query}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["X-Accel-Buffering"] == "no"
    try:
        yield events_of(answer)
    finally:
        answer.close()
        connection.close()


def events_of(answer: http.client.HTTPResponse) -> Iterator[Told]:
    lines: list[str] = []
    while line := answer.readline():
        text = line.decode().rstrip("\n")
        if text:
            lines.append(text)
        else:
            yield Told(lines)
            lines = []


def until(stream: Iterator[Told], kind: str) -> list[Told]:
    found = []
    for told in stream:
        found.append(told)
        if told.kind == kind:
            return found
    raise AssertionError(f"the stream ended before {kind}")


def run(server: Server, name: str = "hist") -> Any:
    return server.services.queue.submit(name, ExecuteOptions(), urgent=True).wait(10)


def test_a_run_is_told_from_the_queue_to_its_end(server: Server) -> None:
    with following(server) as stream:
        assert next(stream).kind == "hello"
        run(server)
        told = until(stream, "task_finished")
    kinds = [one.kind for one in told if one.kind != "log_line"]
    assert kinds[:2] == ["task_queued", "task_started"]
    decisions = [one.data for one in told if one.kind == "entry_decided"]
    assert [(one["title"], one["verb"], one["plugin"]) for one in decisions] == [
        ("one", "accept", "accept_all"),
        ("two", "accept", "accept_all"),
    ]
    assert {one.data["phase"] for one in told if one.kind == "task_progress"} >= {"input", "filter", "learn"}
    assert told[-1].data["summary"]["accepted"] == 2
    numbers = [int(one.id.split("-")[1]) for one in told]
    assert numbers == list(range(1, len(numbers) + 1))


def test_only_what_was_asked_for_is_told(server: Server) -> None:
    with following(server, "kinds=task_started,task_finished&task=second") as stream:
        next(stream)
        run(server, "hist")
        run(server, "second")
        told = until(stream, "task_finished")
    assert [(one.kind, one.data["task"]) for one in told] == [("task_started", "second"), ("task_finished", "second")]


def test_unknown_kinds_and_levels_are_refused_by_name(server: Server) -> None:
    answer = server.get("events/?kinds=task_started,nonsense")
    assert answer.status == 400
    assert "nonsense" in answer.json["errors"]["kinds"]
    assert "level" in server.get("events/?level=loud").json["errors"]


def test_log_lines_come_from_the_level_on_that_was_asked_for(server: Server) -> None:
    assert server.services.log is not None
    logger = logging.getLogger("events_test")
    logger.setLevel(logging.DEBUG)
    logger.addHandler(server.services.log)
    try:
        with following(server, "kinds=log_line&level=warning") as stream:
            next(stream)
            logger.info("too quiet")
            logger.warning("loud enough")
            told = next(stream)
    finally:
        logger.removeHandler(server.services.log)
    assert (told.data["message"], told.data["level"], told.data["plugin"]) == (
        "loud enough",
        "WARNING",
        "events_test",
    )


def test_changes_of_config_and_schedules_are_told(server: Server) -> None:
    with following(server, "kinds=config_changed,schedules_changed") as stream:
        next(stream)
        server.post("tasks/", {"name": "fresh", "config": {"mock": []}})
        changed = until(stream, "config_changed")[-1]
        assert changed.data["added"] == ["fresh"]
        server.post("schedules/", {"tasks": ["second"], "interval": {"hours": 5}})
        until(stream, "schedules_changed")


def test_taking_a_waiting_task_out_of_the_queue_is_told(server: Server) -> None:
    queue = server.services.queue
    # the worker takes nothing while this lock is held
    with queue._condition, following(server, "kinds=task_finished") as stream:
        next(stream)
        job = queue.submit("hist", ExecuteOptions())
        queue.cancel(job.id)
        assert next(stream).data["job"] == job.id


def test_who_was_away_gets_what_was_missed(server: Server) -> None:
    with following(server, "kinds=task_finished") as stream:
        next(stream)
        run(server)
        seen = until(stream, "task_finished")[-1].id
    run(server, "second")
    with following(server, "kinds=task_finished", last=seen) as stream:
        hello = next(stream)
        assert hello.data == {"resumed": True}
        assert next(stream).data["task"] == "second"


def test_a_gap_is_told_where_what_was_missed_is_not_kept_any_more(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "KEPT", 5)
    monkeypatch.setattr(handlers, "EventHub", lambda events, log: EventHub(events, log, kept=5))
    with following(server) as stream:
        seen = next(stream).id
    for number in range(12):
        server.services.events.publish(TaskQueued(number, "x"))
    with following(server, last=seen) as stream:
        next(stream)
        gap = next(stream)
        assert (gap.kind, gap.data) == ("gap", {"missed": 7})
        assert [next(stream).data["job"] for _ in range(5)] == [7, 8, 9, 10, 11]


def test_an_id_of_another_process_is_a_gap_of_unknown_size(server: Server) -> None:
    for last in ("deadbeef-12", "nonsense", "-", "deadbeef-" + "9" * 40):
        with following(server, last=last) as stream:
            assert next(stream).data == {"resumed": False}
            gap = next(stream)
            assert (gap.kind, gap.data) == ("gap", {"missed": None})


def test_silence_is_broken_by_comments(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "HEARTBEAT", 0.05)
    with following(server, "kinds=task_queued") as stream:
        next(stream)
        assert next(stream).comment


def test_events_that_nobody_asked_for_are_silence_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "HEARTBEAT", 0.05)

    async def others() -> None:
        while True:
            server.services.events.publish(TaskQueued(1, "x"))
            await asyncio.sleep(0.005)

    with following(server, "kinds=config_changed") as stream:
        next(stream)
        going_on = asyncio.run_coroutine_threadsafe(others(), server.loop)
        try:
            assert next(stream).comment
        finally:
            going_on.cancel()


def test_a_reader_that_does_not_read_is_dropped(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.streaming.PATIENCE", 0.2)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        token = server.accounts.token
        line.sendall(f"GET /api/events/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n\r\n".encode())
        line.recv(100)
        resource = server.app.router.find("/api/events/")[0].resource
        wide = "x" * 20_000

        async def is_gone() -> None:
            while resource.hub.readers:
                server.services.events.publish(EntryDecided(1, "t", wide, "accept", "p", None))
                await asyncio.sleep(0.001)

        asyncio.run_coroutine_threadsafe(is_gone(), server.loop).result(20)


def test_texts_that_are_no_unicode_do_not_end_the_stream(server: Server) -> None:
    with following(server) as stream:
        next(stream)
        server.services.events.publish(EntryDecided(1, "t", "half \ud800", "accept", "p", None))
        assert next(stream).data["title"] == "half ?"


def test_without_readers_nothing_is_kept_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        monkeypatch.setattr(hub, "IDLE_SECONDS", 0.0)
        bus = EventBus()
        made = EventHub(bus, None)
        assert not bus.listened
        wake = made.join()
        bus.publish(TaskQueued(1, "x"))
        bus.publish(TaskDump(1, "x", []))
        assert made.newest == 1
        before = made.id_of(1)
        made.leave(wake)
        bus.publish(TaskQueued(2, "x"))
        await asyncio.sleep(0.01)
        assert not bus.listened
        assert made.number_of(before) is None

    asyncio.run(scenario())
