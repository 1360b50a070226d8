"""``/irc/``: the shapes, without a connection."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.support import Server

CONFIG = """
tasks:
  a: {mock: []}
schedules: no
irc:
  libera:
    server: irc.example.com
    port: 6697
    channels: ['#one', '#two']
  other:
    server: irc.example.org
    channels: '#three'
"""


@pytest.mark.parametrize("path", ["connections/", "connections/enums/", "restart/", "stop/", "stop/?name=x"])
def test_without_connections_in_the_config_everything_is_refused(server: Server, path: str) -> None:
    reply = server.get(f"irc/{path}")
    assert (reply.status, reply.json["status"]) == (400, "Error")
    assert "irc" in reply.json["message"]


def test_configured_connections_are_shown_as_not_alive(make_server: Callable[..., Server]) -> None:
    server = make_server(config=CONFIG)
    first, second = server.get("irc/connections/").json
    assert first["libera"] == {
        "alive": False,
        "channels": [{"#one": 0}, {"#two": 0}],
        "connected_channels": [],
        "port": 6697,
        "server": "irc.example.com",
    }
    assert second["other"]["port"] == 6667
    assert list(server.get("irc/connections/?name=other").json[0]) == ["other"]
    assert server.get("irc/connections/enums/").json["DISCONNECTED"] == 0


def test_a_port_that_is_no_number_is_told_as_the_usual_one(make_server: Callable[..., Server]) -> None:
    server = make_server(config=CONFIG.replace("6697", "tls"))
    assert server.get("irc/connections/?name=libera").json[0]["libera"]["port"] == 6667


def test_one_that_is_not_configured_is_not_found(make_server: Callable[..., Server]) -> None:
    server = make_server(config=CONFIG)
    for path in ("connections/", "restart/", "stop/"):
        assert server.get(f"irc/{path}?name=nope").status == 404
    assert server.get("irc/stop/?wait=true").json["status"] == "success"
    assert server.get("irc/restart/?name=libera").status == 400
