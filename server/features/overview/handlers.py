"""``/overview/``: all that a dashboard needs, in one answer made of few queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.engine.queue import Job
from server.features.entry_list.store import EntryListStore
from server.features.failed.store import FailedStore
from server.features.history.store import HistoryStore
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.regexp_list.store import RegexpListStore
from server.features.runs._shapes import RUN
from server.features.runs.handlers import as_json as run_as_json
from server.features.runs.store import Run, RunStore
from server.features.seen.store import SeenStore
from server.features.series.store import SeriesStore
from server.web.endpoint import Integer, Resource, array, get, obj
from server.web.shapes import BOOLEAN, DATE_OR_NULL, INTEGER, TEXT, TEXT_OR_NULL, Shape

STRIP = 30
"""Runs of a task that are shown by default."""

_LISTS: tuple[type[Any], ...] = (EntryListStore, MovieListStore, PendingListStore, RegexpListStore)
_COUNTED: tuple[type[Any], ...] = (HistoryStore, SeenStore, FailedStore, SeriesStore, *_LISTS)

JOB = {"type": "integer", "description": "id in the queue"}
TASK = Shape(
    "overview_task",
    obj(
        {
            "name": TEXT,
            "state": {"type": "string", "enum": ["idle", "queued", "running", "hung"]},
            "job": {**JOB, "type": ["integer", "null"]},
            "phase": TEXT_OR_NULL,
            "plugin": TEXT_OR_NULL,
            "last_run": DATE_OR_NULL,
            "next_run": DATE_OR_NULL,
            "runs": array(RUN, description="the latest ones, newest first"),
        }
    ),
)
ATTENTION = Shape(
    "overview_attention",
    obj(
        {
            "kind": {
                "type": "string",
                "enum": ["config", "plugin", "task_hung", "task_aborted", "failed_entries", "crash_report"],
            },
            "task": TEXT_OR_NULL,
            "message": TEXT,
            "when": DATE_OR_NULL,
        }
    ),
)
_NUMBERS = ("history", "seen", "failed", "shows", "lists")
_TOTALS = ("runs", "aborted", "produced", "accepted", "rejected", "failed")
OVERVIEW = Shape(
    "overview",
    obj(
        {
            "tasks": array(TASK, description="in the order of the config"),
            "queue": array(obj({"job": JOB, "task": TEXT}), description="in the order they run, the running one first"),
            "schedules_off": BOOLEAN,
            "counts": obj(dict.fromkeys(_NUMBERS, INTEGER)),
            "last_day": {**obj(dict.fromkeys(_TOTALS, INTEGER)), "description": "sums over the last 24 hours"},
            "attention": array(ATTENTION, description="what somebody should look at, the gravest first"),
        }
    ),
)


class Overview(Resource):
    """The state of everything."""

    tag = "overview"
    _known: tuple[tuple[int, int], tuple[dict[str, list[Run]], dict[str, int]]] | None = None

    @get(
        "Everything at a glance",
        query=[Integer("runs", "how many of each task's latest runs are told", default=STRIP, minimum=0, cap=100)],
        returns=OVERVIEW,
    )
    def overview(self, runs: int) -> dict[str, Any]:
        """Tasks with their last and next runs, the queue, numbers, and what needs attention."""
        latest, counts = self._from_database(runs)
        scheduler, queue = self.services.scheduler, self.services.queue.jobs()
        following = scheduler.next_runs() if scheduler is not None else {}
        names = self.services.config.task_names()
        jobs = {job.name: job for job in reversed(queue)}
        since = datetime.now(UTC) - timedelta(days=1)
        return {
            "tasks": [_task(name, latest.get(name, []), following.get(name), jobs.get(name), runs) for name in names],
            "queue": [{"job": job.id, "task": job.name} for job in queue],
            "schedules_off": scheduler is None or scheduler.off,
            "counts": counts,
            "last_day": self.services.db.store(RunStore).totals(since),
            "attention": list(self._attention(names, latest, counts, queue)),
        }

    def _from_database(self, runs: int) -> tuple[dict[str, list[Run]], dict[str, int]]:
        """Latest runs of every task and numbers of rows: asked again only where something was written."""
        db = self.services.db
        number = max(runs, 1)  # the last one decides what needs attention
        version = (db.version(RunStore.schema.name, *(store.schema.name for store in _COUNTED)), number)
        if self._known is None or self._known[0] != version:
            counts = {
                "history": db.store(HistoryStore).page(limit=1)[1],
                "seen": db.store(SeenStore).page(limit=1)[1],
                "failed": db.store(FailedStore).page(limit=1)[1],
                "shows": db.store(SeriesStore).page(limit=1)[1],
                "lists": sum(len(db.store(kind).lists()) for kind in _LISTS),
            }
            self._known = (version, (db.store(RunStore).latest(number), counts))
        return self._known[1]

    def _attention(
        self, names: list[str], latest: dict[str, list[Run]], counts: dict[str, int], queue: list[Job]
    ) -> Iterator[dict[str, Any]]:
        services = self.services
        if services.config.refused:
            yield _note("config", "the config file was changed and is not valid; the one before it is in force")
        for file, problem in services.registry.problems:
            yield _note("plugin", f"{file}: {problem}")
        for job in queue:
            if job.state == "hung":
                yield _note("task_hung", "hangs and was given up", job.name)
        for name in names:
            last = next(iter(latest.get(name, [])), None)
            if last is not None and last.aborted and not last.silent:
                yield _note("task_aborted", last.reason or "was aborted", name, last.started)
        if counts["failed"]:
            yield _note("failed_entries", f"{counts['failed']} entries failed and are kept for another try")
        for report in sorted(services.home.glob("crash_report*.log"), reverse=True)[:5]:
            yield _note("crash_report", f"there is a report of a crash: {report.name}", None, _written(report))


def _task(name: str, runs: list[Run], following: datetime | None, job: Job | None, shown: int) -> dict[str, Any]:
    task = job.task if job is not None else None  # looked at once: it goes when the job ends
    step = task.step if task is not None else None
    state = (
        "idle" if job is None else "queued" if job.state == "pending" else "hung" if job.state == "hung" else "running"
    )
    return {
        "name": name,
        "state": state,
        "job": job.id if job else None,
        "phase": step.phase if step else None,
        "plugin": step.plugin if step else None,
        "last_run": runs[0].started if runs else None,
        "next_run": following,
        "runs": [run_as_json(run) for run in runs[:shown]],
    }


def _written(file: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:  # somebody cleans up
        return None


def _note(kind: str, message: str, task: str | None = None, when: datetime | None = None) -> dict[str, Any]:
    return {"kind": kind, "task": task, "message": message, "when": when}
