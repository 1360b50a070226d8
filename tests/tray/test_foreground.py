"""``flexget-tray`` where there is no tray: it runs the daemon from the terminal."""

from __future__ import annotations

import os
import signal
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.processes import WEB, Running, is_alive, lock_of, start, wait_for

CONFIG = WEB + "tasks: {}\n"


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """``launch(*options, config=...)`` starts the launcher on a machine without display."""
    made: list[Running] = []

    def make(*options: str, config: str = CONFIG) -> Running:
        env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        made.append(start((sys.executable, "-m", "flexget_tray", "-c", "CONFIG", *options), tmp_path, config, env))
        return made[-1]

    yield make
    for launcher in made:
        launcher.end()


def test_it_says_why_there_is_no_icon_and_where_the_daemon_serves(launch: Callable[..., Running]) -> None:
    launcher = launch()
    url = launcher.find(r"FlexGet is running at (http\S+)")
    assert "No tray icon: there is no display" in launcher.said
    assert urllib.request.urlopen(f"{url}/api/health/").status == 200


def test_it_shows_the_sign_in_link_of_the_first_start(launch: Callable[..., Running]) -> None:
    assert "/signin/?code=" in launch("--no-tray").find(r"Set your password here: (\S+)")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_launcher_and_its_daemon(launch: Callable[..., Running], number: signal.Signals) -> None:
    launcher = launch("--no-tray")
    launcher.find("FlexGet is running")
    lock = lock_of(launcher.config)
    assert lock is not None
    assert launcher.end(number) == 0
    assert lock_of(launcher.config) is None
    assert not is_alive(int(str(lock["pid"])))


def test_a_daemon_that_does_not_start_ends_the_launcher_with_the_reason(launch: Callable[..., Running]) -> None:
    launcher = launch("--no-tray", config="tasks: [\n")
    assert launcher.process.wait(20) == 1
    assert "FlexGet did not start" in launcher.said
    assert "bracket is never closed" in launcher.said


def test_without_start_it_waits_for_a_daemon_that_others_start(launch: Callable[..., Running]) -> None:
    launcher = launch("--no-tray", "--no-start")
    launcher.find("FlexGet is stopped")
    assert lock_of(launcher.config) is None


def test_a_daemon_of_others_outlives_the_launcher(
    launch: Callable[..., Running], make_daemon: Callable[..., Running], tmp_path: Path
) -> None:
    daemon = make_daemon(CONFIG)
    launcher = launch("--no-tray", "--config", str(daemon.config))
    launcher.find(f"running at {daemon.url}")
    assert launcher.end() == 0
    assert daemon.process.poll() is None


def test_a_daemon_outlives_a_launcher_that_was_killed(launch: Callable[..., Running]) -> None:
    launcher = launch("--no-tray")
    url = launcher.find(r"FlexGet is running at (http\S+)")
    launcher.end(signal.SIGKILL)
    assert urllib.request.urlopen(f"{url}/api/health/").status == 200
    lock = lock_of(launcher.config)
    assert lock is not None
    os.kill(int(str(lock["pid"])), signal.SIGTERM)
    wait_for(lambda: lock_of(launcher.config) is None, "the end of the daemon")
