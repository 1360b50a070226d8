"""The frozen executable, with an empty environment and far from the sources."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from flexget_tray.health import health
from tests.processes import ROOT, WEB, Running, lock_of, start, wait_for
from tests.tray.x11.desktop import desktop

CONFIG = (
    WEB
    + """
tasks:
  films:
    mock: [{title: Sintel, url: "http://127.0.0.1:9/a"}]
    accept_all: yes
"""
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The executable in its folder, as ``dev.py package`` builds it."""
    folder = tmp_path_factory.mktemp("frozen")
    options = ["--noconfirm", "--log-level=ERROR", f"--distpath={folder}", f"--workpath={folder / 'build'}"]
    spec = str(ROOT / "packaging" / "flexget-tray.spec")
    subprocess.run([sys.executable, "-m", "PyInstaller", *options, spec], cwd=ROOT, check=True, timeout=600)
    return folder / "flexget-tray" / "flexget-tray"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing in it that could help."""
    return {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8"}


def say(program: Path, bare: dict[str, str], cwd: Path, *words: str) -> str:
    done = subprocess.run([program, *words], env=bare, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(program: Path, bare: dict[str, str], tmp_path: Path, *words: str) -> Running:
    return start((program, *words), tmp_path / "home", CONFIG, bare, cwd=tmp_path)


def wait_until_up(running: Running) -> None:
    wait_for(lambda: health(running.url) is not None, f"the daemon\n{running.said}")


def test_it_is_the_launcher_and_the_command_line(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    assert "tray" in say(program, bare, tmp_path, "--help")
    assert "execute" in say(program, bare, tmp_path, "flexget", "--help")


def test_the_daemon_serves_remembers_ends_and_starts_again(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    words = ("-c", "CONFIG", "daemon", "start")
    daemon = run(program, bare, tmp_path, *words)
    wait_until_up(daemon)
    assert b'id="app"' in urllib.request.urlopen(f"{daemon.url}/").read()
    assert urllib.request.urlopen(f"{daemon.url}/favicon.svg").status == 200
    say(program, bare, tmp_path, "flexget", "-c", str(daemon.config), "execute", "--tasks", "films")
    assert daemon.end() == 0
    again = run(program, bare, tmp_path, *words)
    wait_until_up(again)
    assert "Sintel" in say(program, bare, tmp_path, "flexget", "-c", str(again.config), "history")
    assert again.end() == 0


def test_the_launcher_brings_the_daemon_up_and_takes_it_down(
    program: Path, bare: dict[str, str], tmp_path: Path
) -> None:
    launcher = run(program, bare, tmp_path, "--no-tray", "-c", "CONFIG")
    launcher.find("FlexGet is running at")
    wait_until_up(launcher)
    assert launcher.end() == 0
    assert lock_of(launcher.config) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the virtual display is X11")
def test_its_tray_icon_starts_and_stops_the_daemon(program: Path, bare: dict[str, str], tmp_path: Path) -> None:
    with desktop(tmp_path) as screen:
        shown = {**bare, "DISPLAY": screen.env["DISPLAY"]}
        launcher = run(program, shown, tmp_path, "-c", "CONFIG")
        wait_until_up(launcher)
        wait_for(lambda: "running at" in screen.icon_name(), "the tooltip")
        screen.choose("Stop daemon")
        wait_for(lambda: lock_of(launcher.config) is None, "the end of the daemon")
        wait_for(lambda: "is stopped" in screen.icon_name(), "the tooltip")
        screen.choose("Start daemon")
        wait_until_up(launcher)
        assert launcher.end() == 0
        assert lock_of(launcher.config) is None
