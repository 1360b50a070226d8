"""The scheduler by a clock that the test sets: what is due, once, with state that outlives restarts and edits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from server.engine import scheduler as scheduler_module
from server.engine.events import ConfigChanged, SchedulesChanged
from server.engine.execution import ExecuteOptions
from server.engine.scheduler import Scheduler
from tests.support import Engine

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TASKS = """
tasks:
  first: {mock: [{title: a}], priority: 2}
  second: {mock: [{title: b}], priority: 1}
  _hidden: {mock: [{title: c}]}
"""


class Recorder:
    """Stands where the queue does: what was asked for, and what is said to be busy."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.busy: set[str] = set()

    def is_queued(self, name: str) -> bool:
        return name in self.busy

    def submit(self, name: str, options: ExecuteOptions, **more: object) -> None:
        self.asked.append(name)

    def shutdown(self, timeout: float) -> None:
        """Nothing runs."""


class World:
    """A config, a database on disk, a clock and the scheduler upon them."""

    def __init__(self, home: Path, schedules: str) -> None:
        self.engine = Engine(home, schedules + TASKS)
        self.queue = Recorder()
        self.engine.services.queue = self.queue  # type: ignore[assignment]
        self.now = START
        self.restart()

    def restart(self) -> None:
        self.scheduler = Scheduler(
            self.engine.services, clock=lambda: self.now.timestamp(), zone=ZoneInfo("Europe/Berlin")
        )
        self.scheduler.load()

    def configure(self, schedules: str) -> None:
        self.engine.configure(schedules + TASKS)
        self.scheduler.load()

    def after(self, **delta: float) -> list[str]:
        """Let time pass, in one step; what was queued then."""
        self.now += timedelta(**delta)
        return self.scheduler.run_due()

    def next_runs(self) -> list[str]:
        return [f"{state.next_run:%d %H:%M:%S}" if state.next_run else "never" for state in self.scheduler.schedules()]

    def ids(self) -> list[int]:
        return [state.id for state in self.scheduler.schedules()]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[list[World]]:
    made: list[World] = []
    yield made
    for world in made:
        world.engine.close()


@pytest.fixture
def world(tmp_path: Path, worlds: list[World]) -> World:
    worlds.append(World(tmp_path, "schedules: [{tasks: first, interval: {minutes: 30}}]"))
    return worlds[0]


def test_an_interval_runs_first_when_it_is_over_and_then_keeps_its_step(world: World) -> None:
    assert world.after(minutes=29, seconds=59) == []
    assert world.after(seconds=3) == ["first"]
    assert world.after(seconds=1) == []
    assert world.next_runs() == ["23 11:00:00"]


@pytest.mark.parametrize("config", ["", "schedules: yes\n"])
def test_without_schedules_every_shown_task_runs_hourly_by_its_priority(
    tmp_path: Path, worlds: list[World], config: str
) -> None:
    worlds.append(World(tmp_path, config))
    assert worlds[0].after(hours=1) == ["second", "first"]


def test_schedules_switched_off_run_nothing(tmp_path: Path, worlds: list[World]) -> None:
    worlds.append(World(tmp_path, "schedules: no\n"))
    assert worlds[0].scheduler.off
    assert worlds[0].after(days=3) == []


def test_globs_choose_tasks_and_hidden_ones_only_by_their_own_name(world: World) -> None:
    world.configure("schedules: [{tasks: ['F*', '_hidden', '*nd'], interval: {minutes: 1}}]")
    assert sorted(world.after(hours=1)) == ["_hidden", "first", "second"]
    world.configure("schedules: [{tasks: '*', interval: {minutes: 2}}]")
    assert world.after(hours=1) == ["second", "first"]


def test_a_task_that_is_still_busy_is_not_queued_again(world: World) -> None:
    world.queue.busy = {"first"}
    assert world.after(hours=1) == []
    world.queue.busy = set()
    assert world.after(hours=1) == ["first"]


def test_cron_fields_go_by_the_local_clock(world: World) -> None:
    world.configure("schedules: [{tasks: first, schedule: {hour: 4, minute: 30}}]")
    assert world.next_runs() == ["24 03:30:00"]  # Berlin is an hour ahead in winter
    assert world.after(hours=17, minutes=31) == ["first"]
    assert world.next_runs() == ["25 03:30:00"]


def test_jitter_delays_by_no_more_than_it_says_and_does_not_add_up(world: World) -> None:
    world.configure("schedules: [{tasks: first, interval: {hours: 1, jitter: 600}}]")
    for hour in range(1, 30):
        (state,) = world.scheduler.schedules()
        assert state.next_run is not None
        assert START + timedelta(hours=hour) <= state.next_run <= START + timedelta(hours=hour, minutes=10)
        world.now = state.next_run
        assert world.scheduler.run_due() == ["first"]


