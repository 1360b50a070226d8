"""Tables on the terminal: boxes where a person looks, aligned columns elsewhere, bars for programs.

@click.command()
@table_options
def list_failed(style: Style) -> None:
    style.show(Table(("#", "Title"), [(1, "Some.Show")]))
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

BOXES = {"single": "SQUARE", "double": "DOUBLE", "github": "MARKDOWN", "heavy-head": "HEAVY_HEAD"}
TYPES = ("plain", "porcelain", *BOXES)


@dataclass(frozen=True)
class Table:
    """Rows of anything that has a text; None is empty, a datetime is shown in local time."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    title: str | None = None
    texts: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", [[shown(value) for value in row] for row in self.rows])


@dataclass(frozen=True)
class Style:
    """How tables are shown; ``kind`` is None where nothing was asked for."""

    kind: str | None = None

    def show(self, table: Table) -> None:
        """Print it."""
        kind = self.kind or ("heavy-head" if sys.stdout.isatty() else "plain")
        if kind == "porcelain":
            for row in (table.columns, *table.texts):
                click.echo("|".join(text.replace("\n", " ") for text in row))
        elif kind == "plain":
            _show_plain(table)
        else:
            _show_boxed(table, BOXES[kind])


def _show_plain(table: Table) -> None:
    rows = [[*table.columns], *([text.replace("\n", " ") for text in row] for row in table.texts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if table.title:
        click.echo(table.title)
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _show_boxed(table: Table, box: str) -> None:
    import rich.box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    found = RichTable(title=table.title, box=getattr(rich.box, box))
    for column in table.columns:
        found.add_column(column, overflow="fold")
    for row in table.texts:
        found.add_row(*(Text(text) for text in row))
    Console(highlight=False).print(found)


def table_options(command: F) -> F:
    """Adds ``--table-type`` and ``--porcelain``, which arrive as ``style``."""

    def chosen(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None:
            ctx.params["style"] = Style(value)
        else:
            ctx.params.setdefault("style", Style())
        return value

    options = [
        click.option(
            "--table-type", type=click.Choice(TYPES), callback=chosen, expose_value=False, help="How tables are drawn."
        ),
        click.option(
            "--porcelain",
            flag_value="porcelain",
            default=None,
            callback=chosen,
            expose_value=False,
            help="Output for programs: columns divided by bars.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def shown(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return str(value)


def details(pairs: Sequence[tuple[str, Any]]) -> Table:
    """One thing with its fields, those without a value left out."""
    return Table(("Field", "Value"), [(name, value) for name, value in pairs if value not in (None, "")])
