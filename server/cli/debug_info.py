"""``flexget debug-info``: what a bug report should tell."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import click

from server import __version__
from server.config.errors import ConfigError
from server.terminal.session import Session, current


@click.command("debug-info")
@current
def debug_info(session: Session, /) -> None:
    """Print versions and places, for bug reports."""
    import importlib.metadata
    import sqlite3

    click.echo(f"FlexGet version: {__version__}")
    click.echo(f"Install location: {Path(__file__).resolve().parents[1]}")
    click.echo(f"Config location: {_config(session)}")
    click.echo(f"Python version: {platform.python_version()} on {platform.platform()}")
    click.echo(f"SQLite version: {sqlite3.sqlite_version}")
    click.echo(f"Encodings: {sys.getfilesystemencoding()}, {sys.stdout.encoding}")
    for name in ("tornado", "SQLAlchemy", "dataset", "click", "jinja2", "uvloop"):
        try:
            click.echo(f"{name}: {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            click.echo(f"{name}: not installed")


def _config(session: Session) -> str:
    try:
        return str(session.path)
    except ConfigError as error:
        return str(error)
