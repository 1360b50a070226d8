"""Filters and changes of downloaded torrents, and ``exists_movie``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bencode2
import pytest

from server.parsing.torrent import Torrent
from tests.engine.test_task_flow import plugin
from tests.support import Engine, titles

USUAL = {b"announce", b"announce-list", b"info"}
TRACKERS = ["http://one.example/announce", "http://two.example/announce"]


@pytest.fixture
def torrent_task(engine, tmp_path: Path) -> Callable[..., tuple[Engine, Path]]:
    """``make(config, **info)``: an engine whose task has one accepted entry with a torrent of that info."""

    def make(config: str, **info: object) -> tuple[Engine, Path]:
        content = {
            b"announce": TRACKERS[0].encode(),
            b"announce-list": [[tracker.encode()] for tracker in TRACKERS],
            b"libtorrent_resume": {b"a": 1},
            b"rtorrent": {b"b": 1},
            b"nodes": [[b"host", 1]],
            b"x-site": b"mark",
            b"info": {b"name": b"a", b"length": 3, b"piece length": 16384, b"pieces": b"x" * 20, b"x_cross": b"1"}
            | {name.encode(): value for name, value in info.items()},
        }
        path = tmp_path / "a.torrent"
        path.write_bytes(bencode2.bencode(content))
        body = f"""
        @priority(254)
        def on_task_modify(self, task, config):
            from server.parsing.torrent import Torrent
            from pathlib import Path
            task.entries[0]['torrent'] = Torrent.read(Path({str(path)!r}).read_bytes())
        """
        plugin(tmp_path, "fetched", body)
        magnet = "magnet:?xt=urn:btih:abc&tr=http%3A%2F%2Fone.example"
        head = f"tasks: {{a: {{mock: [{{title: One}}, {{title: Two, url: '{magnet}'}}],"
        return engine(f"{head} accept_all: yes, fetched: yes, {config}}}}}"), path

    return make


def changed(made: Engine) -> tuple[Torrent, str]:
    """The torrent, and the magnet of the other entry, after a run."""
    one, two = made.run().all_entries
    return one["torrent"], two["url"]


def test_trackers_are_added_to_torrents_and_magnets(torrent_task) -> None:
    made, _ = torrent_task(f"add_trackers: ['{TRACKERS[1]}', 'udp://new.example:1']")
    torrent, magnet = changed(made)
    assert torrent.trackers == [*TRACKERS, "udp://new.example:1"]
    assert torrent.modified
    assert magnet.endswith("&tr=http%3A%2F%2Ftwo.example%2Fannounce&tr=udp%3A%2F%2Fnew.example%3A1")


def test_private_torrents_get_no_trackers(torrent_task) -> None:
    torrent, _ = changed(torrent_task("add_trackers: ['udp://new.example:1']", private=1)[0])
    assert torrent.trackers == TRACKERS


def test_trackers_are_removed_by_pattern(torrent_task) -> None:
    torrent, magnet = changed(torrent_task("remove_trackers: [ONE]")[0])
    assert torrent.content[b"announce-list"] == [[TRACKERS[1].encode()]]
    assert magnet == "magnet:?xt=urn:btih:abc"


def test_text_of_trackers_is_replaced_and_is_no_pattern(torrent_task) -> None:
    changes = "[{s: {from: 'one.e', to: 'o+e.e'}}, {t: {from: 't.o', to: x}}]"
    torrent, _ = changed(torrent_task(f"modify_trackers: {changes}")[0])
    assert torrent.content[b"announce-list"] == [[TRACKERS[1].encode()], [b"http://o+e.example/announce"]]


@pytest.mark.parametrize(("wanted", "private", "accepted"), [("yes", 1, True), ("yes", 0, False), ("no", 1, False)])
def test_torrents_are_rejected_for_being_private_or_public(torrent_task, wanted: str, private: int, accepted) -> None:
    task = torrent_task(f"private_torrents: {wanted}", private=private)[0].run()
    assert ("One" in titles(task.accepted)) is accepted
    assert "Two" in titles(task.accepted)


@pytest.mark.parametrize(
    ("config", "kept", "same_hash"),
    [
        ("on", USUAL, True),
        ("all", USUAL, False),
        ("resume", USUAL | {b"x-site", b"nodes", b"rtorrent"}, True),
        ("rtorrent", USUAL | {b"x-site", b"nodes"}, True),
        (
            "[x-site, info.x_cross]",
            USUAL | {b"libtorrent_resume", b"nodes", b"rtorrent"},
            False,
        ),
        ("off", USUAL | {b"libtorrent_resume", b"x-site", b"nodes", b"rtorrent"}, True),
    ],
)
def test_torrents_are_cleaned(torrent_task, config: str, kept: set[bytes], same_hash: bool) -> None:
    made, path = torrent_task(f"torrent_scrub: {config}")
    before = Torrent.read(path.read_bytes()).info_hash
    torrent, _ = changed(made)
    assert set(torrent.content) == kept
    assert (Torrent.read(torrent.encode()).info_hash == before) is same_hash


@pytest.fixture
def movies(tmp_path: Path) -> Path:
    """A folder with movies as folders and as files."""
    for name in ("Some Movie (2010) 1080p", "sub/Deep Film 2015", "By Id tt0133093", "1080p"):
        (tmp_path / "movies" / name).mkdir(parents=True)
    (tmp_path / "movies" / "A.File.2013.mkv").touch()
    return tmp_path / "movies"


@pytest.mark.parametrize(
    ("options", "rejected"),
    [
        ("", ["Some Movie 2010 720p", "Some Movie 2010 2160p"]),
        ("recursive: yes", ["Some Movie 2010 720p", "Some Movie 2010 2160p", "Deep Film 2015"]),
        ("type: files", ["A.File.2013"]),
        ("allow_different_qualities: yes", []),
        ("allow_different_qualities: better", ["Some Movie 2010 720p"]),
        ("lookup: imdb", ["Other"]),
    ],
)
def test_movies_that_are_on_disk_are_rejected(engine, movies: Path, options: str, rejected: list[str]) -> None:
    names = ["Some Movie 2010 720p", "Some Movie 2010 2160p", "Some Movie 2011", "A.File.2013", "Deep Film 2015"]
    mock = [{"title": name} for name in names] + [{"title": "Other", "imdb_id": "tt0133093"}]
    config = f"exists_movie: {{path: '{movies}', {options}}}"
    task = engine(f"tasks: {{a: {{mock: {mock}, accept_all: yes, {config}}}}}").run()
    assert titles(task.rejected) == rejected
    if "lookup" not in options:
        assert (task.all_entries[0]["movie_name"], task.all_entries[0]["movie_year"]) == ("Some Movie", 2010)


def test_a_folder_that_names_no_movie_is_none_and_links_may_lead_in_circles(engine, movies: Path) -> None:
    for name in ("a", "b", "c"):
        (movies / "sub" / name).symlink_to(movies, target_is_directory=True)
    mock = [{"title": "720p"}, {"title": "Deep Film 2015"}, {"title": "A.File.2013.mkv"}]
    config = f"exists_movie: {{path: '{movies}', recursive: yes}}, exists: '{movies}'"
    task = engine(f"tasks: {{a: {{mock: {mock}, accept_all: yes, {config}}}}}").run()
    assert titles(task.rejected) == ["Deep Film 2015", "A.File.2013.mkv"]
