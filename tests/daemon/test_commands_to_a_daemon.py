"""Commands that find a daemon at work on their config."""

from __future__ import annotations

import os
import stat
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.daemon.support import Daemon, until


def test_the_lock_file_tells_who_runs_and_where_and_only_to_its_owner(running: Daemon):
    info = running.info
    assert info["pid"] == running.process.pid
    assert info["url"].startswith("http://127.0.0.1:")
    assert not info["url"].endswith(":0")
    assert stat.S_IMODE(running.lock.stat().st_mode) == 0o600


def test_the_control_channel_is_open_to_its_owner_only(running: Daemon):
    socket = Path(running.info["control"].removeprefix("unix:"))
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600


def test_a_second_daemon_is_refused_with_the_pid_of_the_first(running: Daemon):
    result = running.run("daemon", "start")
    assert result.code == 1
    assert str(running.process.pid) in result.err
    assert running.run("daemon", "start", "-d").code == 1


def test_a_second_daemon_is_refused_even_when_the_lock_file_was_removed(running: Daemon):
    text = running.lock.read_bytes()
    kept = running.lock.with_name("kept")
    os.link(running.lock, kept)
    running.lock.unlink()
    try:
        assert running.run("daemon", "start").code == 1
    finally:
        running.lock.unlink(missing_ok=True)
        os.link(kept, running.lock)
    assert running.lock.read_bytes() == text


def test_status_tells_the_pid_and_the_address(running: Daemon):
    result = running.run("daemon", "status")
    assert result.code == 0
    assert str(running.process.pid) in result.out
    assert running.info["url"] in result.out


def test_execute_is_handed_over_and_its_log_comes_back(running: Daemon):
    result = running.run("execute", "--tasks", "FRU*")
    assert result.code == 0
    assert "ACCEPTED: `Apple` by accept_all plugin" in result.err
    assert "Apple" in running.log


def test_dumps_come_to_the_terminal_of_the_command(running: Daemon):
    result = running.run("inject", "Plum", "http://p", "--accept", "--dump", "eval")
    assert "title         : Plum" in result.out
    assert "Plum" not in running.said.replace("`Plum`", "")


def test_a_test_run_of_the_daemon_leaves_nothing_behind(running: Daemon):
    assert "ACCEPTED: `Ghost`" in running.run("--test", "execute", "--inject", "Ghost", "http://ghost").err
    assert "Ghost" not in running.run("history").out


def test_what_a_command_changes_beside_the_daemon_is_seen_at_once(running: Daemon):
    for number in range(2):
        running.api("GET", "/seen/?value=besides")
        assert running.run("seen", "add", f"besides-{number}").code == 0
        assert len(running.api("GET", "/seen/?value=besides")[1]) == number + 1


def test_a_password_set_by_the_command_counts_at_once(running: Daemon):
    assert running.run("web", "passwd", "correct-horse-77-battery").code == 0
    assert (
        running.api("POST", "/auth/login/", {"username": "flexget", "password": "correct-horse-77-battery"})[0] == 200
    )


def test_a_sign_in_link_of_the_running_daemon_works_once(running: Daemon):
    link = running.run("web", "link").out.strip()
    assert link.startswith(f"{running.info['url']}/signin/?code=")
    with urllib.request.urlopen(link, timeout=10) as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link, timeout=10)


def test_a_quiet_execute_keeps_the_log_off_the_terminal(running: Daemon):
    assert running.run("--cron", "execute") == (0, "", "")


def test_an_unknown_task_is_bad_usage_there_too(running: Daemon):
    result = running.run("execute", "--tasks", "nothing")
    assert result.code == 2
    assert "nothing" in result.err


def test_entries_are_injected_into_the_daemons_run(running: Daemon):
    assert "ACCEPTED: `Mine`" in running.run("execute", "--inject", "Mine", "http://mine").err


def test_the_control_channel_is_no_way_in_for_others(running: Daemon):
    assert running.api("POST", "/control/stop/", {})[0] == 403
    assert running.api("POST", "/control/execute/", {})[0] == 403


def test_a_changed_config_is_loaded_again(running: Daemon):
    text = running.config.read_text()
    running.config.write_text(text + "  extra:\n    mock: [{title: Fig, url: 'http://x/9'}]\n    accept_all: yes\n")
    until(lambda: "The config was loaded again" in running.log)
    assert "Fig" in running.run("execute", "--tasks", "extra").err


def test_a_bad_config_leaves_the_old_one_in_force_and_is_told_once(running: Daemon):
    good = running.config.read_text()
    running.config.write_text("tasks: [\n")
    until(lambda: "the old one stays in force" in running.log)
    time.sleep(1.2)
    assert running.log.count("the old one stays in force") == 1
    result = running.run("daemon", "reload-config")
    assert result.code == 2
    assert "config.yml" in result.err
    running.config.write_text(good)
