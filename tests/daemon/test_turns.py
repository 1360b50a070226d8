"""Tasks of one config are run by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.support import Daemon, until

CONFIG = """
    web_server: no
    schedules: no
    tasks:
      fruit:
        mock: [{title: Apple, url: "http://x/1"}]
        accept_all: yes
        waiting: yes
"""

WAITING = """
    import time
    from server.engine.plugin import Plugin

    class Waiting(Plugin):
        def on_task_output(self, task, config):
            (task.services.home / "entered").touch()
            while not (task.services.home / "go").exists():
                task.sleep(0.05)
"""


@pytest.fixture
def one(daemon) -> Iterator[Daemon]:
    made = daemon(CONFIG)
    made.plugin("waiting", WAITING)
    yield made
    (made.folder / "go").touch()


def logged(folder: Path, words: str) -> bool:
    file = folder / "flexget.log"
    return file.exists() and words in file.read_text(encoding="utf-8")


def test_two_commands_do_not_take_the_same_entries(one: Daemon) -> None:
    first = one.begin("execute")
    until((one.folder / "entered").exists)
    second = one.begin("execute")
    until(lambda: logged(one.folder, "Another command runs tasks"))
    (one.folder / "go").touch()
    assert "ACCEPTED: `Apple`" in first.communicate(timeout=20)[1]
    assert "REJECTED: `Apple` by seen" in second.communicate(timeout=20)[1]
    assert (first.returncode, second.returncode) == (0, 0)
    assert not (one.folder / ".config-run").exists()


def test_a_daemon_that_comes_up_while_a_command_runs_tasks_waits_with_its_own(one: Daemon) -> None:
    first = one.begin("execute")
    until((one.folder / "entered").exists)
    one.start()
    second = one.begin("execute")
    until(lambda: "fruit (waiting)" in one.run("daemon", "status").out)
    (one.folder / "go").touch()
    assert "ACCEPTED: `Apple`" in first.communicate(timeout=20)[1]
    assert "REJECTED: `Apple` by seen" in second.communicate(timeout=20)[1]
    assert one.run("daemon", "stop").code == 0
    assert one.end() == 0
