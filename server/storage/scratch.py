"""A database to play with, as ``--test`` and previews do: nothing that is written to it stays."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

from server.storage.database import Database
from server.storage.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"

_FOREIGN_KEYS = (
    "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
)


@contextmanager
def scratch(db: Database) -> Iterator[Database]:
    """A private copy of a database, for the thread that opens it; raises :class:`StorageError`.

    An SQLite file is copied to another file. On a server the tables are copied to temporary ones of one connection, in
    a transaction that is rolled back at the end: nobody else ever waits for a row or a table of it.
    """
    if not db.path:
        other = _Scratch(db.url)
        try:
            other.copy_tables()
            yield other
        finally:
            other.close()
        return
    with tempfile.TemporaryDirectory(prefix="flexget-test-") as folder:
        copy = db.copy(Path(folder) / "scratch.sqlite")
        try:
            yield copy
        finally:
            copy.close()


class _Scratch(Database):
    """A PostgreSQL database in one transaction, of one thread, which is rolled back."""

    def copy_tables(self) -> None:
        """Make temporary copies of all tables, as of one moment; they hide the real ones from this connection."""
        try:
            self._copy_tables(self._connection())
        except DatabaseError as error:
            raise StorageError(f"the database cannot be copied for a try ({error.__cause__ or error})") from error

    @staticmethod
    def _copy_tables(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        quote = connection.dialect.identifier_preparer.quote
        schema = quote(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
        tables = [quote(row[0]) for row in connection.exec_driver_sql(_TABLES)]
        # Asked for now: once a copy hides a table, its name would be told with its schema, and mean the real one.
        links = [(row[0], row[1]) for row in connection.exec_driver_sql(_FOREIGN_KEYS)]
        connection.exec_driver_sql(f"SET LOCAL search_path TO pg_temp, {schema}")
        for table in tables:
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL)")
            connection.exec_driver_sql(f"INSERT INTO pg_temp.{table} SELECT * FROM {schema}.{table}")  # noqa: S608
        for table, link in links:
            connection.exec_driver_sql(f"ALTER TABLE pg_temp.{table} ADD {link}")

    def close(self) -> None:
        """Undo everything."""
        self._connection().rollback()
        super().close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._refuse_revoked()
        yield self._connection()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """As of any database, but a savepoint: what fails is undone, what is kept is kept until the end of the try."""
        self._refuse_revoked()
        if getattr(self._local, "depth", 0):
            yield self._connection()
            return
        connection = self._connection()
        self._begin()
        try:
            with connection.begin_nested():
                yield connection
            self._end()
        finally:
            self._local.depth = 0
