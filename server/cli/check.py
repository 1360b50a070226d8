"""``flexget check``: is the config sound?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from server.terminal.failures import USAGE
from server.terminal.session import Session, current

if TYPE_CHECKING:
    from server.config.errors import Issue


@click.command()
@current
def check(session: Session, /) -> int:
    """Check the config and say all that is wrong with it, each with its place and what to do."""
    from server.config.errors import ConfigError
    from server.engine.config_service import ConfigService
    from server.engine.registry import Registry

    session.quiet_log()
    registry = Registry(session.home / "plugins")
    errors: list[Issue]
    warnings: list[Issue]
    try:
        config = ConfigService.read(session.path, registry)
        errors, warnings = config.check(config.text)
    except ConfigError as error:
        errors, warnings = error.issues, []
    for issue in errors:
        click.echo(str(issue), err=True)
    for issue in warnings:
        click.echo(f"Warning: {issue}", err=True)
    for file, problem in registry.problems:
        click.echo(f"Warning: {file}: {problem}", err=True)
    if errors:
        click.echo(f"{session.path} has {len(errors)} {'error' if len(errors) == 1 else 'errors'}.", err=True)
        return USAGE
    click.echo(f"Config passed check: {session.path}, {len(config.task_names())} tasks.")
    return 0
