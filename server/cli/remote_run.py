"""Having the daemon run tasks, with its log, progress and dumps on this terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from server.engine.task import copy_of
from server.terminal.failures import CommandFailed
from server.terminal.progress import ProgressLine

if TYPE_CHECKING:
    from server.cli.remote import Remote
    from server.engine.execution import ExecuteOptions
    from server.terminal.session import Session


def run_there(
    remote: Remote, session: Session, names: list[str], options: ExecuteOptions, *, progress: bool = False
) -> bool:
    """Run the tasks in the daemon; returns whether one was aborted for a reason worth a complaint."""
    pieces = remote.stream("/control/execute/", _body(session, names, options))
    try:
        return _follow(pieces, show_log=not session.cron, progress=progress)
    except KeyboardInterrupt:
        click.echo("The daemon goes on with the tasks; `flexget daemon status` shows them.", err=True)
        raise


def _body(session: Session, names: list[str], options: ExecuteOptions) -> dict[str, Any]:
    asked = {name: value for name, value in vars(options).items() if name != "inject"}
    inject = [{"fields": dict(copy_of(entry)), "accept": entry.accepted} for entry in options.inject]
    return {"tasks": names, "options": asked, "inject": inject, "loglevel": session.level}


def _follow(pieces: Any, *, show_log: bool, progress: bool) -> bool:
    line: ProgressLine | None = None
    left, aborted = 0, False
    for piece in pieces:
        if "tasks" in piece:
            left = len(piece["tasks"])
            line = ProgressLine(left) if progress else None
        elif "output" in piece:
            click.echo(piece["output"])
        elif "log" in piece and show_log:
            click.echo(piece["log"], err=True)
        elif "progress" in piece and line is not None:
            line.advance(**piece["progress"])
        elif "done" in piece:
            left -= 1
            aborted = aborted or (piece["done"]["aborted"] and not piece["done"]["silent"])
            if line is not None:
                line.task_done()
    if left:
        raise CommandFailed(f"the daemon stopped before all tasks were done; {left} did not come to their end.")
    return aborted
