"""Paths of a config that are relative count from the config's folder, wherever the command was started."""

from __future__ import annotations

import pytest

from tests.support import titles


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, tmp_path_factory, monkeypatch) -> None:
    """The folder ``media`` is beside the config; the command was started in another folder, whose owner is at home."""
    (tmp_path / "media" / "Some Movie 2001 720p").mkdir(parents=True)
    (tmp_path / "media" / "Show.S01E01.720p.mkv").write_text("x" * 2_000_000)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize("place", ["media", "~/media", "./media"])
@pytest.mark.parametrize(
    ("title", "plugins"),
    [
        ("Show.S01E01.720p.mkv", "exists: {place}"),
        ("Some Movie 2001 1080p", "exists_movie: {place}"),
        ("Show S01E01 720p", "series: [Show], exists_series: {place}"),
    ],
)
def test_what_is_there_already_is_found(engine, title: str, plugins: str, place: str) -> None:
    mock = f"mock: [{{title: {title!r}, url: 'http://l/1'}}]"
    task = engine(f"tasks: {{t: {{{mock}, accept_all: yes, {plugins.replace('{place}', place)}}}}}").run()
    assert titles(task.rejected) == [title]


@pytest.mark.parametrize("place", ["media", "~/media"])
def test_room_is_told_of_that_folder(engine, tmp_path, place: str) -> None:
    mock = "mock: [{title: a, url: 'http://l/1'}], accept_all: yes"
    options = f"{{path: {place}, space: 1, allotment: 2}}"  # the file takes up nearly all of it
    task = engine(f"tasks: {{t: {{{mock}, free_space: {options}}}}}").run()
    assert str(tmp_path / "media") in task.abort_reason
    task = engine(f"tasks: {{t: {{{mock}, path_by_space: {{paths: [{place}, gone], select: most_free}}}}}}").run()
    assert task.accepted[0]["path"] == place


def test_files_are_written_there(engine, tmp_path) -> None:
    magnet = "magnet:?xt=urn:btih:2a8959bed2be495bb0e3ea96f497d873d5faed05"
    mock = f"mock: [{{title: a, url: '{magnet}'}}], accept_all: yes"
    engine(f"tasks: {{t: {{{mock}, rtorrent_magnet: watch}}}}").run()
    assert [path.name for path in (tmp_path / "watch").iterdir()] == ["meta-a.torrent"]
