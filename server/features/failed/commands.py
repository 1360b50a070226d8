"""``flexget failed``: what could not be done with entries."""

from __future__ import annotations

import click

from server.features.failed.store import FailedStore
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group()
def failed() -> None:
    """List or clear remembered failures."""


@failed.command("list")
@table_options
@current
def show(session: Session, /, style: Style) -> None:
    """List what failed, newest first."""
    columns = ("#", "Title", "Fail count", "Reason", "Failure time", "Retry after")
    rows = [
        (one.id, one.title, one.count, one.reason, one.added_at, one.retry_time)
        for one in session.services.db.store(FailedStore).all()
    ]
    style.show(Table(columns, rows))


@failed.command()
@current
def clear(session: Session, /) -> None:
    """Forget all failures, so that everything is tried again."""
    click.echo(f"Cleared {session.services.db.store(FailedStore).clear()} items.")
