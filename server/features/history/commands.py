"""``flexget history``: what was accepted."""

from __future__ import annotations

import click

from server.features.history.store import HistoryStore
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, details, table_options


@click.command()
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--search", metavar="TERM", help="Only titles with these words.")
@click.option("--task", help="Only of this task.")
@click.option("-s", "--short", is_flag=True, help="A line each.")
@table_options
@current
def history(session: Session, /, limit: int, search: str | None, task: str | None, short: bool, style: Style) -> None:
    """Show what tasks accepted, newest first."""
    rows = session.services.db.store(HistoryStore).search(search, task=task, limit=limit)
    if short or style.kind == "porcelain":
        style.show(Table(("Time", "Title"), [(row.time, row.title) for row in rows]))
        return
    click.echo(f"Showing {len(rows)} entries from History")
    for row in rows:
        known = [("Task", row.task), ("Title", row.title), ("URL", row.url), ("Filename", row.filename)]
        style.show(details([*known, ("Time", row.time), ("Details", row.details)]))
        click.echo()
