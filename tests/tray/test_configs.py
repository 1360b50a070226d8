"""Which config the launcher works for."""

from __future__ import annotations

from pathlib import Path

import pytest

from flexget_tray.configs import candidates, find_config
from server.config.paths import search_folders


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and an empty working folder."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(here)
    return home


def test_the_launcher_looks_where_the_command_line_looks(elsewhere: Path) -> None:
    assert [path.parent for path in candidates()] == search_folders(Path.cwd())


def test_the_working_folder_comes_first(elsewhere: Path) -> None:
    (elsewhere / ".flexget").mkdir()
    (elsewhere / ".flexget" / "config.yml").touch()
    Path("config.yml").touch()
    assert find_config() == Path.cwd() / "config.yml"


def test_a_first_config_is_written_when_there_is_none(elsewhere: Path) -> None:
    path = find_config()
    assert path == elsewhere / ".config" / "flexget" / "config.yml"
    assert "web_server: yes" in path.read_text()
    assert find_config() == path
