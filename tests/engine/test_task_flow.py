"""How entries pass through a task, and what ends one early."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from server.engine.entry import Entry
from server.engine.events import Event, TaskDump, TaskFinished, TaskProgress
from server.engine.execution import ExecuteOptions
from server.engine.runner import for_each_task
from tests.support import Engine, titles

SIMPLE = """
    tasks:
      a:
        mock: [{title: One}, {title: Two}]
        accept_all: yes
    """


def plugin(home: Path, name: str, body: str) -> None:
    """A plugin of the user's own in the config folder."""
    folder = home / "plugins"
    folder.mkdir(exist_ok=True)
    head = "import time\nfrom server.engine.plugin import Plugin, priority\nfrom server.engine.errors import *\n"
    text = f"{head}class Mine(Plugin):\n    '''Mine.'''\n    schema = {{}}\n"
    (folder / f"{name}.py").write_text(text + textwrap.indent(textwrap.dedent(body), "    "))


def test_entries_of_an_input_are_accepted_by_a_filter(engine) -> None:
    task = engine(SIMPLE).run()
    assert titles(task.accepted) == ["One", "Two"]
    assert task.accepted[0]["accepted_by"] == "accept_all"
    assert [step.verb for step in task.accepted[0].trace if step.verb != "set"] == ["created", "accept"]


def test_phases_run_in_order_and_plugins_by_priority(engine, tmp_path: Path) -> None:
    phases = ["prepare", "start", "input", "metainfo", "filter", "download", "modify", "output", "learn", "exit"]
    body = "notes = []\n"
    body += "".join(f"def on_task_{phase}(self, task, config): self.notes.append('{phase}')\n" for phase in phases)
    plugin(tmp_path, "everywhere", body)
    plugin(tmp_path, "early", "@priority(200)\ndef on_task_filter(self, task, config): task.rank = ['early']")
    plugin(tmp_path, "late", "@priority(5)\ndef on_task_filter(self, task, config): task.rank += ['late']")
    made = engine("tasks: {a: {everywhere: yes, late: yes, early: yes}}")
    task = made.run()
    assert made.registry.get("everywhere").notes == phases
    assert task.rank == ["early", "late"]


def test_a_plugin_set_to_no_does_not_run(engine) -> None:
    task = engine("tasks: {a: {mock: [{title: One}], accept_all: no}}").run()
    assert titles(task.undecided) == ["One"]


def test_a_plugins_error_aborts_the_task_with_its_message(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "broken", "def on_task_filter(self, task, config): raise PluginError('the site is down')")
    made = engine("tasks: {a: {mock: [{title: One}], broken: yes}}")
    task = made.run()
    assert task.aborted
    assert task.abort_reason == "the site is down"
    assert not list(tmp_path.glob("crash_report*"))


def test_a_bug_in_a_plugin_ends_the_task_and_leaves_a_report(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "buggy", "def on_task_filter(self, task, config): 1 / 0")
    task = engine("tasks: {a: {mock: [{title: One}], buggy: yes}}").run()
    assert task.aborted
    assert "buggy" in task.abort_reason
    assert task.result.error
    (report,) = tmp_path.glob("crash_report.*.log")
    assert "ZeroDivisionError" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_is_told_as_such_and_is_no_bug(engine, tmp_path: Path) -> None:
    body = "def on_task_output(self, task, config): raise OSError(28, 'No space left on device')"
    plugin(tmp_path, "full", body)
    task = engine("tasks: {a: {mock: [{title: One}], full: yes}}").run()
    assert "No space left" in task.abort_reason
    assert not list(tmp_path.glob("crash_report*"))


def test_what_is_wrong_with_the_config_of_another_task_is_no_bug(engine, tmp_path: Path) -> None:
    task = engine("tasks: {a: {from_task: b, accept_all: yes}, b: {template: nope, mock: [{title: One}]}}").run("a")
    assert "There is no template `nope`" in task.abort_reason
    assert "BUG" not in task.abort_reason
    assert not list(tmp_path.glob("crash_report*"))


def test_a_plugin_that_is_switched_off_takes_no_part(engine, caplog) -> None:
    task = engine("tasks: {a: {mock: [{title: One}], accept_all: no, seen: no, verify_ssl_certificates: no}}").run()
    assert "The task has nothing that accepts entries" in caplog.text
    active = [task.plugin_is_active(name) for name in ("accept_all", "seen", "verify_ssl_certificates", "details")]
    assert active == [False, False, True, True]


def test_a_warning_lets_the_task_go_on(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "shaky", "def on_task_filter(self, task, config): raise PluginWarning('not now')")
    task = engine("tasks: {a: {mock: [{title: One}], shaky: yes, accept_all: yes}}").run()
    assert titles(task.accepted) == ["One"]
    assert not task.aborted


def test_the_abort_phase_runs_once_a_task_is_aborted(engine, tmp_path: Path) -> None:
    body = """
    def on_task_start(self, task, config): task.abort('no reason', silent=True)
    def on_task_input(self, task, config): task.wrong = True
    def on_task_abort(self, task, config): task.told = task.abort_reason
    """
    plugin(tmp_path, "ender", body)
    task = engine("tasks: {a: {ender: yes}}").run()
    assert task.told == "no reason"
    assert not hasattr(task, "wrong")


