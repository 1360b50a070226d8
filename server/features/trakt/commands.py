"""``flexget trakt``: accounts of Trakt."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from server.features.lookups.client import LookupFailed, LookupRefused, Sites
from server.features.trakt import _account
from server.features.trakt.store import AccountStore
from server.terminal.failures import CommandFailed
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options


@click.group()
def trakt() -> None:
    """Authorize and manage accounts of Trakt."""


@trakt.command()
@click.argument("account")
@click.argument("pin", required=False)
@current
def auth(session: Session, /, account: str, pin: str | None) -> None:
    """Authorize an account, under a name for configs to refer to.

    Shows a code that you type on Trakt's page, and waits for it; with a PIN from Trakt's page nothing more is needed.
    """
    sites, store = _parts(session)
    with _failures():
        _account.secret(sites)
        if pin:
            _account.with_pin(sites, store, account, pin)
        else:
            _wait(sites, store, account)
    click.echo(f"Account `{account}` is authorized.")


@trakt.command("list")
@table_options
@current
def show(session: Session, /, style: Style) -> None:
    """List the accounts, with when their tokens run out; they are renewed before that."""
    rows = [(one.name, one.created.date(), one.expires.date()) for one in session.services.db.store(AccountStore).all()]
    style.show(Table(("Account", "Created", "Expires"), rows))


@trakt.command()
@click.argument("account")
@current
def refresh(session: Session, /, account: str) -> None:
    """Get a new token for an account now."""
    sites, store = _parts(session)
    known = store.get(account)
    if known is None:
        raise CommandFailed(f"There is no account `{account}`.")
    with _failures():
        renewed = _account.renew(sites, store, known)
    click.echo(f"The token of `{account}` is good until {renewed.expires:%Y-%m-%d}.")


@trakt.command()
@click.argument("account")
@current
def delete(session: Session, /, account: str) -> None:
    """Forget an account."""
    if not session.services.db.store(AccountStore).forget(account):
        raise CommandFailed(f"There is no account `{account}`.")
    click.echo(f"Account `{account}` is forgotten.")


def _parts(session: Session) -> tuple[Sites, AccountStore]:
    return Sites.of(session.services), session.services.db.store(AccountStore)


def _wait(sites: Sites, store: AccountStore, name: str) -> None:
    device = _account.begin(sites)
    click.echo(f"Open {device.address} and type {device.user_code}")
    until = time.monotonic() + device.expires
    while time.monotonic() < until:
        time.sleep(device.interval)
        if _account.poll(sites, store, name, device) is not None:
            return
    raise LookupFailed(_account.GIVEN_UP[410])


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (LookupFailed, LookupRefused) as error:
        raise CommandFailed(str(error)) from None
