"""What one call of the command line works with: the config's path, the log, and (when asked for) the whole program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from server.engine.services import Services


@dataclass
class Session:
    """The global options, and what is made of them when a command needs it."""

    config: str | None = None
    logfile: str | None = None
    loglevel: str | None = None
    test: bool = False
    cron: bool = False
    _closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def path(self) -> Path:
        """The config file; raises ``ConfigError`` when there is none."""
        from server.cli.places import find_config

        return find_config(self.config)

    @property
    def home(self) -> Path:
        """The folder of the config: everything that is kept lies in it."""
        return self.path.parent

    @property
    def log_path(self) -> Path:
        """The log file: ``flexget.log`` beside the config where nothing else was asked for."""
        return self.home / Path(self.logfile or "flexget.log").expanduser()

    def start_log(self, *, console: bool = True) -> None:
        """Send the log to the file and (unless ``--cron``) to stderr."""
        from server.engine.log import setup

        level = self.loglevel or ("info" if self.cron else "verbose")
        setup(level=level, file=self.log_path, console=console and not self.cron)

    @cached_property
    def services(self) -> Services:
        """The program put together around the config, with its database; closed at the end of the command."""
        from server.daemon import assemble

        services = assemble(self.path)
        self._closing.callback(services.db.close)
        return services

    def on_close(self, callback: Callable[[], object]) -> None:
        """Call something when the command is over."""
        self._closing.callback(callback)

    def close(self) -> None:
        """Let go of everything."""
        self._closing.close()


def echo(text: str = "") -> None:
    """A line on stdout."""
    click.echo(text)


def to_terminal() -> bool:
    """Whether a person looks at stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


current = click.make_pass_decorator(Session)
"""Hands the session to a command as its first argument."""
