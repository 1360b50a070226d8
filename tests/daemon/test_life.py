"""Start and end of the daemon."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.daemon.support import COMMAND, CONFIG, environment, until

ENDLESS = """
    from server.engine.plugin import Plugin

    class Endless(Plugin):
        def on_task_input(self, task, config):
            while True:
                {}
"""

WITH_PLUGIN = (
    CONFIG
    + """
      long: {endless: yes}
"""
)


def test_sigterm_ends_it_with_zero_and_leaves_no_lock(daemon):
    one = daemon().start()
    one.signal(signal.SIGTERM)
    assert one.end() == 0
    assert not one.lock.exists()
    assert not (one.folder / ".config-control").exists()


def test_the_first_start_prints_a_link_that_signs_in_and_the_log_does_not_hold_it(daemon):
    one = daemon().start()
    link = next(line.strip() for line in one.said.splitlines() if "/signin/?code=" in line)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(link, timeout=10) as answer:
        assert answer.status == 200
    assert "code=" not in one.log


def test_a_daemon_whose_output_nobody_reads_starts_all_the_same(daemon):
    one = daemon()
    read, write = os.pipe()
    os.close(read)
    with (one.folder / "said.txt").open("w") as said:
        command = [*COMMAND, "-c", str(one.config), "daemon", "start"]
        one.process = subprocess.Popen(command, env=environment(), stdout=write, stderr=said, text=True)
    os.close(write)
    until(one._is_up)
    one.signal(signal.SIGTERM)
    assert one.end() == 0
    assert "flexget web link" in one.log


def test_the_control_channel_works_without_a_web_server(daemon):
    one = daemon("schedules: no\ntasks: {a: {mock: [{title: Apple, url: 'http://x'}], accept_all: yes}}\n").start()
    assert one.info["url"] is None
    assert "Apple" in one.run("execute").err
    assert one.run("daemon", "stop").code == 0
    assert one.end() == 0


@pytest.mark.parametrize("short", [True, False])
def test_a_socket_whose_path_would_be_too_long_lies_elsewhere(daemon, tmp_path, monkeypatch, short: bool):
    runtime = Path(tempfile.mkdtemp()) if short else tmp_path / ("y" * 100)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    one = daemon()
    one.folder, one.config, one.lock = deep, deep / "config.yml", deep / ".config-lock"
    one.write(CONFIG)
    one.start()
    socket = Path(one.info["control"].removeprefix("unix:"))
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert socket.is_relative_to(runtime) == short
    assert one.run("daemon", "status").code == 0
    assert one.run("daemon", "stop").code == 0
    shutil.rmtree(runtime, ignore_errors=True)


def test_in_the_background_it_is_up_when_the_command_ends(daemon):
    one = daemon()
    result = one.run("daemon", "start", "-d")
    assert result.code == 0
    assert str(one.info["pid"]) in result.out
    assert "/signin/?code=" in result.out
    assert one.api("GET", "/server/pid/") == (200, {"pid": one.info["pid"]})
    assert one.run("daemon", "stop", "--wait").code == 0
    assert one.run("daemon", "status").code == 1


def test_what_keeps_it_from_starting_is_shown(daemon):
    one = daemon("tasks: [\n")
    for options in ((), ("-d",)):
        result = one.run("daemon", "start", *options)
        assert result.code == 2
        assert "config.yml" in result.err


def test_a_port_in_use_is_told_with_a_remedy(daemon, tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = daemon(CONFIG.replace("port: 0", f"port: {port}"))
        result = one.run("daemon", "start")
    assert result.code == 1
    assert str(port) in result.err
    assert not one.lock.exists()


def test_a_crash_leaves_a_lock_that_the_next_start_replaces(daemon):
    one = daemon().start()
    first = one.info["pid"]
    one.process.kill()
    one.end()
    assert one.lock.exists()
    assert one.run("daemon", "status").code == 1
    one.start()
    assert one.info["pid"] != first
    assert f"The daemon with pid {first} did not end as it should" in one.log


def test_a_damaged_database_is_told_with_a_remedy(daemon):
    one = daemon()
    (one.folder / "db-config.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    result = one.run("daemon", "start")
    assert result.code == 1
    assert "db-config.sqlite" in result.err
    assert "estore" in result.err


def test_sighup_loads_the_config_again(daemon):
    one = daemon().start("--no-autoreload-config")
    one.signal(signal.SIGHUP)
    until(lambda: "The config was loaded again" in one.log)


def test_a_running_task_is_cancelled_and_the_daemon_ends_in_time(daemon):
    one = daemon(WITH_PLUGIN)
    one.plugin("endless", ENDLESS.format("task.sleep(60)"))
    one.start()
    client = one.begin("execute", "--tasks", "long")
    until(lambda: one.api("GET", "/tasks/queue/")[1])
    one.signal(signal.SIGTERM)
    assert one.end(10) == 0
    _, err = client.communicate(timeout=10)
    assert "Aborting task" in err


def test_another_machine_that_says_little_does_not_hold_the_daemon(daemon):
    asked, over = threading.Event(), threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            asked.set()
            with contextlib.suppress(OSError):
                while not over.wait(0.2):
                    self.wfile.write(b"x")

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as other:
        serving = threading.Thread(target=other.serve_forever, args=(0.01,))
        serving.start()
        one = daemon().start()
        line = http.client.HTTPConnection(one.info["url"].removeprefix("http://"))
        token = (one.folder / ".config-token").read_text().strip()
        address = f"/api/cached/?url=http://127.0.0.1:{other.server_port}/"
        line.request("GET", address, headers={"Authorization": f"Token {token}"})
        try:
            assert asked.wait(10)
            one.signal(signal.SIGTERM)
            assert one.end() == 0
        finally:
            over.set()
            line.close()
            other.shutdown()
            serving.join()


def test_a_task_over_its_limit_is_cancelled_and_the_queue_goes_on(daemon):
    one = daemon(WITH_PLUGIN.replace("schedules: no", "schedules: no\n    task_limit: 1"))
    one.plugin("endless", ENDLESS.format("task.sleep(60)"))
    one.start()
    result = one.run("execute", "--tasks", "long", "--strict")
    assert result.code == 1
    assert "limit of 1 second" in result.err
    assert "Apple" in one.run("execute", "--tasks", "fruit").err


@pytest.mark.parametrize("what", ["__import__('time').sleep(60)", "pass"], ids=["sleeping", "spinning"])
def test_a_task_that_does_not_react_does_not_hold_the_daemon(daemon, what: str):
    one = daemon(WITH_PLUGIN)
    one.plugin("endless", ENDLESS.format(what))
    one.start()
    client = one.begin("execute", "--tasks", "long")
    until(lambda: one.api("GET", "/tasks/queue/")[1])
    assert one.run("daemon", "stop", timeout=20).code == 0
    assert one.end(10) == 0
    assert "hangs" in one.log
    assert client.wait(10) == 1
    client.communicate()
