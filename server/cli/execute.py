"""``flexget execute``: run tasks now, in this process or in the daemon that already works on the same config."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from server.terminal.failures import CommandFailed
from server.terminal.named_lists import pairs
from server.terminal.session import Session, current
from server.terminal.words import WordsCommand, flat, words_option

if TYPE_CHECKING:
    from server.cli.remote import Remote
    from server.engine.execution import ExecuteOptions
    from server.lock import Turn

logger = logging.getLogger("execute")

LOOK = 0.2
"""Seconds between looks whether another command is done."""

DUMP_WORDS = ("eval", "trace", "accepted", "rejected", "undecided", "failed", "title")


EXECUTE_OPTIONS = [
    words_option("--tasks", metavar="TASK...", help="Only these tasks: names or globs (tv-*), in any case."),
    click.option("-T", "--template", metavar="NAME", help="Only the tasks that use this template."),
    click.option("--learn", is_flag=True, help="Download nothing, but take what matches as done from now on."),
    click.option("--now", is_flag=True, help="Run also what its interval would hold back."),
    click.option("--no-cache", is_flag=True, help="Use no caches, where a plugin can do without."),
    click.option("--discover-now", is_flag=True, help="Search for everything at once, whatever the intervals."),
    words_option(
        "--dump",
        at_least=0,
        choices=DUMP_WORDS,
        metavar="[WORD...]",
        help=f"Print all entries with their fields. Words: {', '.join(DUMP_WORDS)}.",
    ),
    click.option("--dump-config", is_flag=True, help="Print what each task's config comes to, templates included."),
    click.option("--dl-path", metavar="PATH", help="Download to this folder instead."),
    words_option("--cli-config", metavar="NAME=VALUE...", help="Values for $NAME in the config."),
    click.option("--stop-waiting", metavar="NAME", help="End the timeframe of this series."),
    click.option("--tail-reset", metavar="FILE|TASK", help="Read a tailed file from its beginning."),
    click.option("--try-regexp", is_flag=True, help="Try regular expressions on the entries."),
    click.option(
        "--disable-tracking",
        is_flag=True,
        help="Do not look how far a series is already.",
    ),
    click.option("--progress", is_flag=True, help="Show how far the tasks are."),
    click.option("--strict", is_flag=True, help="Exit with 1 when a task was aborted."),
    click.option("-v", "--verbose", is_flag=True, help="Tell of undecided entries too."),
    click.option("-s", "--silent", is_flag=True, help="Do not tell of every accepted and rejected entry."),
]
"""The options of a run, for every command that starts one."""

F = TypeVar("F", bound=Callable[..., Any])


def execute_arguments(command: F) -> F:
    """Adds :data:`EXECUTE_OPTIONS` to a command."""
    for option in reversed(EXECUTE_OPTIONS):
        command = option(command)
    return command


@click.command(cls=WordsCommand, short_help="Run tasks now.")
@words_option(
    "--inject", at_most=2, metavar="TITLE [URL]", help="Take this entry instead of what the inputs give; repeatable."
)
@execute_arguments
@current
def execute(session: Session, /, tasks: Any, inject: Any, progress: bool, strict: bool, **choices: Any) -> int:
    """Run all tasks, or some of them, and print what they do."""
    names = flat(tasks)
    options = execute_options(session, named=any(name != "*" for name in names), **choices)
    options.inject = [injected(*words) for words in inject]
    return run_tasks(session, names, options, progress=progress, strict=strict)


def run_tasks(session: Session, names: list[str], options: ExecuteOptions, *, progress: bool, strict: bool) -> int:
    """Run tasks in the daemon where one runs, else here; returns the exit status."""
    from server.lock import Turn

    turn = Turn(session.path)
    try:
        remote = _wait_for_turn(session, turn)
        if remote is not None:
            if options.try_regexp:
                raise CommandFailed("--try-regexp asks at this terminal: stop the daemon first (flexget daemon stop).")
            from server.cli.remote_run import run_there

            aborted = run_there(remote, session, names, options, progress=progress)
        else:
            from server.cli.local_run import run_here

            aborted = run_here(session.services, names, options, progress=progress)
    finally:
        turn.release()
    return 1 if strict and aborted else 0


def _wait_for_turn(session: Session, turn: Turn) -> Remote | None:
    """Wait until no other command runs tasks; a daemon that is there, or comes up meanwhile, shall run them."""
    from server.cli.remote import Remote

    remote = Remote.find(session.path)
    if remote is not None:
        return remote
    session.start_log()
    if session.test or turn.take():  # what a test run decides is remembered nowhere
        return None
    logger.info("Another command runs tasks of this config; waiting for its end")
    while (remote := Remote.find(session.path)) is None and not turn.take():
        time.sleep(LOOK)
    return remote


def execute_options(session: Session, *, named: bool, **choices: Any) -> ExecuteOptions:
    """What was chosen, in the engine's terms."""
    from server.engine.execution import ExecuteOptions

    dump, cli_config = choices.pop("dump"), choices.pop("cli_config")
    return ExecuteOptions(
        test=session.test,
        named=named,
        dump=flat(dump) if dump else None,
        cli_config=pairs(flat(cli_config), "--cli-config"),
        **choices,
    )


def injected(title: str, url: str | None = None) -> Any:
    """The entry of ``--inject``; without a url it gets one that nothing else has."""
    from server.engine.entry import Entry

    return Entry(title=title, url=url or f"http://localhost/inject/{secrets.token_hex(15)}")
