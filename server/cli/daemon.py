"""``flexget daemon``: start, stop, status, reload-config."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.lock import AlreadyRunning, Running, find_running
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current

if TYPE_CHECKING:
    from server.cli.remote import Remote

START_SECONDS = 60.0
STOP_SECONDS = 30.0
"""What a daemon may take to come up, and to go down; it means to need ten seconds for the latter."""

POLL = 0.05


@click.group()
def daemon() -> None:
    """Run continuously: tasks by their schedules, the web server, the API."""


@daemon.command()
@click.option("-d", "--daemonize", is_flag=True, help="Go to the background once it is up.")
@click.option(
    "--autoreload-config/--no-autoreload-config",
    "autoreload",
    default=True,
    show_default=True,
    help="Load the config again when its files change.",
)
@click.option("--detached", is_flag=True, hidden=True)
@current
def start(session: Session, /, daemonize: bool, autoreload: bool, detached: bool) -> int:
    """Start the daemon."""
    if daemonize:
        return _start_in_background(session, autoreload)
    from server.daemon import Daemon
    from server.engine.log import LogBuffer, setup

    buffer = LogBuffer()

    def log_to(console: bool) -> None:
        setup(level=session.level, file=session.log_path, console=console, buffer=buffer)

    log_to(console=not session.cron)
    ready = (lambda _: _let_go_of_terminal(log_to)) if detached else None
    try:
        finished = Daemon(session.path, log=buffer, autoreload=autoreload, ready=ready).run()
    except AlreadyRunning as error:
        raise CommandFailed(f"{error}.") from error
    if not finished:
        _leave()
    return 0


def _let_go_of_terminal(log_to: object) -> None:
    """Up and running in the background: who started us has read what it needs."""
    if callable(log_to):
        log_to(console=False)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _leave() -> None:
    """End although a thread hangs: everything else is closed, and waiting for it would be for ever."""
    import logging

    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _start_in_background(session: Session, autoreload: bool) -> int:
    """Start a process of its own and wait until it answers, or tell why it does not."""
    path = session.path
    if (running := find_running(path)) is not None:
        raise CommandFailed(f"a daemon with pid {running.pid} works on this config already.")
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [*_command(session), "daemon", "start", "--detached", *([] if autoreload else ["--no-autoreload-config"])],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            creationflags=_detached_flags(),
        )
        running = _wait_until_up(child, path)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if running is None:
        click.echo(text, err=True, nl=False)
        return child.returncode or 1
    link = [line.strip() for line in text.splitlines() if "/signin/?code=" in line and line.startswith(" ")]
    click.echo(f"The daemon runs with pid {running.pid}.")
    if running.url:
        click.echo(f"It answers at {running.url}")
    for line in link:
        click.echo(f"No password is set yet. Sign in once by this link and choose one:\n\n    {line}\n")
    child.returncode = 0  # it goes on without us: nobody shall wait for it
    return 0


def _command(session: Session) -> list[str]:
    program = (
        [sys.executable, "flexget"] if getattr(sys, "frozen", False) else [sys.executable, "-m", "server.cli.main"]
    )
    options = ["-c", str(session.path)]
    if session.logfile:
        options += ["-l", session.logfile]
    if session.loglevel:
        options += ["-L", session.loglevel]
    return [*program, *options]


def _detached_flags() -> int:
    if sys.platform == "win32":
        return subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _wait_until_up(child: subprocess.Popen[bytes], config: Path) -> Running | None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        running = find_running(config)
        if running is not None and running.pid == child.pid and running.control is not None:
            return running
        if child.poll() is not None:
            return None
        time.sleep(POLL)
    child.terminate()
    child.wait()
    return None


@daemon.command()
@click.option("--wait", is_flag=True, help="Run everything that is queued first.")
@current
def stop(session: Session, /, wait: bool) -> int:
    """Stop the running daemon."""
    remote = _remote(session)
    remote.ask("POST", "/control/stop/", {"wait": wait})
    end = time.monotonic() + STOP_SECONDS
    while find_running(session.path) is not None:
        if not wait and time.monotonic() > end:
            raise CommandFailed(f"the daemon with pid {remote.running.pid} has not ended yet.")
        time.sleep(POLL)
    click.echo("The daemon has stopped.")
    return 0


@daemon.command()
@current
def status(session: Session, /) -> int:
    """Tell whether a daemon runs, and what it does."""
    running = find_running(session.path)
    if running is None:
        click.echo("No daemon runs for this config.")
        return 1
    since = datetime.fromtimestamp(running.started).strftime("%Y-%m-%d %H:%M:%S")
    click.echo(f"The daemon runs with pid {running.pid} since {since}, version {running.version}.")
    click.echo(f"Web server: {running.url or 'off'}")
    from server.cli.remote import Remote

    for job in Remote(running).ask("GET", "/tasks/queue/"):
        click.echo(f"Task: {job['name']} ({job['current_phase'] or 'waiting'})")
    return 0


@daemon.command("reload-config")
@current
def reload_config(session: Session, /) -> int:
    """Have the running daemon load its config again."""
    _remote(session).ask("POST", "/server/manage/", {"operation": "reload"})
    click.echo("The config was loaded again.")
    return 0


def _remote(session: Session) -> Remote:
    from server.cli.remote import Remote

    remote = Remote.find(session.path)
    if remote is None:
        raise CommandFailed("no daemon runs for this config.")
    return remote
