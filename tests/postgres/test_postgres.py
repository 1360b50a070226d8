"""The same stores on PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.engine.config_service import ConfigService
from server.engine.execution import ExecuteOptions
from server.features.entry_list.store import EntryListStore
from server.features.preview._rehearsal import Rehearsal
from server.features.runs._recorder import record
from server.features.runs.store import RunStore
from server.features.series.store import EPISODE, SeriesStore, Sighting
from server.storage.database import Database
from server.storage.scratch import scratch
from tests.postgres.server_process import server
from tests.support import Engine, titles

CONFIG = """
tasks:
  a:
    mock: [{title: One, url: 'http://l/1'}, {title: Two, url: 'http://l/2'}]
    accept_all: yes
    list_add: [{entry_list: e}]
  bad:
    mock: [{title: X, url: 'http://l/1'}]
    regexp: {reject: [x]}
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder, server(Path(folder)) as address:
        yield address


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    with database.transaction() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()


def test_tasks_remember_and_a_test_run_leaves_nothing(db: Database, tmp_path: Path) -> None:
    engine = Engine(tmp_path, CONFIG)
    engine.services.db = db
    engine.services.recorders.append(record)
    assert isinstance(engine.services.config, ConfigService)
    assert titles(engine.run("a", test=True).accepted) == ["One", "Two"]
    assert titles(engine.run("a").accepted) == ["One", "Two"]
    assert titles(engine.run("a").rejected) == ["One", "Two"]
    assert titles(engine.run("bad").rejected) == ["X"]
    lists = db.store(EntryListStore)
    wanted = lists.find("E")
    assert wanted is not None
    assert {item.title for item in lists.all(wanted.id)} == {"One", "Two"}
    runs, total = db.store(RunStore).page()
    assert total == 3
    assert db.store(RunStore).latest(1) == {"a": [runs[1]], "bad": [runs[0]]}
    assert [entry["title"] for entry in db.store(RunStore).entries(runs[-1].id)] == ["One", "Two"]
    engine.close()


def test_series_are_kept(db: Database) -> None:
    store = db.store(SeriesStore)
    show = store.add_shows([("A", "a")])["a"]
    found = store.remember([Sighting(show.id, EPISODE, "S01E01", "ep", 1, 1, "A.S01E01", "720p", 0)])
    store.mark_downloaded([release.id for release in found.values()])
    assert store.latest([show.id])[show.id][0].identifier == "S01E01"
    store.set_task("tv", [show.id])
    assert [item.name for item in store.page(sort_by="last_download_date")[0]] == ["A"]
    assert store.remove_show(show.id) == ["A.S01E01"]


def test_a_second_start_finds_what_the_first_left(db: Database, url: str) -> None:
    db.store(SeriesStore).add_shows([("A", "a")])
    other = Database(url)
    assert "a" in other.store(SeriesStore).shows_by_name(["a"])
    other.close()


def test_a_preview_sees_what_is_stored_and_leaves_nothing(db: Database, tmp_path: Path) -> None:
    engine = Engine(tmp_path, CONFIG)
    engine.services.db = db
    config = engine.services.config.effective("a").config

    def preview() -> list[str]:
        found = Rehearsal(engine.services, "a", config, ExecuteOptions(test=True, named=True), 10).run()
        assert not found.result.aborted
        return [entry.state for entry in found.result.entries]

    assert preview() == preview() == ["accepted", "accepted"]
    engine.run("a")
    lists = db.store(EntryListStore)
    before = lists.all(lists.find("e").id)
    assert preview() == ["rejected", "rejected"]
    assert lists.all(lists.find("e").id) == before
    engine.close()


def test_nobody_waits_for_what_a_try_writes(db: Database) -> None:
    store = db.store(SeriesStore)
    store.add_shows([("A", "a")])
    with scratch(db) as copy:
        tried = copy.store(SeriesStore)
        assert set(tried.add_shows([("B", "b")])) == {"b"}
        tried.remove_show(tried.shows_by_name(["a"])["a"].id)
        assert set(tried.shows_by_name(["a", "b"])) == {"b"}
        with db.transaction() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            store.add_shows([("B", "b")])
            connection.execute(text("UPDATE series_shows SET name = 'C' WHERE name = 'A'"))
    assert set(store.shows_by_name(["a", "b"])) == {"a", "b"}


def test_a_statement_that_fails_does_not_end_the_try(db: Database) -> None:
    store = db.store(SeriesStore)
    show = store.add_shows([("A", "a")])["a"]
    store.remember([Sighting(show.id, EPISODE, "S01E01", "ep", 1, 1, "A.S01E01", "720p", 0)])
    with scratch(db) as copy:
        with pytest.raises(IntegrityError), copy.transaction() as connection:
            connection.execute(text("INSERT INTO series_shows SELECT * FROM series_shows"))
        tried = copy.store(SeriesStore)
        assert set(tried.shows_by_name(["a"])) == {"a"}
        tried.remove_show(show.id)
        assert copy.scalar(text("SELECT count(*) FROM series_releases")) == 0
    assert db.scalar(text("SELECT count(*) FROM series_releases")) == 1
