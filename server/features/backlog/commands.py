"""``flexget backlog``: entries that stay alive after they left their feed."""

from __future__ import annotations

import click

from server.features.backlog.store import BacklogStore
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.command()
@click.argument("action", type=click.Choice(("list", "clear")))
@click.argument("task", required=False)
@table_options
@current
def backlog(session: Session, /, action: str, task: str | None, style: Style) -> None:
    """List the backlog, or clear it; of one task or of all."""
    store = session.services.db.store(BacklogStore)
    if action == "clear":
        click.echo(f"Removed {store.clear(task)} entries from the backlog.")
        return
    rows = [(one.title, one.task, one.expires) for one in store.kept(task)]
    style.show(Table(("Title", "Task", "Expires"), rows))
