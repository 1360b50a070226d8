"""Deluge: the plugins against a real daemon."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deluge_client import DelugeRPCClient

from tests.clients.daemons import free_port, listens, make_torrent, running, until
from tests.support import Engine, titles

HASH = "2a8959bed2be495bb0e3ea96f497d873d5faed05"
MAGNET = f"magnet:?xt=urn:btih:{HASH}&dn=some.thing.720p"
KEYS = [
    "name",
    "state",
    "label",
    "files",
    "file_priorities",
    "download_location",
    "move_completed",
    "move_completed_path",
    "stop_at_ratio",
    "stop_ratio",
    "remove_at_ratio",
    "max_upload_speed",
    "max_download_speed",
    "max_connections",
    "max_upload_slots",
    "auto_managed",
]
Make = Callable[[str], Engine]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deluge")


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    port = free_port()
    (home / "auth").write_text("me:secret:10\n")
    off = {
        "dht": False,
        "upnp": False,
        "natpmp": False,
        "lsd": False,
        "utpex": False,
        "download_location": str(home / "downloads"),
    }
    (home / "core.conf").write_text(json.dumps({"file": 1, "format": 1}) + json.dumps(off))
    command = ["deluged", "-d", "-c", str(home), "-p", str(port), "-u", "127.0.0.1", "-i", "127.0.0.1", "-L", "none"]
    with running(command, home, lambda: listens(port)):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[DelugeRPCClient]:
    client = DelugeRPCClient("127.0.0.1", port, "me", "secret", decode_utf8=True)
    client.connect()
    yield client
    for torrent in client.call("core.get_torrents_status", {}, ["hash"]):
        client.call("core.remove_torrent", torrent, True)
    client.disconnect()


def config(port: int, entries: Any, inputs: str = "mock", **options: Any) -> str:
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    task = {inputs: entries, "accept_all": True, "disable": ["retry_failed"], "deluge": {**where, **options}}
    return json.dumps({"tasks": {"a": task}})


def torrents(client: DelugeRPCClient) -> dict[str, Any]:
    found: dict[str, Any] = client.call("core.get_torrents_status", {}, KEYS)
    return found


def test_a_torrent_file_is_handed_over_with_its_options(
    engine: Make, port: int, client: DelugeRPCClient, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "one.mkv", {"one.mkv": 20000})
    options = {
        "path": str(tmp_path / "tv" / "{{ show }}"),
        "move_completed_path": str(tmp_path / "done"),
        "label": "TV shows",
        "ratio": 1.5,
        "remove_at_ratio": True,
        "max_up_speed": 10,
        "max_down_speed": 20.0,
        "max_connections": 7,
        "max_up_slots": 3,
        "auto_managed": False,
        "queue_to_top": True,
        "compact": True,
        "add_paused": True,
    }
    task = engine(config(port, [{"title": "One", "url": file.as_uri(), "show": "A"}], **options)).run()
    assert titles(task.accepted) == ["One"]
    torrent = torrents(client)[info_hash]
    assert torrent["download_location"] == str(tmp_path / "tv" / "A")
    assert (torrent["move_completed"], torrent["move_completed_path"]) == (True, str(tmp_path / "done"))
    assert torrent["label"] == "tv_shows"
    assert (torrent["stop_at_ratio"], torrent["stop_ratio"], torrent["remove_at_ratio"]) == (True, 1.5, True)
    assert (torrent["max_upload_speed"], torrent["max_download_speed"]) == (10, 20)
    assert (torrent["max_connections"], torrent["max_upload_slots"]) == (7, 3)
    assert torrent["auto_managed"] is False
    until(lambda: torrents(client)[info_hash]["state"] == "Paused", "the torrent to be paused")


def test_what_is_there_already_counts_as_handed_over(engine: Make, port: int, client: DelugeRPCClient) -> None:
    client.call("core.add_torrent_magnet", MAGNET, {"add_paused": True})
    task = engine(config(port, [{"title": "again", "url": MAGNET, "ratio": 3}], add_paused=True)).run()
    assert titles(task.accepted) == ["again"]
    assert torrents(client)[HASH]["stop_ratio"] == 3


def test_one_refused_entry_fails_alone_with_the_clients_words(
    engine: Make, port: int, client: DelugeRPCClient, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.torrent"
    # A torrent for a quick look, but the client finds no pieces in it.
    bad.write_bytes(b"d4:infod6:lengthi5e4:name3:bad12:piece lengthi16384eee")
    made = engine(config(port, [{"title": "bad", "url": bad.as_uri()}, {"title": "good", "url": MAGNET}]))
    task = made.run()
    assert (titles(task.failed), titles(task.accepted)) == (["bad"], ["good"])
    assert "Unable to add torrent" in task.failed[0]["reason"]
    assert "Traceback" not in task.failed[0]["reason"]
    assert titles(made.run().failed) == ["bad"], "what failed was not learned"


def test_a_client_that_is_not_there_aborts_the_task(engine: Make) -> None:
    task = engine(config(free_port(), [{"title": "One", "url": MAGNET}])).run()
    assert task.aborted
    assert "Deluge at 127.0.0.1" in str(task.abort_reason)


def test_a_wrong_password_is_told(engine: Make, port: int) -> None:
    task = engine(config(port, [{"title": "One", "url": MAGNET}], password="wrong")).run()
    assert "Password does not match" in str(task.abort_reason)


def test_on_the_same_machine_the_daemons_own_file_lets_us_in(
    engine: Make, port: int, home: Path, client: DelugeRPCClient
) -> None:
    options = {"host": "127.0.0.1", "port": port, "config_path": str(home), "add_paused": True}
    task = {"mock": [{"title": "One", "url": MAGNET}], "accept_all": True, "deluge": options}
    assert not engine(json.dumps({"tasks": {"a": task}})).run().aborted
    assert list(torrents(client)) == [HASH]


def test_a_test_run_hands_nothing_over(engine: Make, port: int, client: DelugeRPCClient) -> None:
    engine(config(port, [{"title": "One", "url": MAGNET}])).run(test=True)
    assert torrents(client) == {}


def test_files_are_chosen_renamed_and_put_into_a_container(
    engine: Make, port: int, client: DelugeRPCClient, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "pack", {"show.mkv": 900000, "show.srt": 100, "readme.txt": 100})
    options = {
        "main_file_only": True,
        "content_filename": "{{ title }}",
        "container_directory": "box",
        "hide_sparse_files": True,
        "add_paused": True,
    }
    engine(config(port, [{"title": "New", "url": file.as_uri()}], **options)).run()

    def renamed() -> bool:
        found = [item["path"] for item in torrents(client)[info_hash]["files"]]
        return found == ["box/New.mkv", "box/show.srt", "box/.sparse_files/readme.txt"]

    until(renamed, "the files to be renamed")
    assert [bool(priority) for priority in torrents(client)[info_hash]["file_priorities"]] == [True, True, False]


def test_magnets_without_metadata_are_handed_over_all_the_same(
    engine: Make, port: int, client: DelugeRPCClient, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"main_file_only": True, "magnetization_timeout": 1}
    task = engine(config(port, [{"title": "One", "url": MAGNET}], **options)).run()
    assert titles(task.accepted) == ["One"]
    assert "magnetization_timeout" in caplog.text


@pytest.mark.parametrize(
    ("action", "state"), [("remove", None), ("purge", None), ("pause", "Paused"), ("resume", "Downloading")]
)
def test_actions_on_the_clients_torrents(
    engine: Make, port: int, client: DelugeRPCClient, tmp_path: Path, action: str, state: str | None
) -> None:
    file, info_hash = make_torrent(tmp_path, "act", {"act": 20000})
    raw = base64.b64encode(file.read_bytes()).decode()
    client.call("core.add_torrent_file", "act", raw, {"add_paused": action == "resume"})
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    task = engine(config(port, where, inputs="from_deluge", action=action)).run()
    assert titles(task.accepted) == ["act"]
    if state is None:
        assert torrents(client) == {}
    else:
        until(lambda: torrents(client)[info_hash]["state"] == state, f"the torrent to be {state}")


def test_the_clients_torrents_are_an_input(engine: Make, port: int, client: DelugeRPCClient, tmp_path: Path) -> None:
    file, info_hash = make_torrent(tmp_path, "listed", {"a.mkv": 5000, "b.nfo": 10})
    raw = base64.b64encode(file.read_bytes()).decode()
    client.call("core.add_torrent_file", "x", raw, {"add_paused": True, "download_location": str(tmp_path)})
    client.call("core.add_torrent_magnet", MAGNET, {})
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    until(lambda: torrents(client)[info_hash]["state"] == "Paused", "the torrent to be paused")
    made = engine(json.dumps({"tasks": {"a": {"from_deluge": {**where, "filter": {"state": "paused"}}}}}))
    (entry,) = made.run().all_entries
    assert (entry["title"], entry["torrent_info_hash"]) == ("listed", info_hash.upper())
    assert entry["content_size"] == 5010
    assert entry["content_files"] == ["listed/a.mkv", "listed/b.nfo"]
    assert entry["location"] == str(tmp_path / "listed")
    assert (entry["deluge_state"], entry["deluge_progress"]) == ("Paused", 0)
    made.configure(json.dumps({"tasks": {"a": {"from_deluge": {**where, "filter": {"label": "none"}}}}}))
    assert made.run().all_entries == []