def test_a_run_that_was_missed_comes_once_after_a_restart(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.now += timedelta(days=3, minutes=7)
    with caplog.at_level(logging.INFO, "scheduler"):
        world.restart()
    assert "was missed" in caplog.text
    assert world.scheduler.run_due() == ["first"]
    assert world.after(seconds=1) == []
    assert world.next_runs() == ["26 10:30:00"]
    world.restart()
    assert world.scheduler.run_due() == []


def test_a_restart_changes_neither_ids_nor_times(world: World) -> None:
    world.after(minutes=31)
    before = world.scheduler.schedules()
    world.now += timedelta(minutes=3)
    world.restart()
    assert world.scheduler.schedules() == before


def test_a_clock_that_was_far_ahead_for_a_while_does_not_stop_the_schedules(world: World) -> None:
    world.configure("schedules: [{tasks: first, interval: {minutes: 30}}, {tasks: second, schedule: {hour: 4}}]")
    world.after(days=2000)
    world.now = START
    world.scheduler.run_due()
    assert world.next_runs() == ["23 10:30:00", "24 03:00:00"]


def test_a_clock_that_was_far_ahead_before_a_restart_does_not_stop_them_either(world: World) -> None:
    world.after(days=2000)
    world.now = START
    world.restart()
    assert world.next_runs() == ["23 10:30:00"]


def test_a_clock_set_back_a_little_does_not_repeat_a_run(world: World) -> None:
    world.configure("schedules: [{tasks: first, schedule: {hour: 12}}]")
    assert world.after(hours=1) == ["first"]
    world.now -= timedelta(minutes=10)
    assert world.scheduler.run_due() == []
    assert world.after(minutes=20) == []
    assert world.next_runs() == ["24 11:00:00"]


def test_a_clock_that_jumps_ahead_runs_once(world: World) -> None:
    assert world.after(hours=9) == ["first"]
    assert world.after(seconds=1) == []


def test_an_edit_keeps_id_and_last_run_of_what_it_changes(world: World) -> None:
    world.after(minutes=30)
    (first_id,) = world.ids()
    world.configure("schedules: [{tasks: second, interval: {hours: 3}}, {tasks: first, interval: {minutes: 30}, }]")
    assert world.ids()[1] == first_id
    assert world.scheduler.schedules()[1].last_run == START + timedelta(minutes=30)
    world.configure("schedules: [{tasks: second, interval: {hours: 3}}, {tasks: first, interval: {hours: 2}}]")
    assert world.ids()[1] == first_id
    assert world.next_runs()[1] == "23 12:30:00"  # two hours after its last run
    world.configure("schedules: [{tasks: [first, second], interval: {hours: 2}}]")
    assert world.ids() == [first_id]


def test_ids_are_never_given_twice(world: World) -> None:
    (old,) = world.ids()
    world.configure("schedules: []\n")
    world.configure("schedules: [{tasks: second, schedule: {hour: 3}}]")
    assert world.ids() != [old]


def test_an_edit_that_tells_the_ids_is_believed(world: World) -> None:
    twins = "schedules: [{tasks: first, interval: {hours: 1}}, {tasks: first, interval: {hours: 1}}]"
    world.configure(twins)
    _, second = world.ids()
    with world.scheduler.keeping([second]):
        world.engine.configure("schedules: [{tasks: first, interval: {hours: 1}}]" + TASKS)
    assert world.ids() == [second]


def test_a_paused_schedule_rests_and_goes_on_from_now(world: World) -> None:
    (schedule_id,) = world.ids()
    assert world.scheduler.pause(schedule_id)
    world.restart()
    assert world.after(hours=5) == []
    assert world.scheduler.describe()[0]["why_not"] == "it is paused"
    assert world.scheduler.pause(schedule_id, paused=False)
    assert world.scheduler.run_due() == []
    assert world.after(minutes=30) == ["first"]
    assert not world.scheduler.pause(12345)


def test_it_tells_why_a_schedule_runs_nothing(world: World) -> None:
    world.configure(
        "schedules: [{tasks: nobody, interval: {hours: 1}}, {tasks: first, schedule: {year: 2020}},"
        " {tasks: first, interval: {hours: 1}}]"
    )
    assert [item["why_not"] for item in world.scheduler.describe()] == [
        "no task is named `nobody`",
        "its time does not come any more",
        None,
    ]
    assert world.after(hours=1) == ["first"]
    assert world.scheduler.next_runs() == {"first": START + timedelta(hours=2)}


def test_it_ticks_on_the_loop_and_takes_over_a_changed_config(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler_module, "TICK", 10)

    async def until(names: list[str]) -> None:
        while world.queue.asked != names:
            await asyncio.sleep(0.005)

    async def tick() -> None:
        world.scheduler.start()
        try:
            world.now += timedelta(minutes=31)
            await asyncio.wait_for(until(["first"]), 5)
            world.engine.configure("schedules: [{tasks: second, interval: {minutes: 5}}]" + TASKS)
            world.engine.services.events.publish(ConfigChanged("edited"))
            world.now += timedelta(minutes=6)
            await asyncio.wait_for(until(["first", "second"]), 5)
        finally:
            world.scheduler.stop()

    asyncio.run(tick())


def test_changes_are_told_to_listeners(world: World) -> None:
    told: list[object] = []
    world.engine.services.events.subscribe(told.append)
    world.scheduler.load()
    assert told == []
    world.configure("schedules: [{tasks: second, interval: {hours: 3}}]")
    assert [type(event) for event in told] == [SchedulesChanged]
