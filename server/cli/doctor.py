"""``flexget doctor``: what is wrong with this setup, and what helps."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import click

from server.config.errors import ConfigError
from server.storage.errors import StorageError
from server.terminal.session import Session, current

LEAST_SPACE = 200 * 1024 * 1024
NETWORK_FILESYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs"})
OPTIONAL = {"uvloop": "a faster event loop", "pystray": "the tray icon", "psycopg": "a PostgreSQL database"}

GOOD, HINT, BAD = "ok", "note", "WRONG"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    state: str
    text: str


@click.command()
@current
def doctor(session: Session, /) -> int:
    """Look at config, database, folder and daemon, and say what is wrong. Exit status 1 when something is."""
    session.quiet_log()
    bad = 0
    for finding in _findings(session):
        bad += finding.state == BAD
        click.echo(f"[{finding.state:^5}] {finding.text}")
    click.echo("Nothing is wrong." if not bad else f"{bad} {'thing is' if bad == 1 else 'things are'} wrong.")
    return 1 if bad else 0


def _findings(session: Session) -> Iterator[Finding]:
    yield Finding(GOOD, f"Python {sys.version.split()[0]} on {sys.platform}")
    try:
        path = session.path
    except ConfigError as error:
        yield Finding(BAD, str(error))
        return
    yield Finding(GOOD, f"config: {path}")
    for look in (_config, _folder, _file_system, _space, _database, _daemon, _accounts):
        yield from look(session)
    yield from _libraries()


def _config(session: Session) -> Iterator[Finding]:
    from server.engine.config_service import ConfigService
    from server.engine.registry import Registry

    registry = Registry(session.home / "plugins")
    try:
        config = ConfigService.read(session.path, registry)
    except ConfigError as error:
        yield from (Finding(BAD, str(issue)) for issue in error.issues)
    else:
        yield Finding(GOOD, f"the config is valid: {len(config.task_names())} tasks")
        errors, warnings = config.check(config.text)
        yield from (Finding(BAD, str(issue)) for issue in errors)
        yield from (Finding(HINT, str(issue)) for issue in warnings)
    registry.builtins()  # loads the user's plugins, which is when their problems show
    yield from (Finding(BAD, f"{file}: {problem}") for file, problem in registry.problems)


def _folder(session: Session) -> Iterator[Finding]:
    """Everything is written beside the config."""
    home = session.home
    if not os.access(home, os.W_OK | os.X_OK):
        who = f" (user id {os.getuid()})" if hasattr(os, "getuid") else ""
        yield Finding(BAD, f"the folder {home} cannot be written to{who}: change its owner or permissions")
        return
    yield Finding(GOOD, f"the folder {home} can be written to")
    if session.log_path.exists() and not os.access(session.log_path, os.W_OK):
        yield Finding(BAD, f"the log file {session.log_path} cannot be written to")


def _file_system(session: Session) -> Iterator[Finding]:
    kind = _kind_of_file_system(session.home)
    if kind in NETWORK_FILESYSTEMS:
        yield Finding(
            HINT,
            f"{session.home} is a network folder ({kind}). SQLite can lose data there: put the config on a local disk, "
            "or set `database:` to one",
        )


def _kind_of_file_system(folder: Path) -> str | None:
    """As the system's table of mounts tells; None where there is none."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    places = {folder.resolve(), *folder.resolve().parents}
    best: tuple[int, str | None] = (-1, None)
    for line in lines:
        _, place, kind, *_ = line.split(" ")
        mount = place.replace("\\040", " ")
        if Path(mount) in places and len(mount) >= best[0]:
            best = (len(mount), kind)
    return best[1]


def _space(session: Session) -> Iterator[Finding]:
    free = shutil.disk_usage(session.home).free
    state = BAD if free < LEAST_SPACE else GOOD
    yield Finding(state, f"{free // 2**20:,} MiB are free on the disk of {session.home}")


def _database(session: Session) -> Iterator[Finding]:
    from server.daemon import database_path
    from server.storage.database import check_file

    if _names_database(session):
        try:
            path = session.services.db.path
        except StorageError as error:
            yield Finding(BAD, str(error))
            return
        if path is None:
            yield Finding(GOOD, "the database that the config names answers")
            return
    else:
        path = database_path(session.path)
    if not path.exists():
        yield Finding(GOOD, "there is no database yet; the first run makes one")
        return
    damage = check_file(path)
    if damage:
        yield Finding(BAD, f"the database {path} is damaged ({damage}): restore a backup, or move it away")
    else:
        yield Finding(GOOD, f"the database is sound ({path.stat().st_size // 2**10:,} KiB)")


def _names_database(session: Session) -> bool:
    from server.engine.config_service import ConfigService
    from server.engine.registry import Registry

    try:
        return bool(ConfigService.read(session.path, Registry(session.home / "plugins")).data.get("database"))
    except ConfigError:
        return False  # told above already


def _daemon(session: Session) -> Iterator[Finding]:
    from server.cli.remote import Remote
    from server.terminal.failures import CommandFailed

    remote = Remote.find(session.path)
    if remote is not None:
        running = remote.running
        try:
            remote.ask("GET", "/server/pid/")
        except CommandFailed as error:
            yield Finding(BAD, f"{error.message}: stop it (kill {running.pid}) and start it again")
        else:
            yield Finding(GOOD, f"a daemon runs with pid {running.pid}, web server: {running.url or 'off'}")
        return
    yield Finding(GOOD, "no daemon runs")
    try:
        settings = session.services.config.web_server
    except (ConfigError, StorageError):
        return  # told above already
    if settings is None:
        yield Finding(HINT, "the web server is off; `web_server: yes` in the config turns it on")
    elif settings.port and not _is_free(settings.bind, settings.port):
        yield Finding(BAD, f"port {settings.port} is used by another program: choose another one in `web_server`")


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as line:
        if sys.platform != "win32":  # there it would share the port with who has it
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind((address, port))
        except OSError:
            return False
        return True


def _accounts(session: Session) -> Iterator[Finding]:
    from server.daemon import token_path
    from server.features.users.model import Accounts

    try:
        accounts = Accounts(session.services.db, token_path(session.path))
    except (ConfigError, StorageError):
        return  # told above already
    if accounts.has_password:
        yield Finding(GOOD, "a password for the web server is set")
    else:
        yield Finding(HINT, "no password for the web server is set yet: `flexget web passwd`, or the link at its start")


def _libraries() -> Iterator[Finding]:
    for name, use in OPTIONAL.items():
        if find_spec(name) is not None:
            yield Finding(GOOD, f"{name} is installed ({use})")
        else:
            yield Finding(HINT, f"{name} is not installed; it is only needed for {use}")
