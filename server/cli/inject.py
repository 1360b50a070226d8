"""``flexget inject``: bring an entry into tasks by hand."""

from __future__ import annotations

from typing import Any

import click

from server.cli.execute import execute_arguments, execute_options, injected, run_tasks
from server.terminal.named_lists import pairs
from server.terminal.session import Session, current
from server.terminal.words import WordsCommand, flat, words_option


@click.command(cls=WordsCommand)
@click.argument("title")
@click.argument("url", required=False)
@click.option("--accept", is_flag=True, help="Accept it right away.")
@click.option("--force", is_flag=True, help="Let nothing reject it.")
@words_option("--fields", metavar="NAME=VALUE...", help="More fields of the entry.")
@execute_arguments
@current
def inject(
    session: Session,
    /,
    title: str,
    url: str | None,
    accept: bool,
    force: bool,
    fields: Any,
    tasks: Any,
    progress: bool,
    strict: bool,
    **choices: Any,
) -> int:
    """Run tasks with one entry of yours in place of what their inputs give."""
    options = execute_options(session, named=bool(tasks), **choices)
    entry = injected(title, url or (title if "://" in title or title.startswith("magnet:") else None))
    entry.update(pairs(flat(fields), "--fields"))
    if force:
        entry["immortal"] = True
    if accept:
        entry.accept("accepted by the command that injected it")
    options.inject = [entry]
    return run_tasks(session, flat(tasks), options, progress=progress, strict=strict)
