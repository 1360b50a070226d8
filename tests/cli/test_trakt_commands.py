"""``flexget trakt``, on a loopback server that speaks Trakt's OAuth."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Home
from tests.web_server import WebServer

TOKEN = {"access_token": "the-access", "refresh_token": "the-refresh", "expires_in": 7776000}
DEVICE = {
    "device_code": "the-device",
    "user_code": "5055CC52",
    "verification_url": "https://trakt.tv/activate",
    "interval": 0.001,
    "expires_in": 600,
}


@pytest.fixture
def trakt(configured: Callable[[str], Home], web: WebServer) -> Home:
    return configured(f"""
        lookups:
          trakt: {{address: "{web.url("")}", key: the-id, secret: the-secret}}
        tasks: {{}}
    """)


def test_an_account_is_authorized_by_a_pin_listed_renewed_and_forgotten(trakt: Home, web: WebServer) -> None:
    web.put("/oauth/token", json.dumps(TOKEN))
    done = trakt.run("trakt", "auth", "mine", "123456")
    assert (done.code, done.out) == (0, "Account `mine` is authorized.\n")
    assert json.loads(web.asked[0].body)["code"] == "123456"
    assert "mine" in trakt.run("trakt", "list").out
    assert trakt.run("trakt", "refresh", "mine").code == 0
    assert json.loads(web.asked[-1].body)["refresh_token"] == "the-refresh"
    assert trakt.run("trakt", "delete", "mine").code == 0
    assert "mine" not in trakt.run("trakt", "list").out


def test_an_account_is_authorized_by_a_code_on_the_page(
    trakt: Home, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("server.features.trakt.commands.time.sleep", waits.append)
    web.put("/oauth/device/code", json.dumps(DEVICE))
    web.put("/oauth/device/token", json.dumps(TOKEN))
    done = trakt.run("trakt", "auth", "mine")
    assert "Open https://trakt.tv/activate and type 5055CC52" in done.out
    assert done.code == 0
    assert 5 in waits
    assert "the-access" not in done.out + done.err


def test_a_denied_code_is_told(trakt: Home, web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.features.trakt.commands.time.sleep", lambda seconds: None)
    web.put("/oauth/device/code", json.dumps(DEVICE))
    web.put("/oauth/device/token", "", status=418)
    done = trakt.run("trakt", "auth", "mine")
    assert (done.code, "it was denied on the page" in done.err) == (1, True)


def test_without_a_secret_the_remedy_is_told(configured: Callable[[str], Home]) -> None:
    home = configured("lookups: {trakt: {key: x}}\ntasks: {}\n")
    done = home.run("trakt", "auth", "mine", "1")
    assert done.code == 1
    assert "FLEXGET_TRAKT_SECRET" in done.err


def test_an_unknown_account_is_told(trakt: Home) -> None:
    assert trakt.run("trakt", "refresh", "nobody").code == 1
    assert "There is no account `nobody`." in trakt.run("trakt", "delete", "nobody").err
