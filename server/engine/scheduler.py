"""Runs tasks by the clock: once a second it compares the time with what is due.

    scheduler = Scheduler(services)
    scheduler.start()                 # reads the config, then ticks on the IOLoop
    scheduler.describe()              # when each schedule ran, when it runs next, and why not

What is due is remembered in the database before the tasks are queued. So a run that was missed while the program was
down happens exactly once after its start, however many were missed, and a clock that jumps makes nothing run twice.
"""

from __future__ import annotations

import fnmatch
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from server.engine.events import ConfigChanged, Event, SchedulesChanged
from server.engine.execution import ExecuteOptions
from server.engine.local_zone import LocalZone
from server.engine.schedule_schema import Plan, effective, patterns
from server.engine.schedule_store import ScheduleState, ScheduleStore

if TYPE_CHECKING:
    from tornado.ioloop import PeriodicCallback

    from server.engine.services import Services

logger = logging.getLogger("scheduler")

TICK = 1000
"""Milliseconds between two looks at the clock."""

LATE = timedelta(seconds=60)
"""A run that comes later than this after its time was missed, and the log says so."""

STEP_BACK = timedelta(seconds=5)
"""The clock was set back when it is this much behind the last look."""


@dataclass(frozen=True)
class _Item:
    """A schedule in force."""

    state: ScheduleState
    plan: Plan


