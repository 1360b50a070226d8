"""The launcher's control of a real daemon, with no desktop around."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flexget_tray.daemon import Daemon, DaemonError
from flexget_tray.health import health
from flexget_tray.state import State
from tests.processes import WEB, Running, is_alive, lock_of, wait_for

CONFIG = WEB + "tasks: {}\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(CONFIG)
    return path


@pytest.fixture
def daemon(config: Path) -> Iterator[Daemon]:
    controlled = Daemon(config)
    yield controlled
    if controlled.owned:
        controlled.stop()


def test_start_returns_when_the_daemon_serves_and_stop_when_it_is_gone(daemon: Daemon) -> None:
    assert daemon.status().state is State.STOPPED
    daemon.start()
    status = daemon.status()
    assert status.state is State.RUNNING
    assert status.url is not None
    assert status.pid is not None
    assert health(status.url)
    daemon.stop()
    assert daemon.status().state is State.STOPPED
    assert not is_alive(status.pid)


def test_restart_makes_another_process(daemon: Daemon) -> None:
    daemon.start()
    before = daemon.status().pid
    daemon.restart()
    assert daemon.status().state is State.RUNNING
    assert daemon.status().pid != before


def test_the_sign_in_link_of_the_first_start_is_handed_out_once(daemon: Daemon) -> None:
    daemon.start()
    link = wait_for(daemon.take_sign_in_link, "the link")
    assert link.startswith(f"{daemon.status().url}/signin/?code=")
    assert daemon.take_sign_in_link() is None


def test_a_config_that_cannot_be_used_is_explained_with_the_last_words_of_the_daemon(
    daemon: Daemon, config: Path
) -> None:
    config.write_text("tasks: [\n")
    with pytest.raises(DaemonError, match="bracket is never closed"):
        daemon.start()
    status = daemon.status()
    assert status.state is State.ERROR
    assert "exit status 2" in status.detail
    config.write_text(CONFIG)
    daemon.start()
    assert daemon.status().state is State.RUNNING


def test_what_a_daemon_says_at_its_very_end_is_part_of_the_explanation(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, listen, ended = threading.Event(), Daemon._listen, Daemon._ended

    def listen_late(self: Daemon, child: subprocess.Popen[str]) -> None:
        asked.wait(10)
        listen(self, child)

    def explain(self: Daemon, code: int) -> str:
        asked.set()
        return ended(self, code)

    monkeypatch.setattr(Daemon, "_listen", listen_late)
    monkeypatch.setattr(Daemon, "_ended", explain)
    with pytest.raises(DaemonError, match="no disk"):
        Daemon(config, [sys.executable, "-c", "import sys; sys.exit('no disk')"]).start()


def test_an_own_daemon_that_cannot_be_told_to_stop_is_killed(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DaemonError("it does not listen")

    daemon.start()
    pid = daemon.status().pid
    with monkeypatch.context() as windows:
        windows.setattr("flexget_tray.daemon.sys.platform", "win32")
        windows.setattr("flexget_tray.daemon.STOP_SECONDS", 0.1)
        windows.setattr(daemon, "_stop_other", refuse)
        daemon.stop()
    assert pid is not None and not is_alive(pid)


def test_a_program_that_is_not_there_is_explained(config: Path) -> None:
    with pytest.raises(DaemonError, match="cannot be run"):
        Daemon(config, command=["/no/such/flexget"]).start()


def test_a_daemon_that_somebody_else_started_is_found_and_can_be_stopped(make_daemon: Callable[..., Running]) -> None:
    other = make_daemon(CONFIG)
    daemon = Daemon(other.config)
    daemon.start()
    assert daemon.status().pid == other.process.pid
    assert not daemon.owned
    daemon.stop()
    assert other.process.wait(10) == 0
    assert daemon.status().state is State.STOPPED


def test_a_killed_daemon_is_seen_as_an_error_and_can_be_started_again(daemon: Daemon) -> None:
    daemon.start()
    pid = daemon.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: daemon.status().state is State.ERROR, "the error")
    daemon.start()
    assert daemon.status().state is State.RUNNING


def test_starting_replaces_an_own_daemon_that_answers_no_more(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flexget_tray.daemon.STOP_SECONDS", 0.5)
    daemon.start()
    pid = daemon.status().pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    daemon.start()
    assert not is_alive(pid)
    assert daemon.status().state is State.RUNNING
    assert daemon.owned


def test_a_daemon_without_web_server_runs_all_the_same(daemon: Daemon, config: Path) -> None:
    config.write_text("tasks: {}\n")
    daemon.start()
    status = daemon.status()
    assert (status.state, status.url) == (State.RUNNING, None)


def test_half_a_lock_file_is_no_daemon(daemon: Daemon, config: Path) -> None:
    config.with_name(".config-lock").write_text('{"pid": ')
    assert daemon.status().state is State.STOPPED
    assert lock_of(config) is None
