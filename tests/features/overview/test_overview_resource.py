"""One answer tells a dashboard everything."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from server.engine.context import Step
from server.engine.execution import ExecuteOptions
from server.engine.queue import Job
from server.features.runs._recorder import record
from tests.web.support import Server


def overview(server: Server, query: str = "") -> Any:
    answer = server.get(f"overview/?{query}")
    assert answer.status == 200, answer.body
    return answer.json


def run(server: Server, *names: str) -> None:
    if record not in server.services.recorders:
        server.services.recorders.append(record)
    for name in names:
        server.engine.run(name)


def test_tasks_come_in_the_order_of_the_config_with_their_runs(server: Server) -> None:
    run(server, "hist", "second", "hist")
    told = overview(server)
    assert [task["name"] for task in told["tasks"]] == ["hist", "second"]
    hist, second = told["tasks"]
    assert [one["accepted"] for one in hist["runs"]] == [2, 2]
    assert hist["runs"][0]["id"] > hist["runs"][1]["id"]
    assert hist["last_run"] == hist["runs"][0]["started"]
    assert (hist["state"], hist["job"]) == ("idle", None)
    assert hist["next_run"].endswith("GMT")
    assert second["next_run"] is None
    assert told["schedules_off"] is False
    assert (told["last_day"]["runs"], told["last_day"]["accepted"]) == (3, 4)
    assert told["counts"]["history"] == 4
    assert told["attention"] == []
    assert all(len(task["runs"]) <= 1 for task in overview(server, "runs=1")["tasks"])
    assert overview(server, "runs=0")["tasks"][0]["last_run"] is not None


def test_it_is_empty_and_whole_before_anything_ran(server: Server) -> None:
    told = overview(server)
    assert told["tasks"][0]["runs"] == []
    assert set(told["counts"].values()) == {0}
    assert set(told["last_day"].values()) == {0}


def test_the_queue_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = server.services.queue
    monkeypatch.setattr(queue, "_start_threads", lambda: None)  # nobody works: what is queued waits
    job = queue.submit("second", ExecuteOptions())
    told = overview(server)
    assert told["queue"] == [{"job": job.id, "task": "second"}]
    assert [(task["state"], task["job"]) for task in told["tasks"]] == [("idle", None), ("queued", job.id)]


def test_a_task_that_was_aborted_needs_attention(server: Server) -> None:
    server.post(
        "tasks/",
        {"name": "bad", "config": {"mock": [{"title": "x"}], "abort_if_exists": {"regexp": "x", "field": "title"}}},
    )
    run(server, "bad")
    (note,) = overview(server)["attention"]
    assert (note["kind"], note["task"]) == ("task_aborted", "bad")
    assert note["message"]


def test_a_task_that_waits_for_its_interval_does_not(server: Server) -> None:
    server.post("tasks/", {"name": "slow", "config": {"mock": [{"title": "x"}], "interval": "1 day"}})
    run(server, "slow", "slow")
    told = overview(server)
    last = told["tasks"][-1]["runs"][0]
    assert (last["aborted"], last["silent"]) == (True, True)
    assert told["attention"] == []


def test_a_config_that_was_refused_needs_attention(server: Server) -> None:
    server.engine.path.write_text("tasks: {a: {no_such: 1}}")
    assert server.post("server/manage/", {"operation": "reload"}).status == 500
    assert [note["kind"] for note in overview(server)["attention"]] == ["config"]


def test_reports_of_crashes_need_attention(server: Server) -> None:
    (server.engine.home / "crash_report.2026.log").write_text("oh")
    (note,) = overview(server)["attention"]
    assert note["kind"] == "crash_report"
    assert "2026" in note["message"]


def test_a_report_that_goes_meanwhile_is_no_fault(server: Server) -> None:
    (server.engine.home / "crash_report.2026.log").symlink_to("nowhere")
    (note,) = overview(server)["attention"]
    assert note["when"] is None
    assert server.get("server/crash_logs/").json == []


def test_a_task_that_ends_between_two_looks_is_no_fault(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ending(Job):
        """Its task is there at the first look only."""

        looks = 0

        def __getattribute__(self, name: str) -> Any:
            if name == "task":
                self.looks += 1
                return SimpleNamespace(step=Step("input", "mock")) if self.looks == 1 else None
            return super().__getattribute__(name)

    monkeypatch.setattr(server.services.queue, "jobs", lambda: [Ending(1, "hist", ExecuteOptions(), state="running")])
    assert overview(server)["tasks"][0]["phase"] == "input"
    (job,) = server.get("tasks/queue/").json
    assert (job["current_phase"], job["current_plugin"]) == ("input", "mock")
