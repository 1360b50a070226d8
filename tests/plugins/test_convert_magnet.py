"""``convert_magnet``, with a peer on loopback that has the torrent."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from hashlib import sha1
from pathlib import Path
from typing import Any

import bencode2
import libtorrent
import pytest

from server.parsing.torrent import Torrent
from server.plugins.operations import convert_magnet
from tests.support import Engine, titles

LOOPBACK = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "min_reconnect_time": 1,
    "stop_tracker_timeout": 0,
}
TRACKER = "http://127.0.0.1:9/announce"
NOBODY = "magnet:?xt=urn:btih:0123456789012345678901234567890123456789"

Run = Callable[..., Any]


class Peer:
    """Seeds torrents of one small file each."""

    def __init__(self, folder: Path) -> None:
        self.lib: Any = libtorrent
        self.folder = folder
        self.session = self.lib.session({**LOOPBACK, "alert_mask": self.lib.alert.category_t.status_notification})
        while not self.session.listen_port():
            self.session.wait_for_alert(1000)

    def seed(self, name: str) -> tuple[str, str]:
        """The magnet and the info hash of a new torrent."""
        content = name.encode() * 100
        (self.folder / name).write_bytes(content)
        info = {
            b"name": name.encode(),
            b"piece length": 16384,
            b"length": len(content),
            b"pieces": sha1(content).digest(),
        }
        params = self.lib.add_torrent_params()
        params.ti = self.lib.torrent_info(bencode2.bencode({b"info": info}))
        params.save_path = str(self.folder)
        params.flags |= self.lib.torrent_flags.seed_mode
        handle = self.session.add_torrent(params)
        while handle.status().state != self.lib.torrent_status.seeding:
            self.session.wait_for_alert(100)
            self.session.pop_alerts()
        info_hash = sha1(bencode2.bencode(info)).hexdigest()
        peer = f"127.0.0.1:{self.session.listen_port()}"
        return f"magnet:?xt=urn:btih:{info_hash}&dn=x&tr={TRACKER}&x.pe={peer}", info_hash.upper()


@pytest.fixture
def peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    monkeypatch.setattr(convert_magnet, "SETTINGS", LOOPBACK)
    (tmp_path / "seeds").mkdir()
    found = Peer(tmp_path / "seeds")
    yield found
    del found.session


@pytest.fixture
def run(engine: Callable[[str], Engine]) -> Run:
    """``run(magnets by title, plugins)``: a task that accepts all of them."""

    def made(urls: dict[str, str], test: bool = False, **plugins: Any) -> Any:
        mock = [{"title": title, "url": url} for title, url in urls.items()]
        task = {"mock": mock, "accept_all": True, "disable": ["seen", "seen_info_hash", "retry_failed"], **plugins}
        return engine(json.dumps({"tasks": {"t": task}})).run(test=test)

    return made


def test_magnets_become_torrent_files_that_are_saved(run: Run, peer: Peer, tmp_path: Path) -> None:
    one, one_hash = peer.seed("one.bin")
    two, two_hash = peer.seed("..two.bin")
    task = run(
        {"one": one, "two": two, "web": "http://localhost/a"},
        convert_magnet={"timeout": "60 seconds"},
        torrent_match={"what": []},
    )
    assert titles(task.rejected) == ["one", "two"]
    found = {entry["title"]: entry for entry in task.rejected}
    assert found["one"]["torrent_info_hash"] == one_hash
    assert found["two"]["torrent_info_hash"] == two_hash
    path = tmp_path / "converted" / "one.bin.torrent"
    assert found["one"]["url"] == path.as_uri()
    assert found["one"]["urls"] == [path.as_uri(), one]
    torrent = Torrent.read(path.read_bytes())
    assert (torrent.info_hash, torrent.trackers, torrent.files[0].size) == (one_hash, [TRACKER], 700)
    assert sorted(item.name for item in (tmp_path / "converted").iterdir()) == ["one.bin.torrent", "two.bin.torrent"]


def test_download_saves_the_torrent(run: Run, peer: Peer, tmp_path: Path) -> None:
    magnet, info_hash = peer.seed("one.bin")
    task = run({"one": magnet}, convert_magnet={"timeout": "60 seconds"}, download=str(tmp_path / "watch"))
    assert task.accepted[0]["location"] == str(tmp_path / "watch" / "one.bin.torrent")
    assert Torrent.read((tmp_path / "watch" / "one.bin.torrent").read_bytes()).info_hash == info_hash


def test_without_peers_the_entry_keeps_its_magnet_or_fails(run: Run, peer: Peer) -> None:
    odd = "magnet:?xt=urn:btih:nonsense"
    kept = run({"a": NOBODY, "b": odd}, convert_magnet={"timeout": "1 seconds"})
    assert [entry["url"] for entry in kept.accepted] == [NOBODY, odd]
    task = run({"a": NOBODY, "b": odd}, convert_magnet={"timeout": "1 seconds", "fail_entry_on_error": True})
    first, second = (entry["reason"] for entry in task.failed)
    assert first == "its magnet was not converted: no peer gave the torrent within 1 seconds"
    assert second.startswith("its magnet was not converted: it cannot be used: ")


def test_a_test_run_asks_nobody(run: Run, tmp_path: Path) -> None:
    assert len(run({"a": NOBODY}, test=True, convert_magnet=True).accepted) == 1
    assert not (tmp_path / "converted").exists()


def test_without_the_package_it_is_told_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "libtorrent", None)
    assert "pip install 'flexget-tray[magnet]'" in run({"a": NOBODY}, convert_magnet=True).result.reason
    assert len(run({"a": NOBODY}, convert_magnet=False).accepted) == 1
