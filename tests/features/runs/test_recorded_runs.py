"""Runs are kept with their entries, and go when they are old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import event

from server.features.runs._recorder import record, trace_as_dicts
from server.features.runs.store import EntryWriter, RunStore, unpack

CONFIG = """
tasks:
  a:
    mock: [{title: One, size: 3}, {title: Two}]
    accept_all: yes
  b:
    mock: [{title: Three}]
"""


def run_of(store: RunStore, started: datetime, size: int = 10) -> int:
    numbers = dict.fromkeys(("passes", "produced", "accepted", "rejected", "failed", "undecided"), 0)
    row = {"task": "x", "started": started, "seconds": 1.0, "options": {}, **numbers}
    row |= {"aborted": False, "silent": False, "reason": None}
    return store.add(row, b"x" * size)


def test_a_run_is_kept_with_each_entrys_way(engine) -> None:
    made = engine(CONFIG)
    made.services.recorders.append(record)
    made.run("a", now=True)
    store = made.db.store(RunStore)
    (run,), total = store.page()
    assert total == 1
    assert (run.task, run.produced, run.accepted, run.aborted) == ("a", 2, 2, False)
    assert run.options == {"now": True}
    first, second = store.entries(run.id)
    assert (first["title"], first["state"], first["plugin"], first["fields"]["size"]) == (
        "One",
        "accepted",
        "accept_all",
        3,
    )
    steps = trace_as_dicts(first["trace"])
    assert [step["verb"] for step in steps if step["verb"] in ("created", "accept")] == ["created", "accept"]
    assert steps[0]["plugin"] == "mock"
    assert second["title"] == "Two"


def test_a_test_run_is_not_kept(engine) -> None:
    made = engine(CONFIG)
    made.services.recorders.append(record)
    made.run("a", test=True)
    assert made.db.store(RunStore).page() == ([], 0)


def test_a_recorder_that_fails_does_not_disturb_the_run(engine) -> None:
    made = engine(CONFIG)
    made.services.recorders.append(lambda task, result: 1 / 0)
    assert len(made.run("a").accepted) == 2


def test_the_latest_runs_of_all_tasks_come_at_once(engine) -> None:
    made = engine(CONFIG)
    made.services.recorders.append(record)
    for name in ("a", "b", "a", "a"):
        made.run(name)
    latest = made.db.store(RunStore).latest(2)
    assert {name: len(runs) for name, runs in latest.items()} == {"a": 2, "b": 1}
    assert latest["a"][0].started >= latest["a"][1].started


def test_the_latest_runs_are_found_without_a_look_at_the_others(engine) -> None:
    store = engine(CONFIG).db.store(RunStore)
    run_of(store, datetime.now(UTC))
    statements: list[str] = []
    event.listen(store.db._db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    store.latest(1)
    (query,) = [text for text in statements if text.startswith("WITH")]
    plan = store.db._connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (1, 0)).fetchall()
    assert not any(str(row[3]).startswith("SCAN runs") for row in plan), plan


def test_old_runs_go_and_entries_beyond_the_size_go(engine) -> None:
    store = engine(CONFIG).db.store(RunStore)
    now = datetime.now(UTC)
    old = run_of(store, now - timedelta(days=40))
    kept = [run_of(store, now - timedelta(days=1), size=60) for _ in range(3)]
    assert store.purge(now=now, days=30, size=130) == 1
    assert store.get(old) is None
    rows = [store.db.row(store_blob(run_id)) for run_id in kept]
    assert [row is not None for row in rows] == [False, True, True]


def test_a_run_whose_clock_was_wrong_takes_no_others_with_it(engine) -> None:
    store = engine(CONFIG).db.store(RunStore)
    now = datetime.now(UTC)
    kept = run_of(store, now - timedelta(days=1))
    run_of(store, datetime.fromtimestamp(0, UTC))  # a machine without a battery for its clock
    assert store.purge(now=now) == 1
    assert store.get(kept) is not None
    assert store.db.row(store_blob(kept)) is not None


def store_blob(run_id: int):
    from sqlalchemy import select

    from server.features.runs.store import BLOBS

    return select(BLOBS.c.run_id).where(BLOBS.c.run_id == run_id)


def test_packed_entries_are_read_back_in_pieces() -> None:
    writer = EntryWriter()
    for number in range(100):
        writer.add(b'{"n": %d}' % number)
    assert [item["n"] for item in unpack(writer.finish(), size=7)] == list(range(100))
