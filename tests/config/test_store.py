"""The config file on disk: written whole or not at all, never over somebody else's change, with its past kept."""

import os
import stat
from pathlib import Path

import pytest

from server.config.atomic import write_atomically
from server.config.document import load
from server.config.errors import ConfigConflict, ConfigError, UnknownVersion
from server.config.store import KEPT_VERSIONS, ConfigStore


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yml"
    path.write_bytes(b"tasks: {}\n")
    return path


def test_a_written_text_is_on_disk_to_the_byte_and_current(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks:\r\n  ü: {}\r\n", expected_hash=store.current.hash)
    assert file.read_bytes() == "tasks:\r\n  ü: {}\r\n".encode()
    assert store.current.data == {"tasks": {"ü": {}}}


def test_a_change_by_somebody_else_is_a_conflict_and_stays(file: Path) -> None:
    store = ConfigStore(file)
    file.write_text("tasks: {theirs: {}}\n")
    with pytest.raises(ConfigConflict) as caught:
        store.write("tasks: {ours: {}}\n", expected_hash=store.current.hash)
    assert "theirs" in file.read_text()
    assert caught.value.current_hash == ConfigStore(file).current.hash


def test_broken_yaml_is_not_written(file: Path) -> None:
    store = ConfigStore(file)
    with pytest.raises(ConfigError):
        store.write("tasks: [\n")
    assert file.read_text() == "tasks: {}\n"
    assert store.versions() == []


def test_a_broken_file_leaves_the_current_text_in_force(file: Path) -> None:
    store = ConfigStore(file)
    file.write_text("tasks: [\n")
    assert store.current.data == {"tasks": {}}
    assert store.changed_on_disk() == [file]


def test_what_was_written_after_the_text_was_read_is_a_change(file: Path) -> None:
    store = ConfigStore(file)
    other = file.parent / "variables.yml"
    other.write_text("a: 1\n")
    file.write_text("tasks: {half: {}}\n")
    read, variables = load(file), load(other)
    file.write_text("tasks: {half: {}, whole: {}}\n")
    other.write_text("a: 12\n")
    store.take(read)
    store.watch([other], {other: variables.hash})
    assert store.changed_on_disk() == [file, other]


@pytest.mark.skipif(os.name == "nt", reason="modes and links are POSIX")
def test_the_mode_stays_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "config.yml").write_text("a: 1\n")
    (real / "config.yml").chmod(0o640)
    link = tmp_path / "config.yml"
    link.symlink_to(real / "config.yml")
    ConfigStore(link).write("a: 2\n")
    assert link.is_symlink()
    assert (real / "config.yml").read_text() == "a: 2\n"
    assert stat.S_IMODE((real / "config.yml").stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX")
def test_versions_are_private_and_the_folder_holds_no_leftovers(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks: {a: {}}\n")
    folder = store.versions_folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert sorted(path.name for path in file.parent.iterdir()) == [".config-versions", "config.yml"]


def test_the_last_twenty_texts_are_kept_newest_first(file: Path) -> None:
    store = ConfigStore(file)
    for number in range(30):
        store.write(f"tasks: {{t{number}: {{}}}}\n")
    versions = store.versions()
    assert len(versions) == KEPT_VERSIONS
    assert store.read_version(versions[0].id) == "tasks: {t29: {}}\n"
    assert store.read_version(versions[-1].id) == "tasks: {t10: {}}\n"


def test_the_text_before_the_first_write_is_kept_too(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks: {new: {}}\n")
    assert [store.read_version(version.id) for version in store.versions()] == ["tasks: {new: {}}\n", "tasks: {}\n"]


def test_a_version_can_be_compared_and_restored(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks: {new: {}}\n")
    old = store.versions()[1]
    assert "-tasks: {}\n+tasks: {new: {}}\n" in store.diff(old.id)
    store.restore(old.id)
    assert file.read_text() == "tasks: {}\n"
    assert store.diff(old.id) == ""
    with pytest.raises(ConfigError, match="no version"):
        store.read_version("../../etc/passwd")


def test_changes_on_disk_are_noticed_in_the_whole_closure(file: Path) -> None:
    store = ConfigStore(file)
    other = file.parent / "variables.yml"
    store.watch([other])
    assert store.changed_on_disk() == []
    other.write_text("a: 1\n")
    assert store.changed_on_disk() == [other]
    store.watch([other])
    assert store.changed_on_disk() == []
    file.write_text("tasks: {x: {}}\n")
    assert store.changed_on_disk() == [file]


def test_touching_a_file_is_no_change(file: Path) -> None:
    store = ConfigStore(file)
    os.utime(file, (1, 1))
    assert store.changed_on_disk() == []


def test_our_own_write_is_no_change(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks: {x: {}}\n")
    assert store.changed_on_disk() == []


def test_a_file_that_cannot_be_written_is_told_with_path_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be written.*writable"):
        write_atomically(tmp_path / "nothing" / "config.yml", b"a: 1\n")


def test_a_folder_in_the_way_is_told_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.yml" / "inside").mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_atomically(tmp_path / "config.yml", b"a: 1\n")
    assert [path.name for path in tmp_path.iterdir()] == ["config.yml"]


def test_nothing_but_versions_is_read_as_one(file: Path) -> None:
    store = ConfigStore(file)
    store.write("tasks: {new: {}}\n")
    for odd in ("../../config", f"../config/{store.versions()[0].id}", "20260101T000000000000-000000000000"):
        with pytest.raises(UnknownVersion, match="There is no version"):
            store.read_version(odd)
