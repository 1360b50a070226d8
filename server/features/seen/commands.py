"""``flexget seen``: what was taken before and is not taken again."""

from __future__ import annotations

import click

from server.engine.runner import matching
from server.features.seen.store import SeenStore, Sighting
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, details, table_options


@click.group()
def seen() -> None:
    """View or forget what was seen."""


def _tasks(session: Session, pattern: str | None) -> list[str] | None:
    """The tasks that a pattern means: those of the config, or a name that is not in it any more."""
    if pattern is None:
        return None
    return matching(session.services.config.task_names(hidden=True), pattern) or [pattern]


@seen.command()
@click.argument("value")
@click.option("--task", help="Only in these tasks: a name or glob, in any case.")
@current
def forget(session: Session, /, value: str, task: str | None) -> None:
    """Forget a title, a url, or everything of a task."""
    store = session.services.db.store(SeenStore)
    tasks = _tasks(session, task)
    titles, fields = store.forget_all(value, tasks)
    click.echo(f"Removed {titles} titles ({fields} fields)")


@seen.command()
@click.argument("value")
@click.option("--task", help="Only for this task.")
@current
def add(session: Session, /, value: str, task: str | None) -> None:
    """Remember a title or url, so that it is not taken."""
    store = session.services.db.store(SeenStore)
    names = _tasks(session, task) or ["seen_add"]
    store.learn([Sighting(value, name, {"title": value}, "added by command", local=task is not None) for name in names])
    whom = "all tasks" if task is None else ", ".join(names)
    click.echo(f"Added `{value}` as seen. This will affect {whom}.")


@seen.command()
@click.argument("term")
@click.option("--task", help="Only of these tasks: a name or glob, in any case.")
@table_options
@current
def search(session: Session, /, term: str, task: str | None, style: Style) -> None:
    """List what has a text in one of its fields."""
    tasks = _tasks(session, task)
    found = [one for one in session.services.db.store(SeenStore).search(term) if tasks is None or one.task in tasks]
    if style.kind == "porcelain":
        rows = [(one.title, one.task, one.added, one.reason) for one in found]
        style.show(Table(("Title", "Task", "Added", "Reason"), rows))
        return
    for one in found:
        fields = [(field.field.capitalize(), field.value) for field in one.fields if field.value != one.title]
        known = [("Title", one.title), *fields, ("Task", one.task), ("Added", one.added), ("Reason", one.reason)]
        style.show(details([*known, ("Local", one.local or None)]))
        click.echo()
    if not found:
        click.echo(f"Nothing seen has `{term}` in it.")
