"""The queue of tasks and the one thread that runs them, one after the other.

    job = queue.submit("tv", ExecuteOptions(), urgent=True)
    job.wait(10).accepted

A run that takes longer than its limit is cancelled; one that does not even react to that (a plugin that hangs in a
system call) is given up: it loses the right to use the database and a fresh thread takes over the queue.
"""

from __future__ import annotations

import ctypes
import heapq
import itertools
import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.config.errors import ConfigError
from server.engine.errors import TaskCancelled
from server.engine.events import TaskFinished, TaskQueued
from server.engine.execution import ExecuteOptions, TaskResult
from server.engine.memory import no_full_collection
from server.engine.task import Task
from server.engine.way import WAY

if TYPE_CHECKING:
    from server.engine.services import Services

logger = logging.getLogger("task_queue")

GRACE = 20.0
"""Seconds a cancelled run has to end before the next harder means."""

KEPT_DONE = 200
"""Finished jobs that can still be asked for."""


@dataclass(eq=False)
class Job:
    """One asked-for execution. ``state``: pending, running, hung (did not react to its cancellation) or done."""

    id: int
    name: str
    options: ExecuteOptions
    urgent: bool = False
    state: str = "pending"
    queued: float = field(default_factory=time.time)
    started: float | None = None
    begun: float = 0.0
    """The same by the clock that nobody sets (``time.monotonic``): a limit is no matter of the time of day."""
    result: TaskResult | None = None
    task: Task | None = None
    output: Callable[[str], None] | None = None
    cancelled: str | None = None
    _done: threading.Event = field(default_factory=threading.Event)

    def wait(self, timeout: float | None = None) -> TaskResult | None:
        """What came of it; None when it is not over in time (seconds)."""
        self._done.wait(timeout)
        return self.result

    def finish(self, result: TaskResult) -> None:
        """Set the outcome."""
        self.result, self.state, self.task = result, "done", None
        self._done.set()