class Scheduler:
    """The schedules of the config in force. All methods may be called from any thread.

    ``clock`` gives epoch seconds, ``zone`` is the wall clock's; both are the machine's unless a test says otherwise.
    """

    def __init__(
        self,
        services: Services,
        *,
        clock: Callable[[], float] = time.time,
        zone: tzinfo | None = None,
    ) -> None:
        self._services = services
        self._clock = clock
        self._zone = zone or LocalZone()
        self._lock = threading.RLock()
        self._editing = threading.Lock()
        self._items: list[_Item] = []
        self._off = False
        self._ids: Sequence[int] | None = None
        self._last_look: datetime | None = None
        self._ticker: PeriodicCallback | None = None
        self._executor: ThreadPoolExecutor | None = None
        self._firing: Future[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    # -- life cycle ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load the schedules and tick from now on; call it on the IOLoop's thread."""
        from tornado.ioloop import PeriodicCallback

        self.load()
        self._unsubscribe = self._services.events.subscribe(self._on_event)
        self._executor = ThreadPoolExecutor(1, "scheduler")
        self._ticker = PeriodicCallback(self._tick, TICK)
        self._ticker.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._ticker is not None:
            self._ticker.stop()
        if self._unsubscribe is not None:
            self._unsubscribe()
        if self._executor is not None:
            self._executor.submit(self._services.db.release)
            self._executor.shutdown(wait=True)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ConfigChanged):
            self.load()

    def _tick(self) -> None:
        # only the look at the clock is the loop's: writing waits for the running task's transaction
        if self._executor is not None and (self._firing is None or self._firing.done()) and self._needs_work():
            self._firing = self._executor.submit(self._run_due_safely)

    def _needs_work(self) -> bool:
        now = self._now()
        return self._set_back(now) or any(_is_due(item.state, now) for item in self._items)

    def _run_due_safely(self) -> None:
        try:
            self.run_due()
        except Exception:
            logger.exception("The schedules could not be run; trying again")

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def off(self) -> bool:
        """Whether the config says ``schedules: no``."""
        return self._off

    def schedules(self) -> list[ScheduleState]:
        """The schedules in force, in the config's order."""
        with self._lock:
            return [item.state for item in self._items]

    def get(self, schedule_id: int) -> ScheduleState | None:
        """A schedule by its id."""
        return next((state for state in self.schedules() if state.id == schedule_id), None)

    def describe(self) -> list[dict[str, Any]]:
        """For each schedule its content, the tasks it runs, its last and next run (aware datetimes), and why not."""
        found = []
        for state in self.schedules():
            names, unknown = self._tasks_of(state)
            found.append(
                {
                    "id": state.id,
                    **state.content,
                    "runs": names,
                    "last_run": state.last_run,
                    "next_run": None if state.paused else state.next_run,
                    "paused": state.paused,
                    "why_not": _why_not(state, names, unknown),
                }
            )
        return found

    def next_runs(self) -> dict[str, datetime]:
        """When each task runs next by any schedule."""
        found: dict[str, datetime] = {}
        for state in self.schedules():
            if state.next_run is None or state.paused:
                continue
            for name in self._tasks_of(state)[0]:
                found[name] = min(found.get(name, state.next_run), state.next_run)
        return found

    # -- changes ------------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Take over the schedules of the config in force; what is known of them stays."""
        with self._lock:
            store = self._services.db.store(ScheduleStore)
            wanted = effective(self._services.config.data.get("schedules"))
            self._off = wanted is None
            known = store.all()
            now = self._now()
            first = self._last_look is None
            self._last_look = now
            plans = [Plan.of(content) for content in wanted or ()]
            ids, self._ids = self._ids, None
            states = [
                self._prepared(state, old, plan, now)
                for (state, old), plan in zip(_matched(known, wanted or [], ids), plans, strict=True)
            ]
            if known != states:
                states = store.replace(states)
            self._items = [_Item(state, plan) for state, plan in zip(states, plans, strict=True)]
        if first:
            self._tell_missed(now)
        if known != states:
            self._services.events.publish(SchedulesChanged())

    @contextmanager
    def keeping(self, ids: Sequence[int]) -> Iterator[None]:
        """Around an edit of the config's schedules: ``ids`` are theirs after it, in their order (0: a new one)."""
        with self._editing:
            self._ids = ids
            try:
                yield
                self.load()
            finally:
                self._ids = None

    def pause(self, schedule_id: int, paused: bool = True) -> bool:
        """Let a schedule rest, or go on with its next time from now. False when there is no such schedule."""
        with self._lock:
            for index, (state, plan) in enumerate((item.state, item.plan) for item in self._items):
                if state.id != schedule_id:
                    continue
                changed = replace(state, paused=paused)
                if not paused:
                    changed = self._planned(changed, plan, self._now(), state.planned)
                self._services.db.store(ScheduleStore).save([changed])
                self._items[index] = _Item(changed, plan)
                break
            else:
                return False
        self._services.events.publish(SchedulesChanged())
        return True

    def _prepared(self, state: ScheduleState, old: dict[str, Any] | None, plan: Plan, now: datetime) -> ScheduleState:
        """The state with its times: those it had, unless the plan is another or the clock makes them senseless."""
        same = old is not None and _times_of(old) == _times_of(state.content)
        if not same:
            since = state.last_run if state.last_run and state.last_run <= now else None
            if plan.every and since:
                due = max(since + plan.every, now)
                return replace(state, planned=due, next_run=due)
            return self._planned(state, plan, now, None)
        return self._sane(state, plan, now)

    def _sane(self, state: ScheduleState, plan: Plan, now: datetime) -> ScheduleState:
        """Bring back times that lie further ahead than the plan can mean: the clock was ahead when they were made."""
        if state.next_run is None or state.next_run <= now:
            return self._planned(state, plan, now, None) if state.next_run is None else state
        start = now
        if state.last_run and now < state.last_run < now + timedelta(days=1):
            start = state.last_run  # set back a little: what ran already does not run again
        latest = plan.after(start, None, self._zone)
        if latest is not None and state.next_run > latest + timedelta(seconds=plan.jitter + 1):
            return self._planned(state, plan, start, None)
        return state

    def _planned(self, state: ScheduleState, plan: Plan, moment: datetime, planned: datetime | None) -> ScheduleState:
        following = plan.after(moment, planned, self._zone)
        return replace(state, planned=following, next_run=following and plan.shifted(following))

    # -- running ------------------------------------------------------------------------------------------------------

    def run_due(self) -> list[str]:
        """Queue the tasks of all schedules whose time has come; returns their names."""
        with self._lock:
            now = self._now()
            if self._set_back(now):
                self._after_set_back(now)
            self._last_look = now
            due = [item for item in self._items if _is_due(item.state, now)]
            if not due:
                return []
            changed = {
                item.state.id: self._planned(replace(item.state, last_run=now), item.plan, now, item.state.planned)
                for item in due
            }
            self._services.db.store(ScheduleStore).save(list(changed.values()))
            self._items = [_Item(changed.get(item.state.id, item.state), item.plan) for item in self._items]
        queued = self._queue(due, now)
        self._services.events.publish(SchedulesChanged())
        return queued

    def _queue(self, due: Sequence[_Item], now: datetime) -> list[str]:
        queue, queued = self._services.queue, []
        for item in due:
            names, unknown = self._tasks_of(item.state)
            for pattern in unknown:
                logger.warning("A schedule names the task `%s`, but the config has none that fits", pattern)
            missed = item.state.next_run is not None and now - item.state.next_run > LATE
            if missed:
                logger.info("Running %s now: its time was missed (%s)", _said(names), _shown(item.state.next_run))
            for name in sorted(names, key=self._services.runner.priority_of):
                if queue.is_queued(name):
                    logger.info("%s is due, but it is still queued or running; left out this time", name)
                    continue
                logger.debug("%s is due", name)
                queue.submit(name, ExecuteOptions())
                queued.append(name)
        return queued

    def _tasks_of(self, state: ScheduleState) -> tuple[list[str], list[str]]:
        """The tasks that a schedule runs, and its patterns that fit none."""
        config = self._services.config
        shown, all_names = config.task_names(), config.task_names(hidden=True)
        names: list[str] = []
        unknown: list[str] = []
        for pattern in patterns(state.content):
            low = pattern.lower()
            # hidden tasks run only where they are meant
            among = all_names if pattern.startswith("_") else shown
            fitting = [pattern] if pattern in all_names else [n for n in among if fnmatch.fnmatchcase(n.lower(), low)]
            names += [name for name in fitting if name not in names]
            if not fitting and pattern != "*":
                unknown.append(pattern)
        return names, unknown

    # -- the clock ----------------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _set_back(self, now: datetime) -> bool:
        return self._last_look is not None and now < self._last_look - STEP_BACK

    def _after_set_back(self, now: datetime) -> None:
        logger.info("The clock was set back; the next runs are worked out anew")
        store = self._services.db.store(ScheduleStore)
        states = [self._sane(item.state, item.plan, now) for item in self._items]
        store.save([state for state, item in zip(states, self._items, strict=True) if state != item.state])
        self._items = [_Item(state, item.plan) for state, item in zip(states, self._items, strict=True)]

    def _tell_missed(self, now: datetime) -> None:
        for item in self._items:
            due = item.state.next_run
            if due is not None and _is_due(item.state, now):
                logger.info("A run of %s was missed (%s); it comes now", item.state.content["tasks"], _shown(due))


