"""``flexget pending``: entries that wait for approval."""

from __future__ import annotations

import click

from server.features.pending.store import PendingStore
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group()
def pending() -> None:
    """View, approve or reject entries that wait for approval."""


@pending.command("list")
@click.option("--task-name", help="Only those of this task.")
@click.option("--pending", "wanted", flag_value="pending", help="Only those that wait.")
@click.option("--approved", "wanted", flag_value="approved", help="Only those that are approved.")
@table_options
@current
def show(session: Session, /, task_name: str | None, wanted: str | None, style: Style) -> None:
    """List them, newest first."""
    found = session.services.db.store(PendingStore).all(task_name)
    rows = [
        (one.id, one.task_name, one.title, one.url, "Yes" if one.approved else "No", one.added)
        for one in found
        if wanted is None or one.approved is (wanted == "approved")
    ]
    style.show(Table(("#", "Task Name", "Title", "URL", "Approved", "Added"), rows))


@pending.command()
@click.argument("selection", metavar="ID|all")
@current
def approve(session: Session, /, selection: str) -> None:
    """Approve one entry by its ID, or all."""
    _decide(session.services.db.store(PendingStore), selection, True)


@pending.command()
@click.argument("selection", metavar="ID|all")
@current
def reject(session: Session, /, selection: str) -> None:
    """Take the approval of one entry, or of all, back."""
    _decide(session.services.db.store(PendingStore), selection, False)


@pending.command()
@click.option("--task-name", help="Only those of this task.")
@current
def clear(session: Session, /, task_name: str | None) -> None:
    """Drop all, or those of a task; they are asked about anew when they come by again."""
    click.echo(f"Successfully deleted {session.services.db.store(PendingStore).clear(task_name)} pending entries")


def _decide(store: PendingStore, selection: str, approved: bool) -> None:
    word = "approved" if approved else "rejected"
    if selection == "all":
        click.echo(f"{len(store.decide(approved))} pending entries set to {word}")
        return
    if not (selection.isascii() and selection.isdigit()) or len(selection) > 18:
        raise click.BadParameter(f"`{selection}` is neither an ID nor `all`.", param_hint="ID|all")
    found = store.get(int(selection))
    if found is None:
        raise CommandFailed(f"Pending entry with ID {selection} does not exist")
    if found.approved is approved:
        raise CommandFailed(f"Entry with ID {selection} is already {word}")
    store.decide(approved, ids=[found.id])
    click.echo(f"Setting pending entry with ID {selection} status to {word}")
