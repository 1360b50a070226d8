"""``flexget-tray`` in a real tray on a virtual display, used with mouse and keyboard."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flexget_tray.health import health
from tests.processes import WEB, Running, is_alive, lock_of, start, wait_for
from tests.tray.x11.desktop import Desktop, desktop

CONFIG = WEB + "tasks: {}\n"
LAUNCHER = (sys.executable, "-m", "flexget_tray", "-c", "CONFIG")


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as seen:
        yield seen


def wait_until_up(launcher: Running) -> None:
    wait_for(lambda: health(launcher.url) is not None, f"the daemon\n{launcher.said}")


def wait_until_down(launcher: Running) -> None:
    wait_for(lambda: lock_of(launcher.config) is None, f"the end of the daemon\n{launcher.said}")


def test_the_daemon_goes_up_and_down_by_the_menu_and_quit_ends_both(screen: Desktop, tmp_path: Path) -> None:
    launcher = start(LAUNCHER, tmp_path / "home", CONFIG, screen.env)
    try:
        wait_until_up(launcher)
        wait_for(lambda: "running at" in screen.icon_name(), "the tooltip")
        screen.choose("Stop daemon")
        wait_until_down(launcher)
        wait_for(lambda: "is stopped" in screen.icon_name(), "the tooltip")
        screen.choose("Start daemon")
        wait_until_up(launcher)
        wait_for(lambda: "running at" in screen.icon_name(), "the tooltip")
        pid = int(str((lock_of(launcher.config) or {})["pid"]))
        screen.choose("Quit")
        assert launcher.process.wait(20) == 0
        assert not is_alive(pid)
    finally:
        launcher.end()


def test_a_left_click_opens_the_page_with_the_sign_in_link(screen: Desktop, tmp_path: Path) -> None:
    opened = tmp_path / "opened.txt"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    launcher = start(LAUNCHER, tmp_path / "home", CONFIG, {**screen.env, "BROWSER": str(browser)})
    try:
        wait_for(lambda: "running at" in screen.icon_name(), "the tooltip")
        screen.click_icon(1)
        wait_for(opened.is_file, "the browser")
        assert opened.read_text().startswith(f"{launcher.url}/signin/?code=")
    finally:
        launcher.end()


def test_a_signal_takes_icon_and_daemon_away(screen: Desktop, tmp_path: Path) -> None:
    launcher = start(LAUNCHER, tmp_path / "home", CONFIG, screen.env)
    wait_until_up(launcher)
    assert launcher.end() == 0
    assert lock_of(launcher.config) is None


def test_a_start_that_fails_is_told_and_the_icon_stays(screen: Desktop, tmp_path: Path) -> None:
    launcher = start(LAUNCHER, tmp_path / "home", "tasks: [\n", screen.env)
    try:
        launcher.find("FlexGet did not start")
        assert "bracket is never closed" in launcher.said
        wait_for(lambda: "exit status 2" in screen.icon_name(), "the tooltip")
        launcher.config.write_text(CONFIG)
        screen.choose("Start daemon")
        wait_until_up(launcher)
    finally:
        launcher.end()


def test_a_display_without_tray_is_said_and_the_daemon_runs_in_the_foreground(tmp_path: Path) -> None:
    with desktop(tmp_path, tray=False) as screen:
        launcher = start(LAUNCHER, tmp_path / "home", CONFIG, screen.env)
        try:
            launcher.find("this desktop has no tray")
            launcher.find("FlexGet is running at")
        finally:
            assert launcher.end() == 0
