"""``flexget archive``."""

from __future__ import annotations

import click

from server.features.archive.store import ArchiveStore
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group("archive")
def archive() -> None:
    """Search what the archive plugin kept."""


@archive.command()
@click.argument("keywords", nargs=-1, required=True)
@click.option("--tags", multiple=True, help="Only what has this tag; may be repeated.")
@click.option("--sources", multiple=True, help="Only what this task brought; may be repeated.")
@table_options
@current
def search(
    session: Session, /, keywords: tuple[str, ...], tags: tuple[str, ...], sources: tuple[str, ...], style: Style
) -> None:
    """Show entries whose titles hold the words."""
    found = session.services.db.store(ArchiveStore).search(" ".join(keywords), tags=tags, sources=sources)
    rows = [(item.id, item.title, item.url, item.task, f"{item.added:%Y-%m-%d %H:%M}") for item in found]
    style.show(Table(("ID", "Title", "Url", "Task", "Added"), rows))


@archive.command("tag-source")
@click.argument("source")
@click.argument("tags", nargs=-1, required=True)
@current
def tag_source(session: Session, /, source: str, tags: tuple[str, ...]) -> None:
    """Tag everything that a task brought."""
    count = session.services.db.store(ArchiveStore).tag_source(source, tags)
    click.echo(f"Tagged {count} entries of {source}")
