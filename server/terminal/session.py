"""What one call of the command line works with: the config's path, the log, and (when asked for) the whole program.

Every command takes it as its first argument::

    @click.command()
    @current
    def status(session: Session, /) -> None:
        store = session.services.db.store(StatusStore)
"""

from __future__ import annotations

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
    """The global options, and what is made of them when a command needs it.

    ``assemble`` puts the program together around a config; ``changed`` is told at the end which groups of tables this
    process has written to, so that a daemon beside it does not answer from old ones.
    """

    config: str | None = None
    logfile: str | None = None
    loglevel: str | None = None
    test: bool = False
    cron: bool = False
    assemble: Callable[[Path], Services] | None = None
    changed: Callable[[Path, list[str]], None] = lambda path, groups: None
    _logs: bool = False
    _closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def path(self) -> Path:
        """The config file; raises ``ConfigError`` when there is none."""
        from server.config.paths import find_config

        return find_config(self.config)

    @property
    def home(self) -> Path:
        """The folder of the config: everything that is kept lies in it."""
        return self.path.parent

    @property
    def log_path(self) -> Path:
        """The log file: ``flexget.log`` beside the config where nothing else was asked for."""
        return self.home / Path(self.logfile or "flexget.log").expanduser()

    @property
    def level(self) -> str:
        """The lowest level that is logged."""
        return self.loglevel or ("info" if self.cron else "verbose")

    def start_log(self, *, console: bool = True) -> None:
        """Send the log to the file and (unless ``--cron``) to stderr."""
        from server.engine.log import setup

        setup(level=self.level, file=self.log_path, console=console and not self.cron)
        self._logs = True

    def quiet_log(self) -> None:
        """No log at all: for commands that tell everything themselves."""
        from server.engine.log import setup

        setup(level="none", console=False)
        self._logs = True

    @cached_property
    def services(self) -> Services:
        """The program put together around the config, with its database; closed at the end of the command."""
        if self.assemble is None:
            raise RuntimeError("this session cannot put the program together")
        if not self._logs:  # most commands tell what they did by themselves: only trouble is worth a line
            from server.engine.log import setup

            setup(level=self.loglevel or "warning", console=not self.cron)
        services = self.assemble(self.path)
        self._closing.callback(self._release, services)
        return services

    def _release(self, services: Services) -> None:
        services.db.close()
        if groups := services.db.written_groups():
            self.changed(self.path, groups)

    def close(self) -> None:
        """Let go of everything."""
        self._closing.close()
        if self._logs:
            from server.engine.log import flush

            flush()


current = click.make_pass_decorator(Session)
"""Hands the session to a command as its first argument."""
