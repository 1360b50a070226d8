"""``flexget web``: password, token and sign-in link of the web server."""

from __future__ import annotations

import sys

import click

from server.features.users.model import Accounts, NoToken
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current
from server.web.passwords import WeakPassword


def _accounts(session: Session) -> Accounts:
    from server.daemon import token_path

    return Accounts(session.services.db, token_path(session.path))


@click.group()
def web() -> None:
    """Manage who may use the web server."""


@web.command()
@click.argument("password", required=False)
@current
def passwd(session: Session, /, password: str | None) -> None:
    """Set the password of the web server; asked for when it is not given."""
    if password is None:
        password = _asked()
    try:
        _accounts(session).set_password(password)
    except WeakPassword as error:
        raise CommandFailed(f"the password was not changed: {error}") from error
    click.echo("Updated password")


def _asked() -> str:
    """From the keyboard, unseen and twice; from a pipe, its first line."""
    if sys.stdin is not None and not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    return answer


@web.command()
@current
def showtoken(session: Session, /) -> None:
    """Show the API token."""
    try:
        click.echo(f"Token: {_accounts(session).token}")
    except NoToken as error:
        raise CommandFailed(str(error)) from error


@web.command()
@current
def gentoken(session: Session, /) -> None:
    """Make another API token; the old one is good for nothing from then on."""
    click.echo(f"Token: {_accounts(session).renew_token()}")


@web.command()
@current
def link(session: Session, /) -> None:
    """Make a link of the running daemon that signs in once."""
    from server.cli.remote import Remote

    remote = Remote.find(session.path)
    if remote is None or remote.running.url is None:
        raise CommandFailed("no daemon with a web server runs for this config.")
    code = remote.ask("POST", "/setup/link/")["code"]
    click.echo(f"{remote.running.url}/signin/?code={code}")
