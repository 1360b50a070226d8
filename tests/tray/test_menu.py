"""What the launcher's menu offers in each state, and what it tells."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from flexget_tray.daemon import Daemon, DaemonError
from flexget_tray.launcher import Launcher
from flexget_tray.pictures import picture
from flexget_tray.state import State, Status

URL = "http://127.0.0.1:5050"


@pytest.fixture
def launcher(tmp_path: Path) -> Launcher:
    return Launcher(Daemon(tmp_path / "config.yml"))


def lines(launcher: Launcher, status: Status) -> dict[str, bool]:
    """Label -> whether it can be chosen."""
    launcher.status = status
    return {item.label: item.enabled and item.act is not None for item in launcher.menu() if item.label}


def test_a_stopped_daemon_can_be_started(launcher: Launcher) -> None:
    menu = lines(launcher, Status(State.STOPPED))
    assert menu["Start daemon"]
    assert not menu["Restart"]
    assert "Stop daemon" not in menu


def test_a_running_daemon_can_be_stopped_and_the_menu_tells_where_it_serves(launcher: Launcher) -> None:
    menu = lines(launcher, Status(State.RUNNING, URL, 42))
    assert menu["Stop daemon"]
    assert menu["Restart"]
    assert menu[f"FlexGet is running at {URL}"] is False


@pytest.mark.parametrize("state", [State.STARTING, State.STOPPING])
def test_nothing_can_be_started_or_stopped_in_between(launcher: Launcher, state: State) -> None:
    menu = lines(launcher, Status(state))
    assert not any(menu.get(label) for label in ("Start daemon", "Stop daemon", "Restart", "Open"))
    assert menu["Quit"]


def test_after_a_failed_start_the_menu_says_so_and_lets_one_try_again(launcher: Launcher) -> None:
    menu = lines(launcher, Status(State.ERROR, detail="the daemon ended with exit status 2"))
    assert menu["Start daemon"]
    assert "FlexGet: the daemon ended with exit status 2" in menu


def test_a_daemon_that_lives_but_does_not_answer_can_be_stopped(launcher: Launcher) -> None:
    assert lines(launcher, Status(State.ERROR, URL, 42, detail="process 42 does not answer"))["Stop daemon"]


def test_open_is_the_default_action(launcher: Launcher) -> None:
    assert [item.label for item in launcher.menu() if item.default] == ["Open"]


def test_quit_leaves_the_loop_and_is_remembered_for_one_that_only_begins(launcher: Launcher) -> None:
    left: list[bool] = []
    launcher.leave = lambda: left.append(True)
    launcher.quit()
    assert left
    assert launcher.leaving.is_set()


def test_why_a_start_failed_is_told(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    told: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    launcher.told = lambda title, message: told.put((title, message))

    def fail() -> None:
        raise DaemonError("the daemon ended with exit status 2\nconfig.yml:3: no such plugin")

    monkeypatch.setattr(launcher.daemon, "start", fail)
    launcher.begin(start=True)
    try:
        title, message = told.get(timeout=10)
        assert title == "FlexGet did not start"
        assert "no such plugin" in message
    finally:
        launcher.end()


def test_a_desktop_that_fails_once_does_not_end_the_menu(launcher: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    called: queue.SimpleQueue[str] = queue.SimpleQueue()

    def fail(*words: object) -> None:
        called.put("failed")
        raise RuntimeError("the notification service is gone")

    monkeypatch.setattr(launcher.daemon, "start", fail)
    monkeypatch.setattr(launcher.daemon, "stop", lambda: called.put("stopped"))
    monkeypatch.setattr(launcher, "shown", fail)
    launcher.begin(start=True)
    try:
        assert {called.get(timeout=10), called.get(timeout=10)} == {"failed"}
        launcher.stop()
        assert called.get(timeout=10) == "stopped"
        launcher.shown = lambda status: called.put(status.state)
        monkeypatch.setattr(launcher._watcher, "_look", lambda: Status(State.RUNNING))
        launcher._watcher.nudge()
        assert called.get(timeout=10) == State.RUNNING
    finally:
        launcher.end()


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_picture(state: State) -> None:
    assert picture(state.icon).size == (64, 64)
