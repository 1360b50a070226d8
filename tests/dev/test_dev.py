"""The task file: what it does without installing anything."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import ModuleType

import pytest

from tests.processes import ROOT


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "dev.py"), "--help"]
    assert "dev.py test" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_a_part_lacks_is_listed_with_the_way_to_get_it(dev: ModuleType) -> None:
    text = dev.left_out_text({"ui": [dev.Need("a Chromium browser", lambda: False, ("chromium",))]})
    assert "LEFT OUT" in text
    assert "ui: a Chromium browser" in text
    assert "sudo apt install chromium" in text


@pytest.mark.parametrize(("ci", "status"), [(None, 0), ("1", 1)])
def test_a_part_left_out_is_a_failure_only_in_ci(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str | None, status: int
) -> None:
    monkeypatch.delenv("CI", raising=False)
    if ci:
        monkeypatch.setenv("CI", ci)
    lacking = dev.Part("ui", ("tests/ui",), (dev.Need("a thing that is nowhere", lambda: False),))
    monkeypatch.setattr(dev, "PARTS", (lacking,))
    assert dev.test([]) == status
    assert "a thing that is nowhere" in capsys.readouterr().err


def test_an_unknown_part_is_refused(dev: ModuleType) -> None:
    with pytest.raises(dev.TaskError, match="no such part: nothing"):
        dev.test(["nothing"])


def test_every_test_folder_that_needs_the_system_is_left_to_its_own_part(dev: ModuleType) -> None:
    unit = next(part for part in dev.PARTS if part.name == "unit")
    paths = (path for part in dev.PARTS if part.name != "unit" for path in part.paths)
    others = {path for path in paths if not path.startswith("--")}
    assert {f"--ignore={path}" for path in others} <= set(unit.paths)


def test_a_change_of_the_dependencies_installs_anew(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "pyproject.toml"
    monkeypatch.setattr(dev, "INPUTS", (file,))
    file.write_text("a")
    before = dev.fingerprint()
    assert dev.fingerprint() == before
    file.write_text("b")
    assert dev.fingerprint() != before


def test_the_constraints_are_exact_and_name_no_index() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.!+]+", line)] == []


def test_the_lock_file_of_the_page_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "static" / "package-lock.json").read_text()


def test_the_example_is_copied_once_and_keeps_what_the_user_changed(dev: ModuleType, tmp_path: Path) -> None:
    config = dev.make_sample(tmp_path, 5050)
    text = config.read_text()
    assert "@" not in text + (tmp_path / "public" / "feed.xml").read_text()
    config.write_text(text + "# mine\n")
    (tmp_path / "public" / "feed.xml").unlink()
    dev.make_sample(tmp_path, 5050)
    assert config.read_text().endswith("# mine\n")
    assert dev.FEED.search(config.read_text())[0] in (tmp_path / "public" / "feed.xml").read_text()


def test_the_feed_of_the_example_is_served_where_its_config_says(dev: ModuleType, tmp_path: Path) -> None:
    config = dev.make_sample(tmp_path, 0)
    with dev.feed_server(config):
        feed = urllib.request.urlopen(dev.FEED.search(config.read_text())[0] + "/feed.xml").read().decode()
        for address in re.findall(r'enclosure url="([^"]+)"', feed):
            assert urllib.request.urlopen(address).status == 200
