"""``flexget rejected``: rejections that hold beyond their run."""

from __future__ import annotations

import click

from server.features.rejected.store import RejectedStore
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group()
def rejected() -> None:
    """List or clear remembered rejections."""


@rejected.command("list")
@table_options
@current
def show(session: Session, /, style: Style) -> None:
    """List what stays rejected, newest first."""
    rows = [
        (one.id, one.title, one.task, one.rejected_by, one.reason)
        for one in session.services.db.store(RejectedStore).all()
    ]
    style.show(Table(("#", "Title", "Task", "Rejected by", "Reason"), rows))


@rejected.command()
@click.option("--task", help="Only those of this task.")
@current
def clear(session: Session, /, task: str | None) -> None:
    """Forget rejections, so that everything is looked at again."""
    click.echo(f"Cleared {session.services.db.store(RejectedStore).clear(task)} items.")
