"""``flexget variables``: the values that stand for ``{? name ?}`` in the config."""

from __future__ import annotations

import json
from typing import Any

import click

from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group()
def variables() -> None:
    """View and change the config's variables."""


@variables.command("list")
@click.option("--values", is_flag=True, help="Show the values; they may be secrets.")
@table_options
@current
def show(session: Session, /, values: bool, style: Style) -> None:
    """List the variables."""
    known = session.services.config.variables()
    rows = [(name, json.dumps(value) if values else "***") for name, value in sorted(known.items())]
    style.show(Table(("Name", "Value"), rows))


@variables.command("set")
@click.argument("name")
@click.argument("value")
@current
def change(session: Session, /, name: str, value: str) -> None:
    """Set a variable. VALUE is read as JSON where it is that, else it is a text."""
    config = session.services.config
    config.set_variables({**config.variables(), name: _read(value)})
    click.echo(f"Variable {name} was set.")


@variables.command("del")
@click.argument("name")
@current
def remove(session: Session, /, name: str) -> None:
    """Remove a variable that nothing uses any more."""
    config = session.services.config
    known = config.variables()
    if name not in known:
        raise CommandFailed(f"there is no variable {name}")
    config.set_variables({key: value for key, value in known.items() if key != name})
    click.echo(f"Variable {name} was removed.")


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
