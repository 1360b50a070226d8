"""Accounts of Trakt that people have authorized, each under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

ACCOUNTS = Table(
    "trakt_accounts",
    METADATA,
    Column("name", String, primary_key=True),
    Column("access_token", String, nullable=False),
    Column("refresh_token", String, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

SCHEMA = Schema("trakt", version=1, tables=(ACCOUNTS,))

_ALL = select(ACCOUNTS).order_by(ACCOUNTS.c.name)
_ONE = select(ACCOUNTS).where(ACCOUNTS.c.name == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class Account:
    """What Trakt gave for an account: a token to ask with, and one to get the next."""

    name: str
    access_token: str
    refresh_token: str
    created: datetime
    expires: datetime

    def __repr__(self) -> str:
        return f"<Account {self.name}>"


class AccountStore:
    """Accounts by name."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self) -> list[Account]:
        """All of them, by name."""
        return [Account(**row) for row in self._db.rows(_ALL)]

    def get(self, name: str) -> Account | None:
        """The one of a name."""
        row = self._db.row(_ONE, {"wanted": name})
        return Account(**row) if row else None

    def put(self, account: Account) -> None:
        """Remember an account in the place of what was known of it."""
        names = ("name", "access_token", "refresh_token", "created", "expires")
        with self._db.transaction():
            self._db.put(ACCOUNTS, [{name: getattr(account, name) for name in names}], key=("name",))

    def forget(self, name: str) -> bool:
        """Forget an account; False where there is none of that name."""
        with self._db.transaction():
            return self._db.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == name)).rowcount > 0
