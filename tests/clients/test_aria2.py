"""aria2: the plugin against a real daemon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from xmlrpc.client import ServerProxy

import pytest

from tests.clients.daemons import free_port, listens, running
from tests.support import Engine, titles

MAGNET = "magnet:?xt=urn:btih:2a8959bed2be495bb0e3ea96f497d873d5faed05&dn=some.thing.720p"
Make = Callable[[str], Engine]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    command = [
        "aria2c",
        "--enable-rpc",
        f"--rpc-listen-port={port}",
        "--rpc-secret=secret",
        "--no-conf",
        "--enable-dht=false",
        "--enable-dht6=false",
    ]
    with running(command, tmp_path_factory.mktemp("aria2"), lambda: listens(port)):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[Any]:
    with ServerProxy(f"http://127.0.0.1:{port}/rpc") as client:
        yield client
        for one in client.aria2.tellWaiting("token:secret", 0, 99):
            client.aria2.forceRemove("token:secret", one["gid"])
        client.aria2.purgeDownloadResult("token:secret")


def config(port: int, entries: Any, **options: Any) -> str:
    options = {"server": "127.0.0.1", "port": port, "secret": "secret", "path": "/tmp", **options}
    task = {"mock": entries, "accept_all": True, "disable": ["retry_failed"], "aria2": options}
    return json.dumps({"tasks": {"a": task}})


@pytest.mark.parametrize("mode", ["xml", "json"])
def test_addresses_and_magnets_are_handed_over(engine: Make, port: int, client: Any, mode: str) -> None:
    entries = [{"title": "One", "url": "http://127.0.0.1:9/a.bin?x=1"}, {"title": "Two", "url": MAGNET}]
    options = {
        "path": "/tmp/{{ title }}",
        "filename": "{{ title }}",
        "add_extension": True,
        "options": {"max-download-limit": "1M", "pause": True},
    }
    task = engine(config(port, entries, rpc_mode=mode, **options)).run()
    assert titles(task.accepted) == ["One", "Two"]
    first, second = client.aria2.tellWaiting("token:secret", 0, 9)
    assert first["files"][0]["path"] == "/tmp/One/One.bin"
    assert client.aria2.getOption("token:secret", first["gid"])["max-download-limit"] == "1048576"
    assert (second["dir"], second["infoHash"]) == ("/tmp/Two", MAGNET[20:60])


@pytest.mark.parametrize("mode", ["xml", "json"])
def test_one_refused_entry_fails_alone_with_the_clients_words(engine: Make, port: int, client: Any, mode: str) -> None:
    url = "http://127.0.0.1:9/b"
    entries = [{"title": "bad", "url": url, "limit": "much"}, {"title": "good", "url": f"{url}b", "limit": "1M"}]
    options = {"pause": True, "max-download-limit": "{{ limit }}"}
    task = engine(config(port, entries, rpc_mode=mode, options=options)).run()
    assert (titles(task.failed), titles(task.accepted)) == (["bad"], ["good"])
    assert "max-download-limit" in task.failed[0]["reason"]


def test_a_wrong_secret_or_no_daemon_aborts_the_task(engine: Make, port: int) -> None:
    entries = [{"title": "One", "url": "http://127.0.0.1:9/c"}]
    task = engine(config(port, entries, secret="wrong")).run()
    assert "does not let us in" in str(task.abort_reason)
    task = engine(config(free_port(), entries)).run()
    assert "cannot be reached" in str(task.abort_reason)


def test_a_test_run_hands_nothing_over(engine: Make, port: int, client: Any) -> None:
    engine(config(port, [{"title": "One", "url": MAGNET}])).run(test=True)
    assert client.aria2.tellWaiting("token:secret", 0, 9) == []
