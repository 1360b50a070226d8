"""qBittorrent: the plugins against a real daemon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import qbittorrentapi

from tests.clients.daemons import free_port, listens, make_torrent, running, until
from tests.support import Engine, titles

MAGNET = "magnet:?xt=urn:btih:2a8959bed2be495bb0e3ea96f497d873d5faed05&dn=some.thing.720p"
Make = Callable[[str], Engine]

# PBKDF2 of "adminadmin", as older versions have it from the start.
PASSWORD = (
    "@ByteArray(ARQ77eY1NUZaQsuDHbIMCA==:"
    "0WMRkYTUWVT9wVvdDtHAjU9b3b7uB8NR1Gur2hmQCvCDpm39Q+PsJRJPaCU51dEiz+dTzh8qbPsL8WkFljQYFQ==)"
)
SETTINGS = f"""[LegalNotice]
Accepted=true

[BitTorrent]
Session\\DHTEnabled=false
Session\\LSDEnabled=false
Session\\PeXEnabled=false
Session\\Interface=lo
Session\\InterfaceName=lo

[Preferences]
WebUI\\Address=127.0.0.1
WebUI\\LocalHostAuth=true
WebUI\\Username=admin
WebUI\\Password_PBKDF2="{PASSWORD}"
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("qbittorrent")
    port = free_port()
    settings = home / "qBittorrent" / "config" / "qBittorrent.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS)
    with running(["qbittorrent-nox", f"--profile={home}", f"--webui-port={port}"], home, lambda: listens(port)):
        yield port


@pytest.fixture
def client(port: int) -> Iterator[qbittorrentapi.Client]:
    with qbittorrentapi.Client(host="127.0.0.1", port=port, username="admin", password="adminadmin") as client:
        yield client
        client.torrents_delete(delete_files=True, torrent_hashes="all")
        until(lambda: not client.torrents_info(), "the torrents to be gone")


def config(port: int, entries: Any, **options: Any) -> str:
    where = {"host": "127.0.0.1", "port": port, "username": "admin", "password": "adminadmin"}
    task = {"mock": entries, "accept_all": True, "disable": ["retry_failed"], "qbittorrent": {**where, **options}}
    return json.dumps({"tasks": {"a": task}})


def test_a_torrent_file_is_handed_over_with_its_options(
    engine: Make, port: int, client: qbittorrentapi.Client, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "one.mkv", {"one.mkv": 20000})
    options = {
        "path": str(tmp_path / "tv" / "{{ show }}"),
        "incomplete_path": str(tmp_path / "part"),
        "label": "tv",
        "tags": ["x", "{{ title }}"],
        "maxupspeed": 10,
        "maxdownspeed": 20,
        "ratio_limit": 1.5,
        "seeding_time_limit": "2 hours",
        "add_paused": True,
    }
    entries = [{"title": "One", "url": file.as_uri(), "show": "A"}]
    task = engine(config(port, entries, **options)).run()
    assert titles(task.accepted) == ["One"]
    (torrent,) = client.torrents_info()
    assert torrent.hash == info_hash
    assert torrent.save_path.rstrip("/") == str(tmp_path / "tv" / "A")
    assert torrent.download_path.rstrip("/") == str(tmp_path / "part")
    assert torrent.category == "tv"
    assert sorted(torrent.tags.split(", ")) == ["One", "x"]
    assert (torrent.up_limit, torrent.dl_limit) == (10240, 20480)
    assert (torrent.ratio_limit, torrent.seeding_time_limit) == (1.5, 120)
    until(lambda: client.torrents_info()[0].state_enum.is_paused, "the torrent to be paused")


def test_an_entry_can_set_options_for_itself(engine: Make, port: int, client: qbittorrentapi.Client) -> None:
    entries = [{"title": "One", "url": MAGNET, "label": "own"}]
    engine(config(port, entries, label="all")).run()
    assert client.torrents_info()[0].category == "own"


def test_what_is_there_already_counts_as_handed_over(engine: Make, port: int, client: qbittorrentapi.Client) -> None:
    client.torrents_add(urls=MAGNET, category="kept")
    until(client.torrents_info, "the magnet")
    task = engine(config(port, [{"title": "again", "url": MAGNET}], label="other")).run()
    assert titles(task.accepted) == ["again"]
    assert client.torrents_info()[0].category == "kept"


def test_one_refused_entry_fails_alone_and_is_not_learned(
    engine: Make, port: int, client: qbittorrentapi.Client, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.torrent"
    # A torrent for a quick look, but the client finds no pieces in it.
    bad.write_bytes(b"d4:infod6:lengthi5e4:name3:bad12:piece lengthi16384eee")
    entries = [{"title": "bad", "url": bad.as_uri()}, {"title": "good", "url": MAGNET}]
    made = engine(config(port, entries))
    task = made.run()
    assert (titles(task.failed), titles(task.accepted)) == (["bad"], ["good"])
    assert "not a valid torrent file" in task.failed[0]["reason"]
    assert titles(made.run().failed) == ["bad"]


def test_a_client_that_is_not_there_aborts_the_task(engine: Make) -> None:
    task = engine(config(free_port(), [{"title": "One", "url": MAGNET}])).run()
    assert task.aborted
    assert "qBittorrent at 127.0.0.1" in str(task.abort_reason)


def test_a_wrong_password_is_told(engine: Make, port: int) -> None:
    task = engine(config(port, [{"title": "One", "url": MAGNET}], password="wrong")).run()
    assert "user name and password" in str(task.abort_reason)


def test_a_test_run_hands_nothing_over(engine: Make, port: int, client: qbittorrentapi.Client) -> None:
    engine(config(port, [{"title": "One", "url": MAGNET}])).run(test=True)
    assert client.torrents_info() == []


def test_the_clients_torrents_are_an_input(
    engine: Make, port: int, client: qbittorrentapi.Client, tmp_path: Path
) -> None:
    file, info_hash = make_torrent(tmp_path, "listed.mkv", {"listed.mkv": 20000})
    client.torrents_add(torrent_files=file.read_bytes(), category="tv", tags="a,b", is_paused=True)
    client.torrents_add(urls=MAGNET)
    until(lambda: len(client.torrents_info()) == 2, "the torrents")
    where = {"host": "127.0.0.1", "port": port, "username": "admin", "password": "adminadmin"}
    made = engine(json.dumps({"tasks": {"a": {"from_qbittorrent": {**where, "category": "tv"}}}}))
    (entry,) = made.run().all_entries
    assert (entry["title"], entry["torrent_info_hash"]) == ("listed.mkv", info_hash.upper())
    assert entry["content_size"] == 20000
    assert sorted(entry["torrent_tags"]) == ["a", "b"]
    assert entry["qbittorrent_category"] == "tv"
    assert entry["qbittorrent_added_on"].tzinfo is not None
    made.configure(json.dumps({"tasks": {"a": {"from_qbittorrent": {**where, "completed": True}}}}))
    assert made.run().all_entries == []
