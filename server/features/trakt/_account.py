"""Trakt's OAuth: authorizing accounts, and tokens that do not run out (https://trakt.docs.apiary.io/#reference/authentication-oauth)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from server.features.lookups._read import mapping, text, whole
from server.features.lookups.client import KeyRefused, LookupFailed, LookupRefused, Sites
from server.features.trakt.store import Account, AccountStore

REDIRECT = "urn:ietf:wg:oauth:2.0:oob"

PENDING, SLOW_DOWN = 400, 429
GIVEN_UP = {
    404: "Trakt does not know the code any more",
    409: "the code was used already",
    410: "the code has run out",
    418: "it was denied on the page",
}
"""What the statuses of a device's token mean."""

RENEWED_BEFORE = timedelta(days=1)
"""How long before its end a token is renewed; one that lasts for some days only: in the last quarter of its life."""


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody has to type where, and how often to ask whether they did (seconds)."""

    code: str
    user_code: str
    address: str
    interval: int
    expires: int


def begin(sites: Sites) -> Device:
    """Ask for a code that somebody types on Trakt's page."""
    body = {"client_id": sites.key("trakt")}
    data = mapping(sites.call("trakt", "POST", "/oauth/device/code", body=body).data)
    device = Device(
        code=text(data.get("device_code")),
        user_code=text(data.get("user_code")),
        address=text(data.get("verification_url")),
        interval=whole(data.get("interval")) or 5,
        expires=whole(data.get("expires_in")) or 600,
    )
    if not (device.code and device.user_code):
        raise LookupFailed("Trakt gave no code")
    return device


def poll(sites: Sites, store: AccountStore, name: str, device: Device) -> Account | None:
    """The account, once the code was typed; None as long as it was not.

    :raises LookupFailed: it will not be any more, with the reason
    """
    body = {"code": device.code, "client_id": sites.key("trakt"), "client_secret": secret(sites)}
    waiting = frozenset({PENDING, SLOW_DOWN})
    called = sites.call("trakt", "POST", "/oauth/device/token", body=body, answers=waiting | GIVEN_UP.keys())
    if called.status in GIVEN_UP:
        raise LookupFailed(GIVEN_UP[called.status])
    return None if called.status in waiting else _keep(store, name, called.data)


def with_pin(sites: Sites, store: AccountStore, name: str, pin: str) -> Account:
    """The account of a PIN that Trakt's page has shown."""
    return _token(sites, store, name, {"code": pin, "grant_type": "authorization_code"})


def renew(sites: Sites, store: AccountStore, account: Account) -> Account:
    """A new token for an account."""
    return _token(sites, store, account.name, {"refresh_token": account.refresh_token, "grant_type": "refresh_token"})


def ready(sites: Sites, store: AccountStore, name: str) -> Account:
    """An account with a token that is good for some time.

    :raises LookupRefused: there is none of that name
    """
    account = store.get(name)
    if account is None:
        raise LookupRefused(f"there is no account `{name}` of Trakt: authorize it by `flexget trakt auth {name}`")
    lasts = account.expires - account.created
    if account.expires - datetime.now(UTC) < min(RENEWED_BEFORE, lasts / 4):
        return renew(sites, store, account)
    return account


def secret(sites: Sites) -> str:
    """The secret that belongs to the key; raises :class:`LookupRefused` where it is missing."""
    found = sites.settings("trakt").more["secret"]
    if not found:
        raise LookupRefused(
            "accounts of Trakt want the secret of your key: write it into the config as "
            "`lookups: {trakt: {secret: ...}}` (or into FLEXGET_TRAKT_SECRET)"
        )
    return found


def _token(sites: Sites, store: AccountStore, name: str, grant: dict[str, str]) -> Account:
    body = {"client_id": sites.key("trakt"), "client_secret": secret(sites), "redirect_uri": REDIRECT, **grant}
    try:
        return _keep(store, name, sites.call("trakt", "POST", "/oauth/token", body=body).data)
    except KeyRefused:
        raise KeyRefused(
            f"Trakt refused the account `{name}`: authorize it again by `flexget trakt auth {name}`"
        ) from None


def _keep(store: AccountStore, name: str, answer: Any) -> Account:
    data = mapping(answer)
    access, again = text(data.get("access_token")), text(data.get("refresh_token"))
    if not (access and again):
        raise LookupFailed("Trakt gave no token")
    now = datetime.now(UTC)
    account = Account(name, access, again, now, now + timedelta(seconds=whole(data.get("expires_in"))))
    store.put(account)
    return account
