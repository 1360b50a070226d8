"""The queue: order, cancelling, limits, and plugins that do not listen."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from server.engine.config_service import ConfigService
from server.engine.events import TaskFinished
from server.engine.execution import ExecuteOptions
from server.engine.task import Task
from tests.engine.test_task_flow import plugin

GATE = """
def on_task_filter(self, task, config):
    self.order = getattr(self, 'order', [])
    self.order.append(task.name)
    self.entered.set()
    self.gate.wait(5)
"""


def gate(made) -> tuple[threading.Event, threading.Event]:
    """(entered, gate) of the plugin that waits until it is let go."""
    waiting = made.registry.get("waiting")
    waiting.entered, waiting.gate = threading.Event(), threading.Event()
    return waiting.entered, waiting.gate


def test_one_task_at_a_time_urgent_ones_first_then_by_priority(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "waiting", GATE)
    made = engine("tasks: {a: {waiting: yes}, b: {waiting: yes, priority: 9}, c: {waiting: yes, priority: 2}}")
    entered, go = gate(made)
    queue = made.services.queue
    first = queue.submit("a", ExecuteOptions())
    assert entered.wait(5)
    jobs = [queue.submit(name, ExecuteOptions(), urgent=urgent) for name, urgent in [("b", False), ("c", False)]]
    jobs.append(queue.submit("b", ExecuteOptions(), urgent=True))
    assert [job.name for job in queue.jobs()] == ["a", "b", "c", "b"]
    go.set()
    for job in [first, *jobs]:
        assert job.wait(5) is not None
    assert made.registry.get("waiting").order == ["a", "b", "c", "b"]
    assert queue.jobs() == []


def test_a_waiting_job_can_be_taken_out_and_a_running_one_stopped(engine, tmp_path: Path) -> None:
    body = """
    def on_task_filter(self, task, config):
        self.entered.set()
        task.sleep(30)
    """
    plugin(tmp_path, "waiting", body)
    made = engine("tasks: {a: {waiting: yes}}")
    entered, _ = gate(made)
    queue = made.services.queue
    running, waiting = queue.submit("a", ExecuteOptions()), queue.submit("a", ExecuteOptions())
    assert entered.wait(5)
    assert queue.cancel(waiting.id)
    assert queue.cancel(running.id)
    assert waiting.wait(5).aborted
    assert "cancelled" in running.wait(5).reason
    assert not queue.cancel(running.id)


def test_a_run_over_its_limit_is_ended(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "slow", "def on_task_filter(self, task, config): task.sleep(30)")
    made = engine("tasks: {a: {slow: yes}}")
    made.services.queue.time_limit = 0.1
    assert "longer than its limit" in made.services.queue.submit("a", ExecuteOptions()).wait(10).reason


def test_an_endless_loop_is_interrupted(engine, tmp_path: Path) -> None:
    body = """
    def on_task_filter(self, task, config):
        while True:
            time.sleep(0.001)
    """
    plugin(tmp_path, "endless", body)
    made = engine("tasks: {a: {endless: yes}, b: {mock: [{title: One}], accept_all: yes}}")
    made.services.queue.time_limit = made.services.queue.grace = 0.1
    job = made.services.queue.submit("a", ExecuteOptions())
    result = job.wait(10)
    assert result.aborted
    assert job.state == "done"
    assert made.services.queue.submit("b", ExecuteOptions()).wait(10).count("accepted") == 1


def test_a_run_that_hangs_in_the_system_is_given_up_and_the_queue_goes_on(engine, tmp_path: Path) -> None:
    body = """
    def on_task_filter(self, task, config):
        self.gate.wait(20)
        from server.features.seen.store import SeenStore
        task.db.store(SeenStore)
        with task.db.transaction():
            self.wrote = True
    """
    plugin(tmp_path, "waiting", body)
    made = engine("tasks: {a: {waiting: yes}, b: {mock: [{title: One}], accept_all: yes}}")
    _, go = gate(made)
    queue = made.services.queue
    queue.time_limit, queue.grace = 0.1, 0.2
    job = queue.submit("a", ExecuteOptions())
    hanging = queue._worker
    assert "hung" in job.wait(10).reason
    assert job.state == "hung"
    assert [item.state for item in queue.jobs()] == ["hung"]
    queue.time_limit = 0
    assert queue.submit("b", ExecuteOptions()).wait(10).count("accepted") == 1
    go.set()
    hanging.join(10)
    assert not hasattr(made.registry.get("waiting"), "wrote")
    assert (job.state, queue.is_queued("a"), "hung" in job.result.reason) == ("done", False, True)


def test_a_stop_that_runs_what_waits_goes_on_without_a_task_that_hangs(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "waiting", "def on_task_filter(self, task, config):\n    self.gate.wait(20)")
    made = engine("tasks: {a: {waiting: yes}, b: {mock: [{title: One}], accept_all: yes}}")
    _, go = gate(made)
    queue = made.services.queue
    queue.time_limit, queue.grace = 0.1, 0.2
    jobs = [queue.submit(name, ExecuteOptions()) for name in ("a", "b")]
    stopping = threading.Thread(target=queue.shutdown, kwargs={"finish": True}, daemon=True)
    stopping.start()
    stopping.join(10)
    try:
        assert not stopping.is_alive()
        assert [job.state for job in jobs] == ["hung", "done"]
    finally:
        go.set()


def test_a_clock_that_is_set_ends_no_task(engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin(
        tmp_path, "waiting", "def on_task_filter(self, task, config):\n    self.entered.set()\n    self.gate.wait(20)"
    )
    made = engine("tasks: {a: {waiting: yes}}")
    entered, go = gate(made)
    looked, now = threading.Event(), time.time
    monkeypatch.setattr(ConfigService, "task_limit", property(lambda config: looked.set() or 3600.0))
    job = made.services.queue.submit("a", ExecuteOptions())
    assert entered.wait(5)
    monkeypatch.setattr(time, "time", lambda: now() + 7200)
    for _ in range(2):
        looked.clear()
        assert looked.wait(10)
    go.set()
    assert not job.wait(10).aborted


def test_a_job_that_is_cancelled_while_its_task_is_made_ends_once(engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made = engine("tasks: {a: {mock: [{title: One}], accept_all: yes}}")
    entered, go = threading.Event(), threading.Event()
    make, finished = made.services.runner.make, []

    def slowly(*words: Any, **options: Any) -> Task:
        entered.set()
        go.wait(10)
        return make(*words, **options)

    monkeypatch.setattr(made.services.runner, "make", slowly)
    made.services.events.subscribe(lambda event: finished.append(event) if isinstance(event, TaskFinished) else None)
    job = made.services.queue.submit("a", ExecuteOptions())
    assert entered.wait(5)
    assert made.services.queue.cancel(job.id)
    assert job.state == "running"
    go.set()
    assert job.wait(10).reason == "cancelled by the user"
    assert len(finished) == 1


def test_a_stop_ends_the_running_task_and_drops_the_waiting(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "waiting", "def on_task_filter(self, task, config):\n    self.entered.set()\n    task.sleep(30)")
    made = engine("tasks: {a: {waiting: yes}}")
    entered, _ = gate(made)
    queue = made.services.queue
    job = queue.submit("a", ExecuteOptions())
    assert entered.wait(5)
    assert queue.shutdown(timeout=2)
    assert "stopping" in job.wait(1).reason


def test_a_task_that_left_the_config_while_it_waited_is_no_bug(engine, tmp_path: Path, caplog) -> None:
    plugin(tmp_path, "waiting", GATE)
    made = engine("tasks: {a: {waiting: yes}, b: {accept_all: yes}}")
    entered, go = gate(made)
    first, second = (made.services.queue.submit(name, ExecuteOptions()) for name in ("a", "b"))
    assert entered.wait(5)
    made.configure("tasks: {a: {waiting: yes}}")
    third = made.services.queue.submit("b", ExecuteOptions())
    go.set()
    assert not first.wait(10).aborted
    for job in (second, third):
        assert job.wait(10).reason == "The config has no task `b` any more."
    assert "BUG" not in caplog.text


def test_a_finished_job_keeps_its_numbers_and_lets_go_of_its_entries(engine) -> None:
    made = engine("tasks: {a: {mock: [{title: One}, {title: Two}], regexp: {accept: [one]}}}")
    job = made.services.queue.submit("a", ExecuteOptions())
    result = job.wait(10)
    assert result is not None
    assert result.entries == []
    assert (result.summary()["accepted"], result.summary()["undecided"]) == (1, 1)
