"""What an exception means to who typed the command: words on stderr, and an exit status."""

from __future__ import annotations

import logging

import click

from server.config.errors import ConfigError
from server.storage.errors import StorageError

logger = logging.getLogger("cli")

USAGE, FAILED = 2, 1


class CommandFailed(click.ClickException):
    """Something could not be done; the message says why and what helps. Exit status 1."""

    exit_code = FAILED


def tell(error: Exception) -> int:
    """Print what went wrong, without a traceback where it is not this program's fault; returns the exit status."""
    if isinstance(error, ConfigError):
        for issue in error.issues:
            click.echo(str(issue), err=True)
        return USAGE
    if isinstance(error, (StorageError, OSError)):
        click.echo(f"Error: {error}", err=True)
        return FAILED
    logger.critical("BUG: %s: %s", type(error).__name__, error, exc_info=True)
    if not logging.getLogger().handlers:
        import traceback

        traceback.print_exception(error)
    return FAILED
