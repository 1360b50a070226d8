"""Torrents: reading them, their fields, magnets."""

from __future__ import annotations

import pytest

from server.parsing.torrent import (
    Torrent,
    TorrentError,
    hash_of_magnet,
    magnet_with_trackers,
    name_of_magnet,
)

MULTI = (
    b"d8:announce8:http://a4:infod5:filesld6:lengthi600e4:pathl9:video.mkveed6:lengthi20e4:pathl3:Sub5:a.srteee"
    b"4:name4:Pack12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"
)
HASH = "0123456789ABCDEF0123456789ABCDEF01234567"


def test_a_torrent_tells_its_files_size_and_hash() -> None:
    torrent = Torrent.read(MULTI)
    assert [file.path for file in torrent.files] == ["video.mkv", "Sub/a.srt"]
    assert (torrent.name, torrent.size, torrent.private) == ("Pack", 620, False)
    assert len(torrent.info_hash) == 40 and torrent.info_hash == torrent.info_hash.upper()


def test_changed_trackers_leave_the_hash_alone() -> None:
    torrent = Torrent.read(MULTI)
    before = torrent.info_hash
    torrent.add_tracker("udp://b:80")
    torrent.change_trackers(lambda tracker: None if tracker == "http://a" else tracker)
    again = Torrent.read(torrent.encode())
    assert (again.content[b"announce-list"], again.info_hash) == ([[b"udp://b:80"]], before)


def test_a_torrent_without_a_list_of_trackers_loses_its_only_one() -> None:
    torrent = Torrent.read(MULTI)
    torrent.change_trackers(lambda tracker: None)
    assert torrent.trackers == [] and torrent.modified


def test_a_changed_only_tracker_goes_into_the_list_that_clients_prefer() -> None:
    torrent = Torrent.read(MULTI)
    torrent.change_trackers(lambda tracker: tracker.replace("http:", "https:"))
    assert torrent.content[b"announce-list"] == [[b"https://a"]]


@pytest.mark.parametrize("raw", [b"", b"hello", b"d4:infoe", b"d1:ai5ee", b"d4:infod3:abci1eee", MULTI[:-5]])
def test_what_is_no_torrent_is_said(raw: bytes) -> None:
    with pytest.raises(TorrentError):
        Torrent.read(raw)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"magnet:?xt=urn:btih:{HASH.lower()}&dn=x", HASH),
        ("magnet:?dn=x&xt=urn:btih:AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH", HASH),
        ("magnet:?xt=urn:btih:tooshort", None),
        ("http://x/1", None),
    ],
)
def test_the_hash_of_a_magnet(url: str, expected: str | None) -> None:
    assert hash_of_magnet(url) == expected


def test_name_and_trackers_of_a_magnet() -> None:
    url = "magnet:?xt=urn:btih:aa&dn=Some+Name&tr=udp%3A%2F%2Fa"
    assert name_of_magnet(url) == "Some Name"
    assert magnet_with_trackers(url, ["udp://a", "udp://b"]) == f"{url}&tr=udp%3A%2F%2Fb"


def test_a_downloaded_torrent_fills_the_entry(engine, web, tmp_path) -> None:
    url = web.put("/get?id=1", MULTI, "application/octet-stream")
    config = f"tasks: {{t: {{mock: [{{title: A, url: '{url}', filename: pack}}], accept_all: yes, download: out}}}}"
    (entry,) = engine(config).run().entries
    assert entry["torrent_info_hash"] == Torrent.read(MULTI).info_hash
    assert (entry["content_size"], entry["content_files"]) == (620, ["video.mkv", "Sub/a.srt"])
    assert entry["location"] == str(tmp_path / "out" / "pack.bin.torrent")


def test_a_magnet_gives_its_hash(engine) -> None:
    magnet = f"magnet:?xt=urn:btih:{HASH.lower()}"
    entries = f"{{title: A, url: '{magnet}'}}, {{title: B, url: 'http://x', urls: ['{magnet}']}}"
    one, two = engine(f"tasks: {{t: {{mock: [{entries}]}}}}").run().entries
    assert one["torrent_info_hash"] == two["torrent_info_hash"] == HASH


@pytest.mark.parametrize(
    "info",
    [
        b"5:filesi1e4:name1:a",
        b"5:filesli1ee4:name1:a",
        b"5:filesld4:pathi1eee4:name1:a",
        b"5:filesld4:attri1e4:pathl1:aeee4:name1:a",
        b"6:lengthi1e4:namei1e",
    ],
)
def test_a_torrent_whose_files_make_no_sense_is_none(info: bytes) -> None:
    with pytest.raises(TorrentError):
        Torrent.read(b"d4:infod" + info + b"ee")


def test_trackers_that_make_no_sense_are_none() -> None:
    torrent = Torrent.read(b"d13:announce-listi1e4:infod6:lengthi1e4:name1:aee")
    assert torrent.trackers == []
    torrent.add_tracker("udp://b:80")
    assert torrent.trackers == ["udp://b:80"]
