"""``flexget regexp-list``."""

from __future__ import annotations

import re

import click

from server.features.regexp_list.store import RegexpListStore
from server.terminal.failures import NotThere
from server.terminal.named_lists import LIST, found_by, split
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options

DEFAULT = "regexps"


@click.group("regexp-list")
def regexp_list() -> None:
    """View and change regexp lists."""


def _store(session: Session) -> RegexpListStore:
    return session.services.db.store(RegexpListStore)


def _id(session: Session, name: str) -> int:
    found = _store(session).find(name)
    if found is None:
        raise NotThere(f"Could not find regexp list with name {name}")
    return found.id


@regexp_list.command("all")
@table_options
@current
def show_all(session: Session, /, style: Style) -> None:
    """List the lists."""
    style.show(Table(("#", "List Name"), [(one.id, one.name) for one in _store(session).lists()]))


@regexp_list.command("list")
@click.argument("name", default=DEFAULT, metavar=LIST)
@table_options
@current
def show_list(session: Session, /, name: str, style: Style) -> None:
    """List the regexps of a list."""
    style.show(Table(("#", "Regexp"), [(one.id, one.regexp) for one in _store(session).regexps(_id(session, name))]))


@regexp_list.command()
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} REGEXP")
@current
def add(session: Session, /, words: tuple[str, ...]) -> None:
    """Put a regexp on a list."""
    name, (regexp,) = split(words, 1, DEFAULT)
    try:
        re.compile(regexp)
    except re.error as error:
        raise click.BadParameter(f"{regexp!r} is not a regular expression: {error}", param_hint="REGEXP") from error
    store = _store(session)
    store.add(store.ensure(name).id, [regexp])
    click.echo(f"Successfully added regexp {regexp} to regexp list {name}")


@regexp_list.command("del")
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} REGEXP|ID")
@current
def remove(session: Session, /, words: tuple[str, ...]) -> None:
    """Take a regexp off a list."""
    name, (wanted,) = split(words, 1, DEFAULT)
    store = _store(session)
    list_id = _id(session, name)
    found = found_by(wanted, store.regexps(list_id), f"regexp list {name}", key=lambda one: (one.id, one.regexp))
    store.remove(list_id, [found.id])
    click.echo(f"Removed regexp {found.regexp} from list {name}")


@regexp_list.command()
@click.argument("name", default=DEFAULT, metavar=LIST)
@current
def purge(session: Session, /, name: str) -> None:
    """Remove a list with all of its regexps."""
    _store(session).delete(_id(session, name))
    click.echo(f"Deleted list {name}")
