"""Transmission: the plugins against a real daemon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import transmission_rpc

from tests.clients.daemons import free_port, listens, make_torrent, running, until
from tests.support import Engine, titles

MAGNET = "magnet:?xt=urn:btih:2a8959bed2be495bb0e3ea96f497d873d5faed05&dn=some.thing.720p"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("transmission")
    port = free_port()
    settings = {
        "rpc-port": port,
        "rpc-bind-address": "127.0.0.1",
        "rpc-authentication-required": True,
        "rpc-username": "me",
        "rpc-password": "secret",
        "bind-address-ipv4": "127.0.0.1",
        "peer-port": free_port(),
        "dht-enabled": False,
        "lpd-enabled": False,
        "utp-enabled": False,
        "pex-enabled": False,
        "port-forwarding-enabled": False,
        "download-dir": str(home / "downloads"),
        "download-queue-enabled": True,
        "download-queue-size": 1,
    }
    (home / "settings.json").write_text(json.dumps(settings))
    with running(["transmission-daemon", "-f", "-g", str(home)], home, lambda: listens(port)):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[transmission_rpc.Client]:
    client = transmission_rpc.Client(host="127.0.0.1", port=port, username="me", password="secret")
    yield client
    ids = [torrent.id for torrent in client.get_torrents()]
    if ids:
        client.remove_torrent(ids, delete_data=True)


def config(port: int, entries: Any, plugin: str = "transmission", /, inputs: str = "mock", **options: Any) -> str:
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    task: dict[str, Any] = {
        inputs: entries,
        "accept_all": True,
        "disable": ["retry_failed"],
        plugin: {**where, **options},
    }
    return json.dumps({"tasks": {"a": task}})


Make = Callable[[str], Engine]


def test_a_torrent_file_is_handed_over_with_its_options(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "one.mkv", {"one.mkv": 20000})
    entries = [{"title": "One", "url": file.as_uri(), "show": "A/B"}]
    options = {
        "path": str(tmp_path / "tv" / "{{ show }}"),
        "labels": ["tv", "{{ title }}"],
        "ratio": 1.5,
        "max_up_speed": 10,
        "max_down_speed": 20.0,
        "max_connections": 7,
        "bandwidth_priority": 1,
        "honor_limits": False,
        "queue_position": 0,
        "add_paused": True,
    }
    task = engine(config(port, entries, **options)).run()
    assert titles(task.accepted) == ["One"]
    (torrent,) = client.get_torrents()
    assert torrent.hash_string == info_hash
    assert torrent.download_dir == str(tmp_path / "tv" / "A" / "B")
    assert sorted(torrent.labels) == ["One", "tv"]
    assert (torrent.seed_ratio_limit, torrent.seed_ratio_mode) == (1.5, 1)
    assert (torrent.upload_limit, torrent.download_limit, torrent.peer_limit) == (10, 20, 7)
    assert torrent.upload_limited and torrent.download_limited and not torrent.honors_session_limits
    assert torrent.bandwidth_priority == 1
    until(lambda: client.get_torrent(torrent.id).status == "stopped", "the torrent to stay paused")


def test_an_entry_can_set_options_for_itself(engine: Make, port: int, client: transmission_rpc.Client) -> None:
    entries = [{"title": "One", "url": MAGNET, "ratio": -1, "path": "/tmp/own"}]
    engine(config(port, entries, ratio=2, path="/tmp/all", add_paused=True)).run()
    (torrent,) = client.get_torrents()
    assert (torrent.seed_ratio_mode, torrent.download_dir) == (2, "/tmp/own")


def test_what_is_there_already_counts_as_handed_over(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    file, _ = make_torrent(tmp_path, "twice", {"twice": 20000})
    client.add_torrent(file.read_bytes(), paused=True)
    entries = [{"title": "again", "url": file.as_uri()}, {"title": "other", "url": MAGNET}]
    task = engine(config(port, entries, add_paused=True)).run()
    assert titles(task.accepted) == ["again", "other"]
    assert len(client.get_torrents()) == 2


def test_one_refused_entry_fails_alone_and_is_tried_again(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.torrent"
    bad.write_bytes(b"this is no torrent")
    entries = [{"title": "bad", "url": bad.as_uri()}, {"title": "good", "url": MAGNET}]
    made = engine(config(port, entries, add_paused=True))
    task = made.run()
    assert (titles(task.failed), titles(task.accepted)) == (["bad"], ["good"])
    assert "no torrent file" in task.failed[0]["reason"]
    again = made.run()
    assert titles(again.failed) == ["bad"], "what failed was not learned"
    assert titles(again.accepted) == []


def test_a_client_that_is_not_there_aborts_the_task_and_nothing_is_learned(engine: Make) -> None:
    made = engine(config(free_port(), [{"title": "One", "url": MAGNET}]))
    for _ in range(2):
        task = made.run()
        assert task.aborted
        assert "Transmission at 127.0.0.1" in str(task.abort_reason)


def test_a_wrong_password_is_told(engine: Make, port: int) -> None:
    task = engine(config(port, [{"title": "One", "url": MAGNET}], password="wrong")).run()
    assert "user name and password" in str(task.abort_reason)


def test_the_password_can_come_from_a_netrc_file(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    task = engine(config(port, [{"title": "One", "url": MAGNET}], password="wrong", netrc=str(netrc))).run()
    assert not task.aborted
    assert len(client.get_torrents()) == 1


def test_a_test_run_hands_nothing_over(engine: Make, port: int, client: transmission_rpc.Client) -> None:
    task = engine(config(port, [{"title": "One", "url": MAGNET}])).run(test=True)
    assert titles(task.accepted) == ["One"]
    assert client.get_torrents() == []


def test_files_are_chosen_and_renamed(engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path) -> None:
    files = {"show.mkv": 900000, "show.en.srt": 100, "readme.txt": 100, "sample.avi": 1000}
    file, _ = make_torrent(tmp_path, "pack", files)
    options = {
        "main_file_only": True,
        "include_subs": True,
        "content_filename": "{{ title }}",
        "rename_like_files": True,
        "add_paused": True,
    }
    engine(config(port, [{"title": "New: name", "url": file.as_uri()}], **options)).run()
    (torrent,) = client.get_torrents()
    found = {item.name: item.selected for item in torrent.get_files()}
    name = next(path for path in found if path.endswith(".mkv"))
    assert name.startswith("pack/New") and name != "pack/show.mkv"
    assert found == {
        name: True,
        name.replace(".mkv", ".en.srt"): True,
        "pack/readme.txt": False,
        "pack/sample.avi": False,
    }


def test_files_can_be_skipped_by_pattern(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    file, _ = make_torrent(tmp_path, "mixed", {"a.mkv": 5000, "b.nfo": 10, "c.nfo": 10})
    engine(config(port, [{"title": "x", "url": file.as_uri()}], skip_files="*.nfo", include_files=["b*"])).run()
    (torrent,) = client.get_torrents()
    assert [item.selected for item in torrent.get_files()] == [True, True, False]
    assert torrent.status != "stopped"


@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("remove", None),
        ("purge", None),
        ("pause", ["stopped"]),
        ("resume", ["download pending", "downloading"]),
        ("bypass_queue", ["downloading"]),
    ],
)
def test_actions_on_the_clients_torrents(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path, action: str, left: list[str] | None
) -> None:
    file, _ = make_torrent(tmp_path, "act", {"act": 20000})
    client.add_torrent(file.read_bytes(), paused=action != "pause")
    until(lambda: client.get_torrents()[0].status in ("downloading", "stopped"), "the check to end")
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    task = engine(config(port, where, inputs="from_transmission", action=action)).run()
    assert titles(task.accepted) == ["act"]
    if left is None:
        assert client.get_torrents() == []
    else:
        until(lambda: client.get_torrents()[0].status in left, f"the torrent to be {left}")


def test_the_clients_torrents_are_an_input(
    engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "listed", {"a.mkv": 5000, "b.nfo": 10})
    client.add_torrent(file.read_bytes(), paused=True, download_dir="/tmp/somewhere")
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}
    until(lambda: client.get_torrents()[0].status == "stopped", "the check to end")
    made = engine(json.dumps({"tasks": {"a": {"from_transmission": where}}}))
    (entry,) = made.run().all_entries
    assert entry["title"] == "listed"
    assert entry["torrent_info_hash"] == info_hash.upper()
    assert entry["content_size"] == 5010
    assert entry["content_files"] == ["listed/a.mkv", "listed/b.nfo"]
    assert entry["location"] == "/tmp/somewhere/listed"
    assert (entry["transmission_status"], entry["transmission_progress"]) == ("stopped", 0.0)
    made.configure(json.dumps({"tasks": {"a": {"from_transmission": {**where, "only_complete": True}}}}))
    assert made.run().all_entries == []


def test_what_is_done_is_taken_out(engine: Make, port: int, client: transmission_rpc.Client, tmp_path: Path) -> None:
    content = b"x" * 20000
    file, _ = make_torrent(tmp_path, "done.bin", {"done.bin": len(content)}, content=content)
    half, _ = make_torrent(tmp_path, "half.bin", {"half.bin": 20000})
    (tmp_path / "done.bin").write_bytes(content)
    for path in (file, half):
        client.add_torrent(path.read_bytes(), paused=False, download_dir=str(tmp_path))
    until(lambda: any(torrent.progress == 100 for torrent in client.get_torrents()), "the check to end")
    where = {"host": "127.0.0.1", "port": port, "username": "me", "password": "secret"}

    def clean(**options: Any) -> list[str]:
        made = engine(json.dumps({"tasks": {"a": {"mock": [], "clean_transmission": {**where, **options}}}}))
        assert not made.run().aborted
        return sorted(torrent.name for torrent in client.get_torrents())

    assert clean(min_ratio=2) == ["done.bin", "half.bin"]
    assert clean(preserve_tracker="127") == ["done.bin", "half.bin"]
    assert clean(directories=["^/nowhere"]) == ["done.bin", "half.bin"]
    assert clean(finished_for="0 seconds", tracker="127", directories=[str(tmp_path)]) == ["half.bin"]
    assert (tmp_path / "done.bin").is_file()
