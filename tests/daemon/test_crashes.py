"""Killed at any moment, the daemon comes back with a sound database and everything it had acknowledged."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from server.storage.database import check_file
from tests.daemon.support import CONFIG, Daemon

ROUNDS = 3
WRITERS = 3

BUSY = (
    CONFIG
    + """
      busy:
        mock: [{entries}]
        accept_all: yes
        seen: no
"""
)


class Writer(threading.Thread):
    """Makes lists through the API and notes those that were acknowledged."""

    def __init__(self, daemon: Daemon, name: str, stop: threading.Event) -> None:
        super().__init__(name=name)
        self._url = urlsplit(daemon.info["url"])
        self._token = (daemon.folder / ".config-token").read_text().strip()
        self._halt = stop
        self.acknowledged: list[str] = []
        self.statuses: set[int] = set()

    def run(self) -> None:
        headers = {"Authorization": f"Token {self._token}", "Content-Type": "application/json"}
        number = 0
        while not self._halt.is_set():
            number += 1
            name = f"{self.name}-{number}"
            connection = http.client.HTTPConnection(self._url.netloc, timeout=10)
            try:
                connection.request("POST", "/api/entry_list/", json.dumps({"name": name}), headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                return
            finally:
                connection.close()
            self.statuses.add(answer.status)
            if answer.status == 201:
                self.acknowledged.append(name)


def names_of_lists(daemon: Daemon) -> set[str]:
    status, lists = daemon.api("GET", "/entry_list/")
    assert status == 200
    return {item["name"] for item in lists}


def test_after_kill_9_under_load_everything_acknowledged_is_there(daemon):
    chance = random.Random(7)
    entries: list[dict[str, Any]] = [{"title": f"Item {n}", "url": f"http://x/{n}"} for n in range(300)]
    one = daemon(BUSY.replace("[{entries}]", json.dumps(entries)))
    acknowledged: list[str] = []
    for turn in range(ROUNDS):
        one.start()
        stop = threading.Event()
        writers = [Writer(one, f"turn{turn}-writer{n}", stop) for n in range(WRITERS)]
        for writer in writers:
            writer.start()
        one.api("POST", "/tasks/execute/", {"tasks": ["busy"] * 1})
        time.sleep(chance.uniform(0.2, 0.6))
        one.process.kill()
        one.end()
        stop.set()
        for writer in writers:
            writer.join(10)
            assert writer.statuses <= {201}
            acknowledged += writer.acknowledged
        assert check_file(one.folder / "db-config.sqlite") is None
    assert len(acknowledged) > ROUNDS
    one.start()
    assert set(acknowledged) <= names_of_lists(one)


def test_a_password_that_was_set_survives_the_crash_that_follows(daemon):
    one = daemon().start()
    assert one.api("PUT", "/user/", {"password": "correct-horse-77-battery"})[0] == 200
    one.process.kill()
    one.end()
    one.start()
    assert one.api("GET", "/setup/")[1]["password_set"] is True


def test_an_interrupted_run_does_not_keep_the_next_from_running(daemon):
    one = daemon().start()
    client = one.begin("execute")
    time.sleep(0.3)
    one.process.kill()
    one.end()
    client.communicate(timeout=20)
    one.start()
    assert one.run("execute").code == 0
