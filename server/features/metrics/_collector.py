"""The numbers of ``/metrics``, as ``prometheus-client`` collects them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from server import __version__
from server.engine.events import Event, TaskFinished
from server.engine.log import LEVELS
from server.features.runs.store import RunStore

if TYPE_CHECKING:
    from server.engine.log import Line
    from server.engine.services import Services

STATES = ("accepted", "rejected", "failed", "undecided")
TOLD_LEVELS = {LEVELS[name]: name for name in ("warning", "error", "critical")}


def registry_of(services: Services) -> CollectorRegistry:
    """A registry with the daemon's numbers and those of its process (Linux)."""
    registry = CollectorRegistry()
    registry.register(TaskCollector(services))
    ProcessCollector(registry=registry)
    return registry


class TaskCollector(Collector):
    """Counts from its making on; what is kept in the database is read at each scrape."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._guard = threading.Lock()
        self._runs: Counter[tuple[str, str]] = Counter()
        self._entries: Counter[tuple[str, str]] = Counter()
        self._lines: Counter[str] = Counter()
        services.events.subscribe(self._on_event)
        if services.log is not None:
            services.log.subscribe(self._on_line)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, TaskFinished):
            with self._guard:
                self._runs[event.task, "aborted" if event.summary["aborted"] else "done"] += 1
                for state in STATES:
                    self._entries[event.task, state] += event.summary[state]

    def _on_line(self, line: Line, level: int) -> None:
        if level in TOLD_LEVELS:
            with self._guard:
                self._lines[TOLD_LEVELS[level]] += 1

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield InfoMetricFamily("flexget", "The program.", {"version": __version__})
        yield from self._counted()
        yield from self._now()
        yield from self._last_runs()

    def _counted(self) -> Iterator[Metric]:
        with self._guard:
            counted = (
                ("flexget_runs", "Runs that ended.", ["task", "result"], dict(self._runs)),
                ("flexget_entries", "Entries by state, at the end of runs.", ["task", "state"], dict(self._entries)),
                (
                    "flexget_log_lines",
                    "Log lines of a grave level.",
                    ["level"],
                    {(k,): v for k, v in self._lines.items()},
                ),
            )
        for name, text, labels, values in counted:
            family = CounterMetricFamily(name, text, labels=labels)
            for key, value in values.items():
                family.add_metric(list(key), value)
            yield family

    def _now(self) -> Iterator[Metric]:
        services = self._services
        jobs = services.queue.jobs()
        yield GaugeMetricFamily("flexget_tasks", "Tasks of the config.", len(services.config.task_names()))
        queue = GaugeMetricFamily("flexget_queue_jobs", "Tasks that run and wait.", labels=["state"])
        for state in ("running", "pending", "hung"):
            queue.add_metric([state], sum(1 for job in jobs if job.state == state))
        yield queue
        following = GaugeMetricFamily("flexget_task_next_run_seconds", "When it runs next (epoch).", labels=["task"])
        if services.scheduler is not None:
            for name, when in services.scheduler.next_runs().items():
                following.add_metric([name], when.timestamp())
        yield following

    def _last_runs(self) -> Iterator[Metric]:
        latest = self._services.db.store(RunStore).latest(1)
        when = GaugeMetricFamily("flexget_task_last_run_seconds", "When the last run began (epoch).", labels=["task"])
        took = GaugeMetricFamily("flexget_task_last_run_duration_seconds", "How long it took.", labels=["task"])
        good = GaugeMetricFamily(
            "flexget_task_last_run_ok", "1, or 0 where it was aborted by an error.", labels=["task"]
        )
        for name in self._services.config.task_names():
            for run in latest.get(name, []):
                when.add_metric([name], run.started.timestamp())
                took.add_metric([name], run.seconds)
                good.add_metric([name], float(not run.aborted or run.silent))
        yield from (when, took, good)
