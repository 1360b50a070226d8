"""``torrent_match``: torrents whose files are on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bencode2
import pytest

from tests.support import Engine, titles

Match = Callable[..., Any]
Files = list[tuple[str, int]]


def torrent(path: Path, name: str, files: Files | int) -> None:
    """Write a torrent file of one file of that length, or of several."""
    info: dict[bytes, Any] = {b"name": name.encode(), b"piece length": 16384, b"pieces": b"x" * 20}
    if isinstance(files, int):
        info[b"length"] = files
    else:
        info[b"files"] = [{b"length": size, b"path": [part.encode() for part in p.split("/")]} for p, size in files]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(bencode2.bencode({b"announce": b"http://t/a", b"info": info}))


@pytest.fixture
def match(engine: Callable[[str], Engine], tmp_path: Path) -> Match:
    """``match(options, filesystem options)``: a run over all torrents; gives the task."""
    disk = tmp_path / "disk"
    for name, size in {
        "single.mkv": 1000,
        "wrong.mkv": 999,
        "multi/a.mkv": 500,
        "multi/sub/b.srt": 50,
        "multi/extra.nfo": 9,
        "deep/multi2/a.mkv": 5,
        "deep/inner.mkv": 77,
    }.items():
        (disk / name).parent.mkdir(parents=True, exist_ok=True)
        (disk / name).write_bytes(b"\0" * size)
    torrents = tmp_path / "torrents"
    torrent(torrents / "single.torrent", "single.mkv", 1000)
    torrent(torrents / "multi.torrent", "multi", [("a.mkv", 500), ("sub/b.srt", 50)])
    torrent(torrents / "9 percent missing.torrent", "multi", [("a.mkv", 500), ("sub/c.srt", 50)])
    torrent(torrents / "1 percent missing.torrent", "multi", [("a.mkv", 500), ("sub/c.srt", 5)])
    torrent(torrents / "wrong.torrent", "wrong.mkv", 1000)
    torrent(torrents / "none.torrent", "none.mkv", 1000)
    torrent(torrents / "multi2.torrent", "multi2", [("a.mkv", 5)])
    torrent(torrents / "inner.torrent", "inner.mkv", 77)
    torrent(torrents / "renamed.torrent", "renamed", [("a.mkv", 500), ("sub/b.srt", 50)])
    torrent(torrents / "climbing.torrent", "multi", [("../single.mkv", 1000)])

    def run(options: dict[str, Any] | None = None, test: bool = False, **filesystem: Any) -> Any:
        what = [{"filesystem": {"path": str(disk), **filesystem}}]
        task = {
            "filesystem": str(torrents),
            "accept_all": True,
            "disable": ["seen", "seen_info_hash", "content_size"],
            "torrent_match": {"what": what, **(options or {})},
        }
        return engine(json.dumps({"tasks": {"t": task}})).run(test=test)

    return run


@pytest.mark.parametrize(
    ("filesystem", "options", "expected"),
    [
        ({}, {}, ["inner", "multi", "multi2", "single"]),
        ({"recursive": True}, {}, ["inner", "multi", "multi2", "single"]),
        ({"recursive": True, "retrieve": "files"}, {}, ["inner", "single"]),
        ({"retrieve": "dirs"}, {}, ["inner", "multi", "multi2"]),
        ({}, {"max_size_difference": "5%"}, ["1 percent missing", "inner", "multi", "multi2", "single"]),
        (
            {"retrieve": "dirs"},
            {"max_size_difference": "50%"},
            ["1 percent missing", "9 percent missing", "inner", "multi", "multi2"],
        ),
    ],
)
def test_torrents_whose_files_are_there_are_kept(
    match: Match, filesystem: dict[str, Any], options: dict[str, Any], expected: list[str]
) -> None:
    task = match(options, **filesystem)
    assert sorted(titles(task.accepted)) == expected
    assert len(task.rejected) == 10 - len(expected)


def test_their_path_is_the_folder_to_seed_from(match: Match, tmp_path: Path) -> None:
    paths = {entry["title"]: entry["path"] for entry in match().accepted}
    disk = tmp_path / "disk"
    assert paths == {
        "single": str(disk),
        "multi": str(disk),
        "multi2": str(disk / "deep"),
        "inner": str(disk / "deep"),
    }


def test_the_reason_tells_how_much_is_missing(match: Match) -> None:
    reasons = {entry["title"]: entry["reason"] for entry in match().rejected}
    assert reasons["9 percent missing"] == "on disk are 500 of the torrent's 550 bytes; 100.0% of them are needed"


def test_a_test_run_decides_nothing(match: Match) -> None:
    assert len(match(test=True).accepted) == 10


def test_what_is_no_torrent_is_rejected_and_what_cannot_be_had_fails(
    engine: Callable[[str], Engine], tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("no torrent")
    mock = [
        {"title": "text", "url": (tmp_path / "a.txt").as_uri()},
        {"title": "magnet", "url": "magnet:?xt=urn:btih:" + "0" * 40},
        {"title": "gone", "url": (tmp_path / "gone.torrent").as_uri()},
    ]
    what = [{"filesystem": str(tmp_path)}, {"mock": [{"title": "nowhere"}]}]
    task = {"mock": mock, "accept_all": True, "disable": ["retry_failed"], "torrent_match": {"what": what}}
    done = engine(json.dumps({"tasks": {"t": task}})).run()
    assert titles(done.rejected) == ["text", "magnet"]
    assert titles(done.failed) == ["gone"]