def test_an_entry_without_url_aborts_the_task(engine, tmp_path: Path) -> None:
    body = """
    def on_task_input(self, task, config):
        from server.engine.entry import Entry
        yield Entry(title='no url')
    """
    plugin(tmp_path, "careless", body)
    task = engine("tasks: {a: {careless: yes}}").run()
    assert "without title or url" in task.abort_reason


def test_a_rerun_starts_again_with_fresh_entries(engine, tmp_path: Path) -> None:
    body = """
    def on_task_filter(self, task, config):
        task.seen_passes = getattr(task, 'seen_passes', [])
        task.seen_passes.append((task.is_rerun, [e.state for e in task.entries]))
        task.rerun(self.name, 'once more')
    """
    plugin(tmp_path, "again", body)
    made = engine("tasks: {a: {mock: [{title: One}], again: yes, disable: [seen]}}")
    task = made.run()
    assert task.seen_passes[0] == (False, ["undecided"])
    assert task.seen_passes[1] == (True, ["undecided"])
    assert len(task.seen_passes) == 6


def test_learning_skips_download_and_output(engine, tmp_path: Path) -> None:
    body = """
    def on_task_download(self, task, config): task.wrong = True
    def on_task_output(self, task, config): task.wrong = True
    def on_task_learn(self, task, config): task.learned = True
    """
    plugin(tmp_path, "out", body)
    task = engine("tasks: {a: {mock: [{title: One}], accept_all: yes, out: yes}}").run(learn=True)
    assert task.learned
    assert not hasattr(task, "wrong")


def test_injected_entries_take_the_place_of_the_inputs(engine) -> None:
    entry = Entry(title="Injected", url="http://localhost/i")
    task = engine(SIMPLE).run(inject=[entry])
    assert titles(task.accepted) == ["Injected"]


def test_inputs_are_not_asked_when_entries_are_injected_and_keep_what_is_new_for_the_next_run(
    engine, tmp_path: Path
) -> None:
    (tmp_path / "log.txt").write_text("Title: One\n")
    made = engine("tasks: {a: {tail: {file: log.txt, entry: {title: 'Title: (.*)', url: 'T(.*)'}}, accept_all: yes}}")
    assert titles(made.run(inject=[Entry(title="Injected", url="http://localhost/i")]).accepted) == ["Injected"]
    assert titles(made.run().accepted) == ["One"]


def test_an_injected_entry_is_not_held_back_by_delay(engine) -> None:
    made = engine("tasks: {a: {mock: [{title: One}], delay: 1 hour, accept_all: yes}}")
    assert titles(made.run(inject=[Entry(title="Injected", url="http://localhost/i")]).accepted) == ["Injected"]


def test_a_test_run_leaves_the_database_as_it_was(engine) -> None:
    made = engine(SIMPLE)
    made.run()
    before = made.db.path.read_bytes()
    made.run(test=True)
    assert made.db.path.read_bytes() == before


def test_progress_is_told_before_each_plugin_and_at_the_end(engine) -> None:
    made = engine(SIMPLE)
    events: list[Event] = []
    made.services.events.subscribe(events.append)
    made.run(entry_dump=True)
    progress = [event for event in events if isinstance(event, TaskProgress)]
    assert (progress[0].status, progress[0].phase, progress[0].percent) == ("running", None, 0)
    assert ("filter", "accept_all", 30) in [(event.phase, event.plugin, event.percent) for event in progress]
    assert (progress[-1].status, progress[-1].percent) == ("complete", 100)
    (dump,) = [event for event in events if isinstance(event, TaskDump)]
    assert [item["title"] for item in dump.entries] == ["One", "Two"]
    (finished,) = [event for event in events if isinstance(event, TaskFinished)]
    assert finished.summary["accepted"] == 2
    assert events.index(dump) < events.index(finished)


def test_a_listener_that_fails_does_not_disturb_the_run(engine) -> None:
    made = engine(SIMPLE)
    made.services.events.subscribe(lambda event: 1 / 0)
    assert titles(made.run().accepted) == ["One", "Two"]


def test_tasks_that_run_together_do_not_share_injected_entries(engine) -> None:
    options = ExecuteOptions(inject=[Entry(title="Injected", url="http://localhost/i", extra=1)])
    (mine,), (yours,) = for_each_task(options).inject, for_each_task(options).inject
    assert mine is not yours
    assert mine["extra"] == yours["extra"] == 1


def test_tasks_are_chosen_by_glob_without_case_most_urgent_first(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          TV-b: {priority: 5}
          tv-a: {priority: 1}
          films: {}
          _hidden: {}
        """
    )
    assert made.services.runner.select(["tv-*"]) == ["tv-a", "TV-b"]
    assert made.services.runner.select() == ["tv-a", "TV-b", "films"]
    assert made.services.runner.select(["_hidden"]) == ["_hidden"]
    assert made.services.runner.select(["*"]) == ["tv-a", "TV-b", "films"]
    assert made.services.runner.select(["films", "nothing"]) == ["films"]
    with pytest.raises(LookupError, match="nothing"):
        made.services.runner.select(["nothing"])
