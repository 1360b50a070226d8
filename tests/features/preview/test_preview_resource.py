"""A preview shows what a run would do, by the same code, and changes nothing."""

from __future__ import annotations

import json
import sqlite3
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.features.preview import handlers
from server.features.runs._recorder import record
from server.features.runs.store import RunStore
from server.features.seen.store import SeenStore
from tests.features.api import started, stopped
from tests.processes import wait_for
from tests.web.support import Reply, Server

CONFIG = """\
variables: {secret: hunter22xyz, kind: list}
tasks:
  tv:
    mock:
      - {title: Show.S01E01, url: "http://localhost/1"}
      - {title: Other, url: "http://localhost/2"}
    regexp: {accept: [show]}
    exec: touch HOME/was_run_{{title}}
    download: HOME/files/{? secret ?}
  commands everywhere:
    mock: [{title: One}]
    exec:
      on_start: {phase: touch HOME/was_run_start}
      on_input: {phase: touch HOME/was_run_input}
      on_filter: {phase: touch HOME/was_run_filter}
      on_exit: {phase: touch HOME/was_run_exit}
  nested:
    mock: [{title: One}]
    accept_all: yes
    if:
      - title == 'One': {exec: "touch HOME/was_run_nested"}
  lists:
    mock: [{title: One}]
    accept_all: yes
    list_add: [{entry_list: wanted}]
    run_task: {task: tv}
  kept in files:
    mock: [{title: One}]
    accept_all: yes
    list_clear: {what: [{yaml_list: old.yaml}]}
    list_match: {from: [{yaml_list: old.yaml}]}
    list_add: [{yaml_list: new.yaml}]
    list_remove: [{yaml_list: old.yaml}]
  theirs:
    mock: [{title: One}]
    accept_all: yes
    shouter: loud
  asleep:
    mock: []
    sleep: 30
  lazy:
    mock: [{title: One}]
    snail: yes
"""

SHOUTER = '''
from pathlib import Path
from server.engine.plugin import Plugin

class Shouter(Plugin):
    """Writes a file."""
    schema = {"type": "string"}

    def on_task_output(self, task, config):
        Path(task.services.home, "was_run_shouter").touch()
'''

SNAIL = '''
from pathlib import Path

from server.engine.plugin import Plugin

class Snail(Plugin):
    """Takes its time."""
    schema = {"type": "boolean"}

    def on_task_filter(self, task, config):
        Path(task.services.home, "snail_begun").touch()
        task.sleep(30)
'''


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "shouter.py").write_text(SHOUTER)
    (tmp_path / "plugins" / "snail.py").write_text(SNAIL)
    made = started(tmp_path, CONFIG.replace("HOME", str(tmp_path)))
    made.services.recorders.append(record)
    yield made
    stopped(made)


def ask(server: Server, task: str = "tv", **body: Any) -> Reply:
    return server.post("preview/", {"task": task, **body})


def preview(server: Server, task: str = "tv", **body: Any) -> Any:
    answer = ask(server, task, **body)
    assert answer.status == 200, answer.body
    return answer.json


def files(server: Server) -> set[str]:
    return {
        path.relative_to(server.engine.home).as_posix()
        for path in server.engine.home.rglob("*")
        if "__pycache__" not in path.parts and not path.name.endswith(("-wal", "-shm"))
    }


def rows(server: Server) -> int:
    with sqlite3.connect(server.engine.db.path or "") as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return sum(db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)


def test_it_tells_each_entrys_verdict_and_way(server: Server) -> None:
    told = preview(server)
    assert (told["produced"], told["accepted"], told["undecided"], told["aborted"]) == (2, 1, 1, False)
    show, other = told["entries"]
    assert (show["n"], show["title"], show["state"], show["plugin"]) == (1, "Show.S01E01", "accepted", "regexp")
    assert ("accept", "regexp", "filter") in {(s["verb"], s["plugin"], s["phase"]) for s in show["trace"]}
    assert other["state"] == "undecided"
    assert "hunter22xyz" not in str(told)


def test_outputs_are_told_with_what_they_would_have_been_given(server: Server) -> None:
    deeds = {(deed["phase"], deed["plugin"]): deed for deed in preview(server)["would_do"]}
    assert set(deeds) >= {("download", "download"), ("output", "download"), ("output", "exec")}
    run = deeds["output", "exec"]
    assert run["number"] == 1
    assert run["entries"][0]["title"] == "Show.S01E01"
    assert run["entries"][0]["config"] == f"touch {server.engine.home}/was_run_Show.S01E01"


@pytest.mark.parametrize("task", ["tv", "commands everywhere", "nested", "lists", "theirs"])
def test_nothing_is_written_run_or_remembered(server: Server, task: str) -> None:
    server.engine.db.store(SeenStore)
    server.engine.db.store(RunStore)
    before, counted = files(server), rows(server)
    told = preview(server, task)
    assert told["reason"] is None
    assert files(server) == before
    assert rows(server) == counted
    assert server.services.queue.jobs() == []