def _is_due(state: ScheduleState, now: datetime) -> bool:
    return state.next_run is not None and not state.paused and state.next_run <= now


def _times_of(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "tasks"}


Match = tuple[ScheduleState, dict[str, Any] | None]
"""A state with its new position and content, and the content it had."""


def _matched(
    known: Sequence[ScheduleState], wanted: Sequence[dict[str, Any]], ids: Sequence[int] | None
) -> list[Match]:
    """Find for each wanted schedule the remembered one: by id where told, else the same, the most alike, a new one."""
    rest = list(known)
    found: dict[int, ScheduleState] = {}

    def take(fits: Callable[[int, dict[str, Any], ScheduleState], bool]) -> None:
        for index, content in enumerate(wanted):
            if index in found:
                continue
            state = next((state for state in rest if fits(index, content, state)), None)
            if state is not None:
                rest.remove(state)
                found[index] = state

    if ids is not None and len(ids) == len(wanted):
        take(lambda index, _, state: state.id == ids[index])
    else:
        take(lambda index, content, state: state.content == content and state.position == index)
        take(lambda _, content, state: state.content == content)
        take(lambda _, content, state: patterns(state.content) == patterns(content))
        take(lambda _, content, state: _times_of(state.content) == _times_of(content))
        if len(known) == len(wanted):
            take(lambda index, _, state: state.position == index)
    matches: list[Match] = []
    for index, content in enumerate(wanted):
        state = found.get(index)
        if state is None:
            matches.append((ScheduleState(0, index, content), None))
        else:
            matches.append((replace(state, position=index, content=content), state.content))
    return matches


def _why_not(state: ScheduleState, names: Sequence[str], unknown: Sequence[str]) -> str | None:
    """Why a schedule does not run some or all of its tasks."""
    if state.paused:
        return "it is paused"
    if state.next_run is None:
        return "its time does not come any more"
    if unknown:
        return "no task is named " + ", ".join(f"`{pattern}`" for pattern in unknown)
    return None if names else "there is no task"


def _said(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"


def _shown(moment: datetime | None) -> str:
    return "never" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")
