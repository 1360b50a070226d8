"""One database, used by few long-lived threads.

``dataset`` owns the connections (one per thread) and their pragmas; statements are SQLAlchemy Core, built once at
module level by the stores. SQLite runs in WAL mode with ``synchronous=FULL``: what was
committed survives a power cut, readers never wait for the writer. Writers take turns
(:meth:`Database.transaction`) and keep their turns short::

    db = Database("sqlite:////home/me/.flexget/db-config.sqlite")
    seen = db.store(SeenStore)
    with db.transaction():
        seen.add(...)
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar, cast

from sqlalchemy import Column, Integer, String, Table, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError

from server.storage.errors import StorageError, StoreRevoked, outside_reason
from server.storage.light_dataset import dataset
from server.storage.row_statement import RowStatement
from server.storage.schema import METADATA, Schema

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Executable, Select

logger = logging.getLogger("database")

BATCH = 500
"""Values per ``IN`` list: well below SQLite's limit on bound parameters."""

PRAGMAS = (
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-8000",
)

SCHEMA_VERSIONS = Table(
    "schema_versions",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("version", Integer, nullable=False),
)


class Store(Protocol):
    """What :meth:`Database.store` builds: a class with a ``schema`` that is made from a database."""

    schema: Schema

    def __init__(self, db: Database) -> None: ...


S = TypeVar("S", bound=Store)


def sqlite_url(path: Path) -> str:
    """The database URL of an SQLite file."""
    return f"sqlite:///{path.absolute()}"


def _upserting_insert(*, sqlite: bool) -> Callable[[Table], Any]:
    """The dialect's ``insert``, which knows ``ON CONFLICT``; only the one that is needed is imported."""
    if sqlite:
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgres_insert

    return postgres_insert