def test_lists_in_files_stay_as_they_are(server: Server) -> None:
    old = server.engine.home / "old.yaml"
    old.write_text("# mine\n- {title: One, url: x}\n")
    before = files(server)
    told = preview(server, "kept in files")
    assert told["accepted"] == 1
    assert [deed["plugin"] for deed in told["would_do"]] == ["list_remove", "list_add"]
    assert files(server) == before
    assert old.read_text() == "# mine\n- {title: One, url: x}\n"


def test_changes_of_lists_are_told(server: Server) -> None:
    deeds = {deed["plugin"]: deed for deed in preview(server, "lists")["would_do"]}
    assert deeds["list_add"]["config"] == [{"entry_list": "wanted"}]
    assert [entry["title"] for entry in deeds["list_add"]["entries"]] == ["One"]


def test_commands_of_early_phases_and_nested_ones_are_only_told(server: Server) -> None:
    phases = [deed["phase"] for deed in preview(server, "commands everywhere")["would_do"]]
    assert phases == ["start", "input", "filter", "exit"]
    (nested,) = preview(server, "nested")["would_do"]
    assert (nested["phase"], nested["plugin"], nested["number"]) == ("output", "exec", 1)


def test_plugins_of_the_user_do_not_act_and_are_told(server: Server) -> None:
    (deed,) = preview(server, "theirs")["would_do"]
    assert (deed["plugin"], deed["config"]) == ("shouter", "loud")


def test_a_real_run_after_a_preview_is_as_if_there_had_been_none(server: Server) -> None:
    preview(server, "theirs")
    task = server.engine.run("theirs")
    assert len(task.accepted) == 1
    assert (server.engine.home / "was_run_shouter").exists()


def test_what_was_seen_before_counts(server: Server) -> None:
    server.engine.run("theirs")
    (entry,) = preview(server, "theirs")["entries"]
    assert (entry["state"], entry["plugin"]) == ("rejected", "seen")


def test_an_edited_task_is_run_without_being_saved(server: Server) -> None:
    before = server.engine.path.read_bytes()
    told = preview(server, task_config={"mock": [{"title": "New {? secret ?}"}], "accept_all": True})
    assert [entry["state"] for entry in told["entries"]] == ["accepted"]
    assert told["config"]["accept_all"] is True
    assert "hunter22xyz" not in str(told["config"])
    fresh = preview(server, "not there yet", task_config={"mock": [{"title": "x"}]})
    assert fresh["produced"] == 1
    assert server.engine.path.read_bytes() == before


def test_an_edited_config_is_run_without_being_saved(server: Server) -> None:
    text = textwrap.dedent(
        """\
        templates: {all: {accept_all: yes}}
        tasks:
          other: {mock: [{title: a}], template: all}
        """
    )
    assert preview(server, "other", config=text)["accepted"] == 1
    assert ask(server, "tv", config=text).status == 404
    assert "other" not in server.get("tasks/?include_config=false").json


def test_a_config_that_is_no_good_is_told_where(server: Server) -> None:
    answer = ask(server, task_config={"mok": []})
    assert answer.status == 422
    (error,) = answer.json["validation_errors"]
    assert error["path"] == ["task_config"]
    assert "`mok`" in error["message"]
    assert ask(server, config="tasks: [").status == 422
    assert ask(server, "nobody").status == 404


def test_only_as_many_entries_are_told_as_asked_for(server: Server) -> None:
    told = preview(server, entries=1)
    assert len(told["entries"]) == 1
    assert told["produced"] == 2
    assert preview(server, entries=0)["entries"] == []
    assert len(preview(server, entries=1.0)["entries"]) == 1


def test_waits_are_left_out(server: Server) -> None:
    told = preview(server, "asleep")
    assert told["seconds"] < 10
    assert ("start", "sleep") in [(deed["phase"], deed["plugin"]) for deed in told["would_do"]]


def test_one_that_takes_too_long_is_ended(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "SECONDS", 0.2)
    told = preview(server, "lazy")
    assert told["aborted"]
    assert "0.2 seconds" in told["reason"]


def test_it_ends_when_the_client_leaves(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "WAIT", 5.0)
    line = server.connect()
    line.request(
        "POST", "/api/preview/", json.dumps({"task": "lazy"}), {**server.token, "Content-Type": "application/json"}
    )
    wait_for(lambda: (tmp_path / "snail_begun").exists(), "the preview")
    line.close()
    assert preview(server)["produced"] == 2  # while the first one runs, another has to wait


def test_its_log_is_told_and_kept_out_of_the_programs_log(server: Server) -> None:
    told = preview(server, "asleep")
    assert any("no entries" in line["message"] for line in told["log"])


def test_it_is_no_event_and_no_run(server: Server) -> None:
    heard: list[Any] = []
    server.services.events.subscribe(heard.append)
    preview(server)
    assert heard == []
    assert server.get("runs/").json == []
