"""``path_by_space``."""

from __future__ import annotations

from collections import namedtuple

import pytest

from server.engine.errors import PluginError
from server.plugins.modify.path_by_space import Space, choose

GB = 1000**3
SMALL = Space("/small", free=80 * GB, used=20 * GB, total=100 * GB)
LARGE = Space("/large", free=300 * GB, used=700 * GB, total=1000 * GB)
OTHER = Space("/other", free=290 * GB, used=710 * GB, total=1000 * GB)


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        ("most_free", "/large"),
        ("most_used", "/other"),
        ("most_free_percent", "/small"),
        ("most_used_percent", "/other"),
    ],
)
def test_the_disk_is_chosen_by_its_room(select: str, wanted: str) -> None:
    assert choose([SMALL, LARGE, OTHER], select).path == wanted


@pytest.mark.parametrize(
    ("select", "within", "wanted"),
    [
        ("most_free", "5 GB", {"/large"}),
        ("most_free", "10 GB", {"/large", "/other"}),
        ("most_free", "1%", {"/large", "/other"}),
        ("most_free", "0.5 %", {"/large"}),
        ("most_free_percent", "60%", {"/small", "/large", "/other"}),
        ("most_free_percent", "10%", {"/small"}),
        ("most_used_percent", "10 GB", {"/large", "/other"}),
    ],
)
def test_one_of_those_that_are_near_enough_is_drawn(select: str, within: str, wanted: set[str]) -> None:
    assert {choose([SMALL, LARGE, OTHER], select, within).path for _ in range(200)} == wanted


def test_nonsense_is_an_error() -> None:
    with pytest.raises(PluginError, match="neither a size nor a percentage"):
        choose([SMALL], "most_free", "much")


def test_entries_get_the_path_and_folders_that_are_not_there_do_not_count(engine, tmp_path, monkeypatch) -> None:
    usage = namedtuple("usage", "total used free")
    there = {str(tmp_path / "a"): usage(100, 60, 40), str(tmp_path / "b"): usage(100, 30, 70)}

    def disk_usage(path):
        if str(path) not in there:
            raise FileNotFoundError(2, "No such file or directory")
        return there[str(path)]

    monkeypatch.setattr("server.plugins.modify.path_by_space.shutil.disk_usage", disk_usage)
    space = (
        f"path_by_space: {{select: most_free, to_field: place, paths: [{tmp_path}/gone, {tmp_path}/a, {tmp_path}/b]}}"
    )
    entry = engine(f"tasks: {{t: {{mock: [{{title: x}}], {space}}}}}").run().entries[0]
    assert entry["place"] == f"{tmp_path}/b"


def test_without_any_folder_the_task_ends(engine, tmp_path) -> None:
    task = engine(
        f"tasks: {{t: {{mock: [{{title: x}}], path_by_space: {{select: most_free, paths: {tmp_path}/gone}}}}}}"
    ).run()
    assert task.aborted and "none of the folders" in task.abort_reason
