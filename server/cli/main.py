"""``flexget``: the command line.

    flexget -c config.yml execute --tasks tv --dump

Commands live in modules of their own, which are imported when they are called, so that ``flexget -V`` is quick.
Exit status: 0 done, 2 bad usage or config, 1 any other failure.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from server import __version__
from server.terminal.session import Session
from server.terminal.streams import let_stdout_go

if TYPE_CHECKING:
    from server.engine.services import Services

COMMANDS = {
    "execute": "server.cli.execute:execute",
    "inject": "server.cli.inject:inject",
    "daemon": "server.cli.daemon:daemon",
    "check": "server.cli.check:check",
    "doctor": "server.cli.doctor:doctor",
    "web": "server.cli.web:web",
    "database": "server.features.database.commands:database",
    "history": "server.features.history.commands:history",
    "seen": "server.features.seen.commands:seen",
    "status": "server.features.status.commands:status",
    "failed": "server.features.failed.commands:failed",
    "rejected": "server.features.rejected.commands:rejected",
    "archive": "server.features.archive.commands:archive",
    "backlog": "server.features.backlog.commands:backlog",
    "entry-list": "server.features.entry_list.commands:entry_list",
    "movie-list": "server.features.movie_list.commands:movie_list",
    "regexp-list": "server.features.regexp_list.commands:regexp_list",
    "pending": "server.features.pending.commands:pending",
    "pending-list": "server.features.pending_list.commands:pending_list",
    "series": "server.features.series.commands:series",
    "trakt": "server.features.trakt.commands:trakt",
    "variables": "server.features.variables.commands:variables",
    "plugins": "server.cli.plugins:plugins",
    "doc": "server.cli.plugins:doc",
    "export-schema": "server.cli.plugins:export_schema",
    "jinja-filters": "server.cli.plugins:jinja_filters",
    "debug-info": "server.cli.debug_info:debug_info",
}
"""Command -> where it is. A feature's own commands are in its folder."""

LEVELS = ("none", "critical", "error", "warning", "info", "verbose", "debug", "trace")


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def __init__(self, *args: Any, places: dict[str, str] | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._places = places or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, then those added directly."""
        return [*self._places, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(__version__)
        ctx.exit()


@click.group(
    cls=LazyGroup,
    places=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
@click.option("-c", "--config", metavar="CONFIG", help="Config file, or the name of one to be searched for.")
@click.option("-l", "--logfile", metavar="LOGFILE", help="Log file; a bare name lies beside the config.")
@click.option(
    "-L",
    "--loglevel",
    type=click.Choice(LEVELS, case_sensitive=False),
    help="Lowest level that is logged (default: verbose).",
)
@click.option("--test", is_flag=True, help="Run on a private copy of the database, and tell what would be done.")
@click.option("--cron", is_flag=True, help="For runs without a terminal: nothing on it, and a shorter log.")
@click.option(
    "-V", "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Version."
)
@click.pass_context
def cli(
    ctx: click.Context, config: str | None, logfile: str | None, loglevel: str | None, test: bool, cron: bool
) -> None:
    """Get what you want from feeds, sites and folders, by the rules of a YAML config."""
    session = Session(
        config, logfile, loglevel, test=test, cron=cron, assemble=_assemble, changed=_tell_daemon_of_changes
    )
    ctx.obj = session
    ctx.call_on_close(session.close)


def _assemble(path: Path) -> Services:
    from server.daemon import assemble

    return assemble(path)


def _tell_daemon_of_changes(path: Path, groups: list[str]) -> None:
    from server.cli.remote import tell_changes

    tell_changes(path, groups)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(args=None if argv is None else list(argv), prog_name="flexget", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain("Interrupted.")
        return 1
    except BrokenPipeError:
        let_stdout_go()
        return 1
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from server.terminal.failures import tell

    return tell(error)


def _complain(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    sys.exit(main())