def check_file(path: Path) -> str | None:
    """None when an SQLite file is sound, else what SQLite says of it. The file is only read."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.close()
    return None if answer == "ok" else str(answer)


class Database:
    """Connections, transactions, look-ups in batches and the counters that tell whether anything changed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
        self._write = threading.RLock()
        self._state = threading.Lock()
        self._stores: dict[type[Any], Any] = {}
        self._versions: dict[str, int] = {}
        self._schemas: dict[str, int] = {}
        self._row_statements: dict[tuple[Any, ...], RowStatement] = {}
        self._local = threading.local()
        self._revoked: set[threading.Thread] = set()
        self._insert = _upserting_insert(sqlite=self.path is not None)
        self._open()

    def _open(self) -> None:
        if self.path:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self.path.exists():
                self.path.touch(mode=0o600)
        try:
            self._db = dataset.connect(
                self.url,
                row_type=dict,
                ensure_schema=False,
                on_connect_statements=list(PRAGMAS) if self.path else [],
                engine_kwargs={"pool_size": 20, "max_overflow": 20} if not self.path else None,
            )
            connection = self._db.executable
            SCHEMA_VERSIONS.create(connection, checkfirst=True)
            connection.commit()
            self._schemas = {row.name: row.version for row in connection.execute(select(SCHEMA_VERSIONS))}
            connection.rollback()
        except DatabaseError as error:
            raise StorageError(
                f"the database {self.name} cannot be opened ({error.__cause__ or error}). "
                "Restore it from a backup beside it, or move it away and start with a new one."
            ) from error

    @property
    def name(self) -> str:
        """What it is called in messages: its file, or its URL without the password."""
        return str(self.path or make_url(self.url).render_as_string(hide_password=True))

    # -- life cycle ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Release every connection; the object cannot be used afterwards."""
        self._db.close()

    def release(self) -> None:
        """Give this thread's connection back; call it where a thread ends."""
        with self._db:
            pass

    def check(self) -> str | None:
        """None when the file is sound, else what SQLite says of it (``PRAGMA quick_check``)."""
        return check_file(self.path) if self.path else None

    def backup(self, target: Path) -> Path:
        """Copy the SQLite file as of now, while it is in use (online backup API)."""
        if not self.path:
            raise StorageError("only an SQLite database can be copied; use your server's own backup tool")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        source, copy = sqlite3.connect(self.path), sqlite3.connect(target)
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            raise StorageError(f"the database {self.name} cannot be copied to {target} ({error})") from error
        finally:
            copy.close()
            source.close()
        return target

    def copy(self, target: Path) -> Database:
        """A private copy to play with, as ``--test`` and previews do."""
        return Database(sqlite_url(self.backup(target)))

    def vacuum(self) -> None:
        """Rebuild the file so that freed space returns to the disk."""
        with self._write:
            self._connection().commit()
            raw: Any = self._connection().connection.dbapi_connection
            isolation, raw.isolation_level = raw.isolation_level, None  # VACUUM runs outside of any transaction
            try:
                raw.execute("VACUUM")
            finally:
                raw.isolation_level = isolation

    # -- stores and schemas -------------------------------------------------------------------------------------------

    def store(self, cls: type[S]) -> S:
        """The one ``cls`` object of this database; its tables are created or migrated at the first call.

        Within a transaction they are made in that: others see them, and this object, when it is committed.
        """
        found = self._stores.get(cls)
        if found is not None:
            return cast(S, found)
        if self._schemas.get(cls.schema.name) == cls.schema.version:
            return cast(S, self._stores.setdefault(cls, cls(self)))
        with self.transaction():
            made = self._local.stores
            found = self._stores.get(cls, made.get(cls))
            if found is None:
                self._ensure(cls.schema)
                found = made[cls] = cls(self)
        return cast(S, found)

    def _ensure(self, schema: Schema) -> None:
        current = self._local.schemas.get(schema.name, self._schemas.get(schema.name, 0))
        if current == schema.version:
            return
        if current > schema.version:
            raise StorageError(
                f"the {schema.name} tables in {self.name} were written by a newer version of the program; "
                "install that version or restore the backup that was made before its first start"
            )
        if current and self.path:
            stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
            saved = self.backup(self.path.with_name(f"{self.path.stem}-{schema.name}-v{current}-{stamp}.bak"))
            logger.info("Migrating %s from version %d to %d; backup: %s", schema.name, current, schema.version, saved)
        with self.transaction() as connection:
            if current:
                for _, migrate in schema.steps(current):
                    migrate(connection)
            METADATA.create_all(connection, tables=list(schema.tables), checkfirst=True)
            insert = self._insert(SCHEMA_VERSIONS).values(name=schema.name, version=schema.version)
            connection.execute(
                insert.on_conflict_do_update(index_elements=["name"], set_={"version": insert.excluded.version})
            )
        self._local.schemas[schema.name] = schema.version

    def reset(self, schema: Schema) -> None:
        """Empty the tables of one feature, in one transaction."""
        with self.transaction():
            for table in reversed(METADATA.sorted_tables):
                if table in schema.tables:
                    self.execute(table.delete())

    # -- reading ------------------------------------------------------------------------------------------------------

    def _connection(self) -> Connection:
        connection: Connection = self._db.executable
        return connection

    def rows(self, statement: Executable, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """All rows as dicts."""
        with self._reading() as connection:
            result = connection.execute(statement, params or {})
            keys = tuple(result.keys())
            return [dict(zip(keys, row, strict=True)) for row in result.fetchall()]

    def row(self, statement: Executable, params: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """The first row as a dict, or None."""
        with self._reading() as connection:
            found = connection.execute(statement, params or {}).first()
            return None if found is None else dict(found._mapping)

    def scalar(self, statement: Executable, params: dict[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        with self._reading() as connection:
            return connection.execute(statement, params or {}).scalar()

    def page(self, statement: Select[Any], *, limit: int, offset: int) -> tuple[list[dict[str, Any]], int]:
        """One page of rows and the number of all rows."""
        total = self.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
        return self.rows(statement.limit(limit).offset(offset)), int(total)

    @staticmethod
    def in_batches(values: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
        """The distinct values in lists short enough for one ``IN``. (In a loop, for other threads to run meanwhile.)"""
        known: set[Any] = set()
        batch: list[Any] = []
        for value in values:
            if value not in known:
                known.add(value)
                batch.append(value)
                if len(batch) == size:
                    yield batch
                    batch = []
        if batch:
            yield batch

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._refuse_revoked()
        connection = self._connection()
        if getattr(self._local, "depth", 0):
            yield connection
            return
        try:
            yield connection
        except DBAPIError as error:
            self._tell(error)
        finally:
            connection.rollback()

    def _tell(self, error: DBAPIError) -> NoReturn:
        """Raises a :class:`StorageError` for what is not this program's fault, else the error itself."""
        reason = outside_reason(error)
        if reason is None:
            raise error
        raise StorageError(f"the database {self.name} {reason}") from error

    # -- writing ------------------------------------------------------------------------------------------------------

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One writer at a time; a nested call joins the outer transaction. Everything is kept, or nothing."""
        self._refuse_revoked()
        if getattr(self._local, "depth", 0):
            yield self._connection()
            return
        with self._write:
            connection = self._connection()
            try:
                connection.rollback()
                if self.path:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                self._begin()
                yield connection
                self._refuse_revoked()
                connection.commit()
                self._end()
            except DBAPIError as error:
                connection.rollback()
                self._tell(error)
            except BaseException:
                connection.rollback()
                raise
            finally:
                self._local.depth = 0

    def _begin(self) -> None:
        """This thread is in a transaction, of which nobody else knows anything yet."""
        self._local.depth, self._local.touched = 1, set()
        self._local.stores, self._local.schemas = {}, {}

    def _end(self) -> None:
        """It is committed."""
        self._schemas.update(self._local.schemas)
        self._stores.update(self._local.stores)
        self._count(self._local.touched)

    def execute(self, statement: Executable, params: Any = None) -> CursorResult[Any]:
        """Run one writing statement (in the current transaction, or one of its own)."""
        with self.transaction() as connection:
            table = getattr(statement, "table", None)
            if table is not None:
                self._touch(table)
            return cast("CursorResult[Any]", connection.execute(statement, params if params is not None else {}))

    def insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert uniform rows at once."""
        if rows:
            self._write_rows(table, table.insert, rows, ())

    def insert_one(self, table: Table, row: dict[str, Any]) -> int:
        """Insert one row and return its id."""
        return int(self.execute(table.insert().values(**row)).inserted_primary_key[0])  # type: ignore[index]

    def put(self, table: Table, rows: Sequence[dict[str, Any]], *, key: tuple[str, ...]) -> None:
        """Insert or update uniform rows; ``key`` names the columns of a unique constraint."""
        if rows:
            self._write_rows(table, lambda: self._upsert(table, tuple(rows[0]), key), rows, key)

    def _upsert(self, table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> Any:
        statement = self._insert(table)
        changed = {name: statement.excluded[name] for name in columns if name not in key}
        if changed:
            return statement.on_conflict_do_update(index_elements=key, set_=changed)
        return statement.on_conflict_do_nothing(index_elements=key)

    def _write_rows(
        self, table: Table, make: Callable[[], Any], rows: Sequence[dict[str, Any]], key: tuple[str, ...]
    ) -> None:
        """Execute a statement, made once, for many rows."""
        columns = tuple(rows[0])
        with self.transaction() as connection:
            self._touch(table)
            statement = self._row_statements.get((table.name, columns, key))
            if statement is None:
                statement = RowStatement(make(), table, columns, connection.dialect)
                self._row_statements[table.name, columns, key] = statement
            statement.execute(connection, rows)

    def purge(self, table: Table, condition: Any, *, size: int = 2000) -> int:
        """Delete matching rows in small transactions so that nobody waits long; returns how many went.

        Nothing is written, and no change counted, where none match.
        """
        key = next(iter(table.primary_key.columns))
        matching = select(key).where(condition)
        total = 0
        while self.scalar(matching.limit(1)) is not None:
            total += self.execute(table.delete().where(key.in_(matching.limit(size)))).rowcount
        return total

    # -- change counters ----------------------------------------------------------------------------------------------

    def version(self, *groups: str) -> int:
        """A number that changes whenever a table of one of these groups was written by this process."""
        return sum(self._versions.get(group, 0) for group in groups)

    def written_groups(self) -> list[str]:
        """The groups of tables that this process has written to."""
        return sorted(self._versions)

    def note_changes(self, groups: Iterable[str]) -> None:
        """Another process has written to these groups."""
        self._count(groups)

    def _touch(self, table: Any) -> None:
        self._local.touched.add(table.info.get("group", table.name))

    def _count(self, groups: Iterable[str]) -> None:
        with self._state:
            for group in groups:
                self._versions[group] = self._versions.get(group, 0) + 1

    # -- handles that can be taken back --------------------------------------------------------------------------------

    def revoke_thread(self, thread: threading.Thread) -> None:
        """From now on this thread gets :class:`StoreRevoked`: its run was given up and must not write any more."""
        self._revoked.add(thread)

    def _refuse_revoked(self) -> None:
        if self._revoked and threading.current_thread() in self._revoked:
            raise StoreRevoked("this run was given up; it cannot use the database any more")
