"""``flexget status``: when tasks ran, and what came of it."""

from __future__ import annotations

import click

from server.engine.runner import matching
from server.features.status.store import Execution, StatusStore
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options

MANY = 10_000


@click.group(invoke_without_command=True)
@click.option("--task", help="The executions of this task.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@table_options
@click.pass_context
@current
def status(session: Session, /, ctx: click.Context, task: str | None, limit: int, style: Style) -> None:
    """Show how tasks fare."""
    if ctx.invoked_subcommand is not None:
        return
    store = session.services.db.store(StatusStore)
    if task is None:
        _show_tasks(store, limit, style)
    else:
        _show_executions(store, task, limit, style)


def _show_tasks(store: StatusStore, limit: int, style: Style) -> None:
    tasks, _ = store.tasks(limit=limit)
    last = store.executions_by_id(task.last_execution_id for task in tasks)
    successes = store.last_successes(task.id for task in tasks)
    rows = []
    for task in tasks:
        run = last.get(task.last_execution_id or 0)
        counts = (run.produced, run.accepted, run.rejected, run.failed, _seconds(run)) if run else ("",) * 5
        rows.append((task.name, task.last_execution_time, successes.get(task.id), *counts))
    columns = ("Task", "Last execution", "Last success", "Entries", "Accepted", "Rejected", "Failed", "Duration")
    style.show(Table(columns, rows))


def _show_executions(store: StatusStore, name: str, limit: int, style: Style) -> None:
    task = store.task_named(name)
    if task is None:
        raise CommandFailed(f"no task named {name} has run yet.")
    runs, _ = store.executions(task.id, limit=limit)
    columns = ("Start", "Duration", "Entries", "Accepted", "Rejected", "Failed", "Abort Reason")
    rows = [
        (run.start, _seconds(run), run.produced, run.accepted, run.rejected, run.failed, run.abort_reason)
        for run in runs
    ]
    style.show(Table(columns, rows))


def _seconds(run: Execution) -> str:
    return f"{(run.end - run.start).total_seconds():.1f} s"


@status.command()
@click.argument("task")
@current
def remove(session: Session, /, task: str) -> None:
    """Forget a task and all of its executions; globs are fine."""
    store = session.services.db.store(StatusStore)
    known = {one.name: one for one in store.tasks(limit=MANY)[0]}
    found = matching(known, task)
    if not found:
        raise CommandFailed(f"no task that fits {task} has run yet.")
    for name in found:
        store.remove(known[name].id)
    click.echo(f"Removed {len(found)} tasks: {', '.join(found)}")
