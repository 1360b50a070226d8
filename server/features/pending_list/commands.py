"""``flexget pending-list``."""

from __future__ import annotations

import click

from server.features.entry_list.commands import entry_commands
from server.features.pending_list.store import PendingListStore
from server.terminal.named_lists import LIST
from server.terminal.session import Session, current

pending_list, _lists = entry_commands("pending list", "pending", PendingListStore)


@pending_list.command()
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE|ID")
@current
def approve(session: Session, /, words: tuple[str, ...]) -> None:
    """Approve an entry."""
    of, entry = _lists.entry(session, words)
    _lists.store(session).approve(of.id, [entry.id])
    click.echo(f"Successfully marked pending entry {entry.title} as approved")


@pending_list.command()
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE|ID")
@current
def reject(session: Session, /, words: tuple[str, ...]) -> None:
    """Take the approval of an entry back."""
    of, entry = _lists.entry(session, words)
    _lists.store(session).approve(of.id, [entry.id], approved=False)
    click.echo(f"Successfully marked pending entry {entry.title} as rejected")
