"""The config is looked for where FlexGet looks, and a failure tells where that was."""

import sys
from pathlib import Path

import pytest

from server.config.errors import ConfigError
from server.config.paths import find_config, search_folders

posix = pytest.mark.skipif(sys.platform == "win32", reason="folders of POSIX systems")


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("tasks: {}\n")
    return path


def test_the_working_folder_comes_first(tmp_path: Path) -> None:
    home = put(tmp_path / "home" / ".flexget" / "config.yml")
    env = {"HOME": str(tmp_path / "home")}
    assert sys.platform == "win32" or find_config(working_folder=tmp_path / "w", environment=env) == home
    here = put(tmp_path / "w" / "config.yml")
    assert find_config(working_folder=tmp_path / "w", environment=env) == here


@posix
def test_the_users_folders_follow_with_the_old_one_before_xdg(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    xdg = put(tmp_path / "xdg" / "flexget" / "my.yml")
    assert find_config("my.yml", working_folder=tmp_path / "w", environment=env) == xdg
    old = put(tmp_path / ".flexget" / "my.yml")
    assert find_config("my.yml", working_folder=tmp_path / "w", environment=env) == old


@posix
def test_a_relative_xdg_folder_is_ignored(tmp_path: Path) -> None:
    folders = search_folders(tmp_path, {"HOME": "/home/u", "XDG_CONFIG_HOME": "odd"})
    assert Path("/home/u/.config/flexget") in folders


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    file = put(tmp_path / "sub" / "any.yml")
    assert find_config("sub/any.yml", working_folder=tmp_path, environment={}) == file
    assert find_config(str(file), working_folder=tmp_path / "w", environment={}) == file


def test_a_failure_lists_the_places(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_config(
            "my.yml", working_folder=tmp_path, environment={"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
        )
    assert str(tmp_path / "my.yml") in str(caught.value)
    assert str(tmp_path / ".flexget" / "my.yml") in str(caught.value)
    assert "-c" in str(caught.value)
