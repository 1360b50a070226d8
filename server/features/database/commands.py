"""``flexget database``: the file that everything is remembered in."""

from __future__ import annotations

from pathlib import Path

import click

from server.features.database import model
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current


@click.group()
def database() -> None:
    """Clean, shrink, check, copy or empty the database."""


@database.command()
@current
def cleanup(session: Session, /) -> None:
    """Drop what is old, and give the space back."""
    db = session.services.db
    for name, count in sorted(model.cleanup(db).items()):
        click.echo(f"{name}: {count} old rows removed")
    db.vacuum()
    click.echo("Database cleanup complete.")


@database.command()
@current
def vacuum(session: Session, /) -> None:
    """Rebuild the file so that it is as small as can be."""
    db = session.services.db
    before = db.path.stat().st_size if db.path else None
    db.vacuum()
    saved = f": {before - db.path.stat().st_size:,} bytes saved" if db.path and before is not None else ""
    click.echo(f"VACUUM complete{saved}.")


@database.command()
@click.option("--sure", is_flag=True, required=True, help="You are sure.")
@current
def reset(session: Session, /, sure: bool) -> None:
    """Empty the database: everything that tasks remember is gone. Web password and tokens stay."""
    model.reset(session.services.db)
    click.echo("The database was emptied.")


@database.command("reset-plugin")
@click.argument("name", required=False)
@current
def reset_plugin(session: Session, /, name: str | None) -> None:
    """Empty what one plugin remembers; without NAME, list those that do."""
    if name is None:
        click.echo("\n".join(model.parts()))
        return
    try:
        model.reset_part(session.services.db, name)
    except model.UnknownPart as error:
        raise click.BadParameter(f"{error}.", param_hint="NAME") from error
    click.echo(f"What {name} kept was removed.")


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@current
def backup(session: Session, /, file: Path | None) -> None:
    """Copy the database, also while a daemon uses it; by default to a file beside it."""
    click.echo(f"Copied to {model.back_up(session.services.db, file)}")


@database.command()
@current
def check(session: Session, /) -> None:
    """Look whether the file is sound."""
    damage = session.services.db.check()
    if damage:
        raise CommandFailed(f"the database is damaged: {damage}. Restore a backup, or move the file away.")
    click.echo("The database is sound.")
