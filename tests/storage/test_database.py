"""The database: transactions, batches, counters, migrations and copies."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, String, Table, bindparam, select, text
from sqlalchemy.exc import OperationalError

from server.storage.database import Database, check_file, sqlite_url
from server.storage.errors import StorageError, StoreRevoked
from server.storage.schema import METADATA, Json, Schema, UtcDateTime

THINGS = Table(
    "test_things",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String, unique=True, nullable=False),
    Column("data", Json),
    Column("at", UtcDateTime),
)
BY_NAME = select(THINGS).where(THINGS.c.name == bindparam("name"))


class ThingStore:
    schema = Schema("test_things", version=1, tables=(THINGS,))

    def __init__(self, db: Database) -> None:
        self.db = db


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path / "db.sqlite"))
    database.store(ThingStore)
    yield database
    database.close()


def test_the_file_is_private_and_written_ahead(db: Database) -> None:
    assert db.path is not None
    assert db.path.stat().st_mode & 0o777 == 0o600
    assert db.scalar(text("PRAGMA journal_mode")) == "wal"
    assert db.scalar(text("PRAGMA synchronous")) == 2  # FULL


def test_values_come_back_as_they_went_in(db: Database) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    db.insert(THINGS, [{"name": "a", "data": {"x": [1, None, "ü"]}, "at": at}])
    assert db.row(BY_NAME, {"name": "a"}) == {"id": 1, "name": "a", "data": {"x": [1, None, "ü"]}, "at": at}


def test_a_datetime_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        db.insert(THINGS, [{"name": "a", "data": None, "at": datetime(2026, 1, 1)}])


def test_broken_text_is_stored_with_its_broken_parts_replaced(db: Database) -> None:
    db.insert(THINGS, [{"name": "a", "data": {"t": "x\ud800y", "n": 2**70}}])
    row = db.row(BY_NAME, {"name": "a"})
    assert row is not None
    assert row["data"] == {"t": "x?y", "n": str(2**70)}


def test_a_failed_transaction_leaves_nothing_behind_and_counts_nothing(db: Database) -> None:
    before = db.version("test_things")
    with pytest.raises(RuntimeError), db.transaction():
        db.insert(THINGS, [{"name": "a"}])
        with db.transaction():
            db.insert(THINGS, [{"name": "b"}])
        raise RuntimeError
    assert db.rows(select(THINGS)) == []
    assert db.version("test_things") == before


def test_the_counter_moves_at_commit_and_only_for_the_group_written(db: Database) -> None:
    before, other = db.version("test_things"), db.version("another")
    with db.transaction():
        db.insert(THINGS, [{"name": "a"}])
        assert db.version("test_things") == before
    assert db.version("test_things") > before
    assert db.version("another") == other


def test_put_updates_what_is_there_and_inserts_what_is_not(db: Database) -> None:
    db.put(THINGS, [{"name": "a", "data": 1}], key=("name",))
    db.put(THINGS, [{"name": "a", "data": 2}, {"name": "b", "data": 3}], key=("name",))
    assert [(row["name"], row["data"]) for row in db.rows(select(THINGS).order_by(THINGS.c.name))] == [
        ("a", 2),
        ("b", 3),
    ]


def test_writers_of_two_threads_take_turns(db: Database) -> None:
    def write(name: str) -> None:
        for number in range(30):
            with db.transaction():
                db.insert(THINGS, [{"name": f"{name}{number}"}])
        db.release()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(db.rows(select(THINGS.c.id))) == 120


def test_a_reader_does_not_wait_for_an_open_transaction(db: Database) -> None:
    seen: list[int] = []
    with db.transaction():
        db.insert(THINGS, [{"name": "a"}])
        reader = threading.Thread(target=lambda: (seen.append(len(db.rows(select(THINGS)))), db.release()))
        reader.start()
        reader.join(5)
    assert seen == [0]


class LateStore:
    schema = Schema(
        "test_late", version=1, tables=(Table("test_late", METADATA, Column("id", Integer, primary_key=True)),)
    )

    def __init__(self, db: Database) -> None:
        self.db = db


def test_tables_made_in_a_transaction_that_is_undone_are_made_again(db: Database) -> None:
    table = LateStore.schema.tables[0]
    with pytest.raises(ZeroDivisionError), db.transaction():
        db.store(LateStore).db.insert(table, [{"id": 1}])
        assert db.store(LateStore) is db.store(LateStore)
        raise ZeroDivisionError
    assert db.rows(select(db.store(LateStore).schema.tables[0])) == []
    with db.transaction():
        db.store(LateStore).db.insert(table, [{"id": 1}])
    assert len(db.rows(select(table))) == 1
    assert db.store(LateStore) is db.store(LateStore)


def test_nobody_sees_a_store_before_its_tables_are_committed(db: Database) -> None:
    table = LateStore.schema.tables[0]
    made, seen = threading.Event(), []

    def other() -> None:
        made.wait(5)
        seen.append(db.rows(select(db.store(LateStore).schema.tables[0])))
        db.release()

    thread = threading.Thread(target=other)
    thread.start()
    with db.transaction():
        db.store(LateStore).db.insert(table, [{"id": 1}])
        made.set()
        thread.join(0.2)
    thread.join(5)
    assert seen == [[{"id": 1}]]


def test_purge_counts_no_change_where_nothing_matches(db: Database) -> None:
    db.insert(THINGS, [{"name": "a", "data": None, "at": None}])
    version = db.version("test_things")
    assert db.purge(THINGS, THINGS.c.name == "b") == 0
    assert db.version("test_things") == version


def test_purge_deletes_in_small_steps_until_nothing_matches(db: Database) -> None:
    db.insert(THINGS, [{"name": str(number)} for number in range(25)])
    assert db.purge(THINGS, THINGS.c.id <= 20, size=7) == 20
    assert len(db.rows(select(THINGS))) == 5


def test_batches_are_distinct_and_short() -> None:
    assert list(Database.in_batches([1, 2, 1, 3], size=2)) == [[1, 2], [3]]


def test_a_copy_is_independent(db: Database, tmp_path: Path) -> None:
    db.insert(THINGS, [{"name": "a"}])
    copy = db.copy(tmp_path / "copy.sqlite")
    copy.insert(THINGS, [{"name": "b"}])
    assert len(copy.rows(select(THINGS))) == 2
    assert len(db.rows(select(THINGS))) == 1
    copy.close()


def test_vacuum_keeps_the_rows(db: Database) -> None:
    db.insert(THINGS, [{"name": "a"}])
    db.vacuum()
    assert len(db.rows(select(THINGS))) == 1


def test_a_migration_runs_once_after_a_backup(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "db.sqlite")
    first = Database(url)
    first.store(ThingStore)
    first.insert(THINGS, [{"name": "a"}])
    first.close()

    class Newer:
        schema = Schema(
            "test_things",
            version=2,
            tables=(THINGS,),
            migrations={
                2: lambda connection: connection.execute(text("UPDATE test_things SET name = name || '!'")) and None
            },
        )

        def __init__(self, db: Database) -> None:
            self.db = db

    for _ in range(2):
        db = Database(url)
        db.store(Newer)
        assert [row["name"] for row in db.rows(select(THINGS))] == ["a!"]
        db.close()
    (backup,) = tmp_path.glob("db-test_things-v1-*.bak")
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT name FROM test_things").fetchall() == [("a",)]
    connection.close()

    older = Database(url)
    with pytest.raises(StorageError, match="newer version"):
        older.store(ThingStore)
    older.close()


def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite"
    path.write_bytes(b"this is not a database, it only pretends to be one" * 100)
    with pytest.raises(StorageError, match="move it away"):
        Database(sqlite_url(path))
    assert check_file(path) is not None


def test_a_thread_that_was_given_up_cannot_write_any_more(db: Database) -> None:
    outcome: list[str] = []
    go = threading.Event()

    def late() -> None:
        go.wait(5)
        try:
            db.insert(THINGS, [{"name": "late"}])
        except StoreRevoked as error:
            outcome.append(str(error))

    thread = threading.Thread(target=late)
    thread.start()
    db.revoke_thread(thread)
    go.set()
    thread.join()
    assert "given up" in outcome[0]
    assert db.rows(select(THINGS)) == []


def test_a_database_that_another_program_keeps_locked_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.database.PRAGMAS", ("PRAGMA busy_timeout=10",))
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    db.store(ThingStore)
    other = sqlite3.connect(tmp_path / "db.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageError, match=r"db\.sqlite is kept locked by another program .*try again"):
        db.insert(THINGS, [{"name": "a", "data": None, "at": None}])
    assert db.rows(select(THINGS)) == []
    other.execute("ROLLBACK")
    other.close()
    db.insert(THINGS, [{"name": "a", "data": None, "at": None}])
    db.close()


def test_a_disk_that_is_full_is_told_so_and_nothing_is_half_written(db: Database) -> None:
    db.insert(THINGS, [{"name": "a", "data": None, "at": None}])
    pages = db.scalar(text("PRAGMA page_count"))
    assert db.scalar(text(f"PRAGMA max_page_count={pages}")) == pages
    with pytest.raises(StorageError, match="make room on its disk"), db.transaction():
        db.insert(THINGS, [{"name": "b", "data": None, "at": None}])
        db.insert(THINGS, [{"name": "c", "data": "x" * 100_000, "at": None}])
    assert [row["name"] for row in db.rows(select(THINGS))] == ["a"]


def test_a_damaged_file_is_told_so(db: Database) -> None:
    page, size = db.scalar(text("SELECT rootpage FROM sqlite_master WHERE name = 'test_things'")), 4096
    db.close()
    assert db.path is not None
    with db.path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    damaged = Database(db.url)
    with pytest.raises(StorageError, match=r"is damaged .*flexget doctor"):
        damaged.rows(select(THINGS))
    damaged.close()


def test_a_wrong_question_is_no_fault_of_the_database(db: Database) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        db.rows(text("SELECT * FROM nothing_of_the_kind"))


def test_the_password_of_a_server_is_not_told() -> None:
    with pytest.raises(StorageError) as caught:
        Database("postgresql+psycopg://me:hunter22xyz@127.0.0.1:1/x")
    assert "hunter22xyz" not in str(caught.value)
    assert "127.0.0.1:1/x" in str(caught.value)