class TaskQueue:
    """Pending jobs by urgency, task priority and age.

    ``time_limit``: seconds a run may take, 0 for any time; None: as the config says (``task_limit``).
    """

    def __init__(self, services: Services, *, time_limit: float | None = None, grace: float = GRACE) -> None:
        self._services = services
        self.time_limit = time_limit
        self.grace = grace
        self._condition = threading.Condition()
        self._pending: list[tuple[tuple[int, int], int, Job]] = []
        self._order = itertools.count()
        self._jobs: dict[int, Job] = {}
        self._running: Job | None = None
        self._worker: threading.Thread | None = None
        self._watchdog: threading.Thread | None = None
        self._closing = False
        self._held = False
        self.last_finished: float | None = None

    # -- asking -------------------------------------------------------------------------------------------------------

    def submit(
        self, name: str, options: ExecuteOptions, *, urgent: bool = False, output: Callable[[str], None] | None = None
    ) -> Job:
        """Queue an execution. Urgent ones (somebody waits for them) come before the scheduler's."""
        priority = self._services.runner.priority_of(name)
        with self._condition:
            if self._closing:
                raise RuntimeError("the task queue is shut down")
            job = Job(self._new_id(), name, options, urgent, output=output)
            self._jobs[job.id] = job
            heapq.heappush(self._pending, ((0 if urgent else 1, priority), next(self._order), job))
            self._start_threads()
            self._condition.notify_all()
        self._services.events.publish(TaskQueued(job.id, name))
        return job

    def _new_id(self) -> int:
        while True:
            number = secrets.randbelow(900_000) + 100_000
            if number not in self._jobs:
                return number

    def is_queued(self, name: str) -> bool:
        """Whether a task waits or runs already."""
        return any(job.name == name for job in self.jobs())

    def jobs(self) -> list[Job]:
        """The running job and those that wait, in the order they will run."""
        with self._condition:
            waiting = [item[2] for item in sorted(self._pending, key=lambda item: item[:2])]
            hung = [job for job in self._jobs.values() if job.state == "hung"]
            return [*hung, *([self._running] if self._running else []), *waiting]

    def get(self, job_id: int) -> Job | None:
        """A job by its id; the latest finished ones are known too."""
        return self._jobs.get(job_id)

    @property
    def running(self) -> Job | None:
        return self._running

    def cancel(self, job_id: int, reason: str = "cancelled by the user") -> bool:
        """Take a waiting job out, or ask the running one to end. False when it is over or unknown."""
        with self._condition:
            job = self._jobs.get(job_id)
            if job is None or job.state not in ("pending", "running"):
                return False
            job.cancelled = reason
            if job.state == "running":
                if job.task is not None:  # else the worker is just making it, and looks then
                    job.task.cancel(reason)
                return True
            self._pending = [item for item in self._pending if item[2] is not job]
            heapq.heapify(self._pending)
        result = TaskResult(job.name, aborted=True, reason=reason, silent=True, started=time.time())
        self._close_job(job, result)
        self._services.events.publish(TaskFinished(job.id, job.name, result.summary()))
        return True

    def hold(self, held: bool) -> None:
        """Begin no job (``held``), or go on."""
        with self._condition:
            self._held = held
            self._condition.notify_all()

    # -- working ------------------------------------------------------------------------------------------------------

    def _start_threads(self) -> None:
        if self._worker is None or not self._worker.is_alive():
            self._worker = threading.Thread(target=self._work, name="tasks", daemon=True)
            self._worker.start()
        if self._watchdog is None:
            self._watchdog = threading.Thread(target=self._watch, name="task-watchdog", daemon=True)
            self._watchdog.start()

    def _work(self) -> None:
        me = threading.current_thread()
        WAY.given_here()
        while True:
            with self._condition:
                while not self._is_over() and (self._held or not self._pending):
                    self._condition.wait()
                if me is not self._worker or self._is_over():
                    break
                job = heapq.heappop(self._pending)[2]
                job.state, job.started, job.begun, self._running = "running", time.time(), time.monotonic(), job
                self._condition.notify_all()
            with no_full_collection():
                result = self._execute(job)
                result.release()
            with self._condition:
                given_up = me is not self._worker
                if not given_up:
                    self._running = None
            self._close_job(job, job.result or result)
            if given_up:
                return  # another thread works, and the watchdog has told what came of the job
        self._services.db.release()

    def _is_over(self) -> bool:
        return self._closing and not self._pending

    def _execute(self, job: Job) -> TaskResult:
        services = self._services
        try:
            job.task = services.runner.make(job.name, job.options, job=job.id, output=job.output)
            if job.cancelled:
                job.task.cancel(job.cancelled)
            return services.runner.run(job.task)
        except ConfigError as error:
            logger.error("%s cannot run: %s", job.name, error)
            result = TaskResult(job.name, aborted=True, reason=str(error), error=True, started=time.time())
            services.events.publish(TaskFinished(job.id, job.name, result.summary()))
            return result
        except TaskCancelled as error:  # the watchdog's exception came when the task was just over
            return TaskResult(job.name, aborted=True, reason=error.reason, started=job.started or 0.0)
        except Exception as error:
            logger.critical("BUG: %s could not be run: %s", job.name, error, exc_info=True)
            return TaskResult(job.name, aborted=True, reason=f"BUG: {error}", error=True, started=time.time())

    def _close_job(self, job: Job, result: TaskResult) -> None:
        job.finish(result)
        self.last_finished = time.time()
        with self._condition:
            done = [known for known in self._jobs.values() if known.state == "done"]
            for old in done[:-KEPT_DONE]:
                del self._jobs[old.id]
            self._condition.notify_all()

    # -- watching -----------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Cancel runs over their limit, and give up those that do not react."""
        asked: float | None = None
        pushed = False
        watched: Job | None = None
        while not self._closing or self._running or self._pending:
            with self._condition:
                self._condition.wait(0.2 if self._running else 5.0)
                job = self._running
            if job is not watched:
                watched, asked, pushed = job, None, False
            if job is None or job.task is None:
                continue
            now = time.monotonic()
            limit = self._services.config.task_limit if self.time_limit is None else self.time_limit
            if not job.task.cancelled and limit and now - job.begun > limit:
                job.task.cancel(f"took longer than its limit of {limit:g} seconds")
            if job.task.cancelled:
                asked = asked or now
                if now - asked > self.grace and not pushed:
                    pushed = True
                    self._push(job)
                elif now - asked > 2 * self.grace:
                    self._give_up(job)

    def _push(self, job: Job) -> None:
        """Raise the cancellation inside the worker: ends endless loops of Python code."""
        worker = self._worker
        if worker is not None and worker.ident is not None:
            logger.error("%s does not end by itself; interrupting it", job.name)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(_Interrupted))

    def _give_up(self, job: Job) -> None:
        with self._condition:
            worker = self._worker
            if self._running is not job or worker is None:
                return
            self._services.db.revoke_thread(worker)
            reason = f"hung and was given up ({job.task.phase if job.task else 'unknown'} phase)"
            job.result = TaskResult(job.name, aborted=True, reason=reason, error=True, started=job.started or 0.0)
            self._running, job.state = None, "hung"
            self._worker = None
            if self._pending or not self._closing:
                self._start_threads()
            self._condition.notify_all()
        logger.critical("%s hangs and was given up; the queue goes on without it", job.name)
        self._services.events.publish(TaskFinished(job.id, job.name, job.result.summary()))
        job._done.set()

    # -- ending -------------------------------------------------------------------------------------------------------

    def shutdown(self, *, finish: bool = False, timeout: float = 10.0) -> bool:
        """Take no more jobs. ``finish``: run those that wait first; else only the running one may end, or is cancelled
        after half of ``timeout`` seconds. Returns whether everything came to its end."""
        with self._condition:
            self._closing = True
            if not finish:
                self._pending.clear()
            self._condition.notify_all()
            if finish:
                self._condition.wait_for(lambda: not self._pending and self._running is None)
        worker = self._worker
        if worker is not None:
            worker.join(None if finish else timeout / 2)
            running = self._running
            if worker.is_alive() and running is not None and running.task is not None:
                running.task.cancel("the daemon is stopping")
                worker.join(timeout / 2)
        hung = any(job.state == "hung" for job in list(self._jobs.values()))
        return not hung and (worker is None or not worker.is_alive())

    def wait_empty(self, timeout: float | None = None) -> bool:
        """Wait until nothing runs or waits; seconds."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._pending and self._running is None, timeout)


class _Interrupted(TaskCancelled):
    """Raised inside a worker that did not listen (the interpreter makes it, so it takes no arguments)."""

    def __init__(self) -> None:
        super().__init__("took too long and was interrupted")
