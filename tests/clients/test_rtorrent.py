"""rTorrent: the plugins against a real one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from server.plugins.clients._xmlrpc import XmlRpc
from tests.clients.daemons import make_torrent, running
from tests.processes import wait_for
from tests.support import Engine, titles

MAGNET = "magnet:?xt=urn:btih:2a8959bed2be495bb0e3ea96f497d873d5faed05&dn=some.thing.720p"
Make = Callable[[str], Engine]


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("rtorrent")
    (home / "session").mkdir()
    # A Unix socket's path must be short.
    with tempfile.TemporaryDirectory() as short:
        place = Path(short) / "rpc"
        commands = [
            "system.daemon.set=true",
            f"network.scgi.open_local={place}",
            f"session.path.set={home / 'session'}",
            f"directory.default.set={home}",
            "network.bind_address.set=127.0.0.1",
            "network.port_random.set=yes",
            "dht.mode.set=auto",
        ]
        options = [part for command in commands for part in ("-o", command)]
        with running(["rtorrent", "-n", *options], home, place.exists):
            yield f"scgi://{place}"


@pytest.fixture
def client(uri: str) -> Iterator[XmlRpc]:
    nobody: Any = SimpleNamespace()
    client = XmlRpc(nobody, uri)
    yield client
    for torrent in client.call("download_list", "", "main"):
        client.call("d.erase", torrent)


def config(uri: str, entries: Any, inputs: str = "mock", **options: Any) -> str:
    task = {
        inputs: entries,
        "accept_all": True,
        "disable": ["retry_failed", "seen", "seen_info_hash"],
        "rtorrent": {"uri": uri, **options},
    }
    return json.dumps({"tasks": {"a": task}})


@pytest.mark.parametrize("files", [{"one.mkv": 50000}, {"a/one.mkv": 50000, "two.nfo": 10, "none.txt": 0}])
def test_files_that_are_there_count_as_complete_by_fast_resume(
    engine: Make, uri: str, client: XmlRpc, tmp_path: Path, files: dict[str, int]
) -> None:
    name = "one.mkv" if len(files) == 1 else "folder"
    file, info_hash = make_torrent(tmp_path, name, files)
    folder = tmp_path / "there"
    for path, size in files.items():
        place = folder / path if len(files) == 1 else folder / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x" * size)  # not what the torrent says: who checks it finds out
    made = engine(config(uri, [{"title": "One", "url": file.as_uri()}], path=str(folder), fast_resume=True))
    assert titles(made.run().accepted) == ["One"]
    torrent = info_hash.upper()
    wait_for(lambda: client.call("d.complete", torrent) == 1, "the torrent is complete")
    client.call("d.erase", torrent)
    (folder / next(iter(files)) if len(files) == 1 else folder / name / "two.nfo").unlink()
    assert titles(made.run().accepted) == ["One"]
    assert client.call("d.complete", torrent) == 0


def test_a_torrent_file_is_handed_over_with_its_options(engine: Make, uri: str, client: XmlRpc, tmp_path: Path) -> None:
    file, info_hash = make_torrent(tmp_path, "one.mkv", {"one.mkv": 20000})
    torrent = info_hash.upper()
    options = {
        "path": str(tmp_path / "tv" / "{{ show }}"),
        "custom1": "a, b; {{ title }}",
        "custom_fields": {"addedby": "flexget"},
        "priority": "high",
        "start": False,
    }
    task = engine(config(uri, [{"title": "One", "url": file.as_uri(), "show": "A"}], **options)).run()
    assert titles(task.accepted) == ["One"]
    assert client.call("d.directory", torrent) == str(tmp_path / "tv" / "A")
    assert (tmp_path / "tv" / "A").is_dir()
    assert client.call("d.custom1", torrent) == "a, b; One"
    assert client.call("d.custom", torrent, "addedby") == "flexget"
    assert (client.call("d.priority", torrent), client.call("d.state", torrent)) == (3, 0)


def test_magnets_start_and_what_is_there_already_counts_as_handed_over(engine: Make, uri: str, client: XmlRpc) -> None:
    made = engine(config(uri, [{"title": "One", "url": MAGNET}]))
    assert titles(made.run().accepted) == ["One"]
    assert client.call("d.state", MAGNET[20:60].upper()) == 1
    made.configure(config(uri, [{"title": "Again", "url": MAGNET}], custom1="x"))
    task = made.run()
    assert titles(task.accepted) == ["Again"], [entry.get("reason") for entry in task.all_entries]


def test_one_refused_entry_fails_alone(engine: Make, uri: str, client: XmlRpc, tmp_path: Path) -> None:
    file, _ = make_torrent(tmp_path, "bad", {"bad": 20000})
    bad = {"title": "bad", "url": file.as_uri(), "path": "/proc/nowhere"}
    task = engine(config(uri, [bad, {"title": "good", "url": MAGNET}])).run()
    assert (titles(task.failed), titles(task.accepted)) == (["bad"], ["good"])
    assert "rtorrent:" in task.failed[0]["reason"]
    assert len(client.call("download_list", "", "main")) == 1


def test_a_client_that_is_not_there_aborts_the_task(engine: Make) -> None:
    task = engine(config("scgi:///nowhere/rpc", [{"title": "One", "url": MAGNET}])).run()
    assert "cannot be reached" in str(task.abort_reason)


def test_the_clients_torrents_are_an_input_and_can_be_acted_on(
    engine: Make, uri: str, client: XmlRpc, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "listed", {"listed": 20000})
    made = engine(config(uri, [{"title": "One", "url": file.as_uri()}], start=False, custom1="tv", path=str(tmp_path)))
    made.run()
    made.configure(config(uri, {"uri": uri, "fields": ["custom1", "complete"]}, "from_rtorrent", action="delete"))
    (entry,) = made.run(test=True).all_entries
    assert (entry["title"], entry["torrent_info_hash"]) == ("listed", info_hash.upper())
    assert (entry["content_size"], entry["custom1"], entry["complete"]) == (20000, "tv", 0)
    assert len(client.call("download_list", "", "main")) == 1, "a test run does nothing"
    made.configure(config(uri, {"uri": uri}, "from_rtorrent", action="delete", custom1="tv"))
    made.run()
    assert client.call("download_list", "", "main") == []
