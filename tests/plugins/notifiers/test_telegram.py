"""``telegram`` against a Bot API on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from server.engine.errors import PluginWarning
from server.engine.net import Session
from server.features.telegram.telegram import Telegram
from server.storage.database import Database, sqlite_url

UPDATES = {
    "result": [
        {"message": {"chat": {"id": 7, "first_name": "Ada", "last_name": "L", "username": "Ada"}}},
        {"message": {"chat": {"id": -9, "title": "Films"}}},
    ]
}


class Api:
    """Answers ``getUpdates`` and takes the rest."""

    def __init__(self) -> None:
        self.updates: dict[str, Any] = UPDATES
        self.asked: list[tuple[str, Any]] = []
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                api.asked.append((self.path.rpartition("/")[2], json.loads(body) if body else None))
                answer = json.dumps(api.updates).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def api() -> Iterator[Api]:
    made = Api()
    yield made
    made.close()


@pytest.fixture
def telegram(tmp_path: Path) -> Iterator[Telegram]:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    plugin = Telegram()
    plugin.bind(SimpleNamespace(db=db))  # type: ignore[arg-type]
    yield plugin
    db.close()


def send(plugin: Telegram, api: Api, recipients: list[dict[str, Any]], **more: Any) -> None:
    server = f"http://127.0.0.1:{api.server.server_address[1]}"
    with Session() as requests:
        plugin.send(requests, "T", "M", {"bot_token": "1:s", "server": server, "recipients": recipients, **more})


def test_a_chat_is_written_to_by_its_number(telegram: Telegram, api: Api) -> None:
    send(telegram, api, [{"chat_id": 5}], parse_mode="html", images=["http://x/y.png"])
    assert api.asked == [
        ("sendMessage", {"chat_id": 5, "text": "M", "parse_mode": "HTML"}),
        ("sendPhoto", {"chat_id": 5, "photo": "http://x/y.png"}),
    ]


def test_people_and_groups_are_found_once_and_remembered(telegram: Telegram, api: Api) -> None:
    recipients: list[dict[str, Any]] = [
        {"username": "@ada"},
        {"group": "Films"},
        {"fullname": {"first": "Ada", "sur": "L"}},
    ]
    send(telegram, api, recipients)
    api.updates = {"result": []}
    send(telegram, api, recipients)
    asked = [name for name, _ in api.asked]
    assert asked.count("getUpdates") == 1
    assert [body["chat_id"] for name, body in api.asked if name == "sendMessage"] == [7, -9, 7] * 2


def test_somebody_whom_the_bot_does_not_know_is_named(telegram: Telegram, api: Api) -> None:
    with pytest.raises(PluginWarning, match="user:nobody"):
        send(telegram, api, [{"username": "nobody"}])
