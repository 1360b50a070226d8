"""Prometheus gets its numbers where the config allows it."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from server.engine.execution import ExecuteOptions
from server.features.runs._recorder import record
from tests.features.api import CONFIG, started, stopped
from tests.web.support import Reply, Server


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def start(setting: str, **more: str) -> Server:
        made.append(started(tmp_path, f"{CONFIG}\nmetrics: {setting}\n", **more))
        made[-1].services.recorders.append(record)
        return made[-1]

    yield start
    for server in made:
        stopped(server)


def numbers(answer: Reply) -> dict[str, float]:
    assert answer.status == 200, answer.body
    families = text_string_to_metric_families(answer.body.decode())
    return {
        sample.name + "".join(f"/{value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_it_is_off_unless_the_config_switches_it_on(make: Callable[..., Server]) -> None:
    answer = make("no").get("/metrics")
    assert answer.status == 404
    assert "metrics: yes" in answer.json["message"]


def test_it_asks_for_a_sign_in_unless_it_is_open(make: Callable[..., Server]) -> None:
    server = make("yes")
    server.accounts.set_password("correct-horse-77-battery")
    assert server.get("/metrics", token=False).status == 401
    assert server.get("/metrics").status == 200
    basic = base64.b64encode(b"flexget:correct-horse-77-battery").decode()
    assert server.get("/metrics", token=False, headers={"Authorization": f"Basic {basic}"}).status == 200


def test_open_numbers_need_no_sign_in_and_honour_base_url(make: Callable[..., Server]) -> None:
    server = make("open", base_url="/flexget")
    assert server.get("/flexget/metrics", token=False).status == 200
    assert server.get("/flexget/metrics/", token=False).status == 200


def test_tasks_runs_and_queue_are_told(make: Callable[..., Server]) -> None:
    server = make("open")
    server.services.queue.submit("hist", ExecuteOptions(), urgent=True).wait(10)  # before anybody asks
    told = numbers(server.get("/metrics"))
    assert told["flexget_tasks"] == 2
    assert told["flexget_queue_jobs/running"] == 0
    assert told["flexget_task_next_run_seconds/hist"] > 1_700_000_000
    assert told["flexget_runs_total/done/hist"] == 1
    assert told["flexget_entries_total/accepted/hist"] == 2
    assert told["flexget_task_last_run_ok/hist"] == 1
    assert told["flexget_task_last_run_seconds/hist"] > 1_700_000_000


def test_grave_log_lines_are_counted(make: Callable[..., Server]) -> None:
    server = make("open")
    assert server.services.log is not None
    logger = logging.getLogger("metrics_test")
    logger.addHandler(server.services.log)
    logger.warning("oh")
    logger.removeHandler(server.services.log)
    assert numbers(server.get("/metrics"))["flexget_log_lines_total/warning"] == 1


def test_the_format_is_the_one_that_was_asked_for(make: Callable[..., Server]) -> None:
    server = make("open")
    answer = server.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.body.endswith(b"# EOF\n")
    assert server.get("/metrics").headers["Content-Type"].startswith("text/plain")
