"""Who may sign in: the one user, and the tokens (kept as SHA-256 digests)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, String, Table, bindparam, delete, select, update

from server.storage.database import Database
from server.storage.schema import METADATA, Schema, UtcDateTime

USERS = Table(
    "web_users",
    METADATA,
    Column("name", String(50), primary_key=True),
    Column("password_hash", String(100)),
    Column("generation", String(32), nullable=False),
    Column("cookie_secret", String(64), nullable=False),
)

TOKENS = Table(
    "web_tokens",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("read_only", Boolean, nullable=False),
    Column("added", UtcDateTime, nullable=False),
)

SCHEMA = Schema("users", version=1, tables=(USERS, TOKENS))

_USER = select(USERS).where(USERS.c.name == bindparam("user_name"))
_TOKENS = select(TOKENS).order_by(TOKENS.c.name)
_PASSWORD = (
    update(USERS)
    .where(USERS.c.name == bindparam("user_name"))
    .values(password_hash=bindparam("new_hash"), generation=bindparam("new_generation"))
)
_FORGET_TOKEN = delete(TOKENS).where(TOKENS.c.name == bindparam("token_name"))


@dataclass(frozen=True)
class User:
    """A user as remembered; ``generation`` changes with the password, which ends every session."""

    name: str
    password_hash: str | None
    generation: str
    cookie_secret: str


@dataclass(frozen=True)
class StoredToken:
    """A token as remembered: its name, what it may do, and the digest to know it by."""

    name: str
    digest: str
    read_only: bool
    added: datetime


class UserStore:
    """Queries of the two tables."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def user(self, name: str) -> User:
        """The user; made without a password at the first call."""
        wanted = {"user_name": name}
        row = self._db.row(_USER, wanted)
        if row is None:  # only then: whoever signs in must not wait for others who write
            with self._db.transaction():
                row = self._db.row(_USER, wanted) or self._added(name)
        return User(**row)

    def _added(self, name: str) -> dict[str, Any]:
        row = {
            "name": name,
            "password_hash": None,
            "generation": secrets.token_hex(16),
            "cookie_secret": secrets.token_hex(32),
        }
        self._db.insert(USERS, [row])
        return row

    def set_password(self, name: str, password_hash: str) -> None:
        """Keep another hash; every session ends."""
        values = {"user_name": name, "new_hash": password_hash, "new_generation": secrets.token_hex(16)}
        self._db.execute(_PASSWORD, values)

    def tokens(self) -> list[StoredToken]:
        """All tokens by name."""
        return [StoredToken(**row) for row in self._db.rows(_TOKENS)]

    def put_token(self, name: str, digest: str, *, read_only: bool) -> None:
        """Add a token or replace the one of that name."""
        row = {"name": name, "digest": digest, "read_only": read_only, "added": datetime.now(UTC)}
        self._db.put(TOKENS, [row], key=("name",))

    def forget_token(self, name: str) -> bool:
        """Remove a token; whether there was one."""
        return self._db.execute(_FORGET_TOKEN, {"token_name": name}).rowcount > 0
