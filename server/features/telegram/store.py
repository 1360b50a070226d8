"""Chats of Telegram bots by who they are with: a bot learns them only while somebody's message is fresh."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, select

from server.storage.database import Database
from server.storage.schema import METADATA, Schema

CHATS = Table(
    "telegram_chats",
    METADATA,
    Column("bot", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("chat", BigInteger, nullable=False),
)

SCHEMA = Schema("telegram", version=1, tables=(CHATS,))


class ChatStore:
    """``bot``: the number before the colon of its token, which is no secret."""

    schema = SCHEMA

    def __init__(self, db: Database) -> None:
        self._db = db

    def known(self, bot: str) -> dict[str, int]:
        """Chats by name: ``user:x``, ``group:x``, ``name:First Last``."""
        rows = self._db.rows(select(CHATS.c.name, CHATS.c.chat).where(CHATS.c.bot == bot))
        return {row["name"]: row["chat"] for row in rows}

    def keep(self, bot: str, chats: dict[str, int]) -> None:
        """Remember chats."""
        rows = [{"bot": bot, "name": name, "chat": chat} for name, chat in chats.items()]
        if rows:
            with self._db.transaction():
                self._db.put(CHATS, rows, key=("bot", "name"))
