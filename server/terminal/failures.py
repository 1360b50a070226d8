"""What an exception means to who typed the command: words on stderr, and an exit status."""

from __future__ import annotations

import logging
import os

import click

from server.config.errors import ConfigError
from server.engine.failures import explain

logger = logging.getLogger("cli")

USAGE, FAILED = 2, 1


class CommandFailed(click.ClickException):
    """Something could not be done; the message says why and what helps. Exit status 1."""

    exit_code = FAILED


class NotThere(CommandFailed):
    """What was named is not there, or is so already. Told, but with exit status 0, as scripts know it from FlexGet."""

    exit_code = 0


def tell(error: Exception) -> int:
    """Print what went wrong, without a traceback where it is not this program's fault; returns the exit status."""
    if isinstance(error, ConfigError):
        for issue in error.issues:
            click.echo(str(issue), err=True)
        return USAGE
    reason, is_bug = explain(error)
    if not is_bug:
        click.echo(f"Error: {_remedy(error) or reason}", err=True)
        return FAILED
    logger.critical("BUG: %s", reason, exc_info=error)
    if not logging.getLogger().handlers:
        import traceback

        traceback.print_exception(error)
    return FAILED


def _remedy(error: Exception) -> str | None:
    """What helps where the system refuses a file."""
    if not isinstance(error, PermissionError) or error.filename is None:
        return None
    who = f"user id {os.getuid()}" if hasattr(os, "getuid") else "this user"
    return (
        f"{error.filename}: {error.strerror} for {who}. Change the owner or the permissions of the file or its folder."
    )
