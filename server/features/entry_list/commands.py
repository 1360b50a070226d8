"""``flexget entry-list``, and ``pending-list`` which is the same with approval."""

from __future__ import annotations

from typing import Any

import click

from server.features.entry_list.store import EntryListStore, ListEntry
from server.storage.named_lists import NamedList
from server.terminal.failures import NotThere
from server.terminal.named_lists import LIST, found_by, pairs, split
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options
from server.terminal.words import WordsCommand, flat, words_option


class ListCommands:
    """The commands of one kind of list. ``kind`` is its name in messages, ``default`` the list where none is named."""

    def __init__(self, kind: str, default: str, cls: type[EntryListStore]) -> None:
        self.kind = kind
        self.default = default
        self.cls = cls

    def store(self, session: Session) -> EntryListStore:
        """The store of these lists."""
        return session.services.db.store(self.cls)

    def named(self, session: Session, name: str) -> NamedList:
        """A list that is there; raises NotThere."""
        found = self.store(session).find(name)
        if found is None:
            raise NotThere(f"Could not find {self.kind} with name {name}")
        return found

    def entry(self, session: Session, words: tuple[str, ...]) -> tuple[NamedList, ListEntry]:
        """The entry that ``[LIST] TITLE-OR-ID`` means."""
        name, (wanted,) = split(words, 1, self.default)
        of = self.named(session, name)
        entries = self.store(session).all(of.id)
        return of, found_by(wanted, entries, f"{self.kind} {name}", key=lambda entry: (entry.id, entry.title))


def entry_commands(kind: str, default: str, cls: type[EntryListStore]) -> tuple[click.Group, ListCommands]:
    """The group of commands for one kind of list."""
    lists = ListCommands(kind, default, cls)
    group = click.Group(kind.replace(" ", "-"), help=f"View and change {kind}s.")
    approves = cls.approves

    @group.command("all")
    @table_options
    @current
    def show_all(session: Session, /, style: Style) -> None:
        """List the lists."""
        style.show(Table(("#", "List Name"), [(one.id, one.name) for one in lists.store(session).lists()]))

    @group.command("list")
    @click.argument("name", default=default, metavar=LIST)
    @table_options
    @current
    def show_list(session: Session, /, name: str, style: Style) -> None:
        """List the entries of a list."""
        entries = lists.store(session).all(lists.named(session, name).id)
        columns = ("#", "Title", "# of fields", *(("Approved",) if approves else ()))
        rows = [(one.id, one.title, len(one.entry), *((one.approved,) if approves else ())) for one in entries]
        style.show(Table(columns, rows))

    @group.command("show")
    @click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE|ID")
    @table_options
    @current
    def show_entry(session: Session, /, words: tuple[str, ...], style: Style) -> None:
        """Show the fields of an entry."""
        _, entry = lists.entry(session, words)
        style.show(Table(("Field name", "Value"), sorted(entry.entry.items())))

    @group.command("add", cls=WordsCommand)
    @click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE URL")
    @words_option("--attributes", metavar="NAME=VALUE...", help="More fields of the entry.")
    @click.option("--approved", "--approve", is_flag=True, hidden=not approves, help="Approve it at once.")
    @current
    def add(session: Session, /, words: tuple[str, ...], attributes: Any, approved: bool) -> None:
        """Put an entry on a list; a new list is made where there is none of that name."""
        name, (title, url) = split(words, 2, default)
        store = lists.store(session)
        fields = {"title": title, "url": url, "original_title": title, "original_url": url}
        store.add(store.ensure(name).id, {**fields, **pairs(flat(attributes), "--attributes")}, approved=approved)
        click.echo(f"Successfully added entry `{title}` to {kind} `{name}`")

    @group.command("del")
    @click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE|ID")
    @current
    def remove(session: Session, /, words: tuple[str, ...]) -> None:
        """Take an entry off a list."""
        of, entry = lists.entry(session, words)
        lists.store(session).remove(of.id, [entry.id])
        click.echo(f"Removed entry `{entry.title}` from list {of.name}")

    @group.command("purge")
    @click.argument("name", default=default, metavar=LIST)
    @current
    def purge(session: Session, /, name: str) -> None:
        """Remove a list with all of its entries."""
        lists.store(session).delete(lists.named(session, name).id)
        click.echo(f"Deleted list {name}")

    return group, lists


entry_list, _ = entry_commands("entry list", "entries", EntryListStore)
