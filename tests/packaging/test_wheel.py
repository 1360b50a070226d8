"""What people install by pip."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.processes import ROOT


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The files of the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_holds_the_built_page_ready_compressed(names: list[str]) -> None:
    assert "server/_static/index.html" in names
    assert any(name.startswith("server/_static/assets/") and name.endswith(".js.br") for name in names)
    assert "server/_static/swagger/swagger-ui-bundle.js" in names


def test_the_wheel_holds_the_icons(names: list[str]) -> None:
    assert "flexget_tray/_icons/png/running-64.png" in names


def test_the_wheel_has_both_commands_and_no_sources_of_the_page(names: list[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in names)
    assert not [name for name in names if "node_modules" in name or name.endswith((".ts", ".tsx"))]
    assert {Path(name).parts[0] for name in names if ".dist-info" not in name} == {"server", "flexget_tray"}
