"""Operations around a task's run: what they switch, set and end."""

from __future__ import annotations

import pytest

from server.engine.errors import PluginError
from server.plugins._spans import seconds_of
from tests.support import titles

MOCK = "mock: [{title: One, url: 'http://x/1'}, {title: Two, url: 'http://x/2'}]"


def run(engine, more: str, mock: str = MOCK, **options):
    return engine(f"tasks: {{t: {{{mock}, disable: [seen], {more}}}}}").run(**options)


def test_disable_leaves_plugins_out(engine) -> None:
    config = f"tasks: {{t: {{{MOCK}, accept_all: yes, disable: [accept_all, nothing_like_it]}}}}"
    assert not engine(config).run().accepted
    made = engine(f"tasks: {{t: {{{MOCK}, accept_all: yes, disable: builtins}}}}")
    assert len(made.run(dump=[]).accepted) == 2
    assert made.printed == []


def test_disable_phases_leaves_phases_out(engine) -> None:
    assert not run(engine, "accept_all: yes, disable_phases: [filter]").accepted


def test_manual_runs_only_when_named(engine) -> None:
    task = run(engine, "manual: yes")
    assert task.aborted and task.silent_abort
    assert len(run(engine, "manual: yes", named=True).entries) == 2


@pytest.mark.parametrize(("rerun", "passes"), [("rerun: 2", 3), ("rerun: 5, max_reruns: 1", 2)])
def test_rerun_and_max_reruns(engine, tmp_path, rerun, passes) -> None:
    log = tmp_path / "log"
    commands = ", ".join(f"on_{phase}: {{phase: 'echo {phase} >> {log}'}}" for phase in ("start", "filter", "exit"))
    task = run(engine, f"{rerun}, exec: {{{commands}}}")
    assert task.result.passes == passes
    assert log.read_text().split() == ["start", *["filter"] * passes, "exit"]


def test_abort_ends_the_task_before_its_outputs(engine, tmp_path) -> None:
    task = run(engine, f"accept_all: yes, abort: yes, exec: 'echo x > {tmp_path}/log'")
    assert task.aborted


def test_abort_if_exists(engine) -> None:
    assert "One" in run(engine, "abort_if_exists: {field: title, regexp: '^o.e$'}").abort_reason
    assert not run(engine, "abort_if_exists: {field: title, regexp: three}").aborted
    assert not run(engine, "abort_if_exists: {field: nope, regexp: three}").aborted


def test_sleep_waits_in_its_phase(engine) -> None:
    assert run(engine, "sleep: 0").entries and run(engine, "sleep: {seconds: 0, phase: output}").entries


def test_plugin_priority_changes_the_order(engine, caplog) -> None:
    what = "regexp: {reject: [one]}, accept_all: yes, plugin_priority: {accept_all: 250, nope: 1}"
    task = run(engine, what)
    assert titles(task.rejected) == ["One"] and "nope" in caplog.text
    assert [step.verb for step in task.rejected[0].trace if step.verb in ("accept", "reject")] == ["accept", "reject"]


def test_details_tell_and_warn(engine, caplog) -> None:
    caplog.set_level(15)
    run(engine, "accept_all: yes")
    assert "Produced 2 entries" in caplog.text and "Accepted: 2" in caplog.text
    caplog.clear()
    run(engine, "accept_all: yes", "mock: []")
    assert "got no entries" in caplog.text
    caplog.clear()
    caplog.set_level("WARNING")
    run(engine, "accept_all: yes, no_entries_ok: yes", "mock: []")
    assert "no entries" not in caplog.text


def test_verbose_names_undecided_entries(engine, caplog) -> None:
    caplog.set_level(15)
    run(engine, "regexp: {accept: [one]}")
    assert "UNDECIDED: `Two`" in caplog.text


def test_run_task_queues_the_others_when_it_shall(engine) -> None:
    made = engine(
        f"""
        tasks:
          a: {{{MOCK}, accept_all: yes, run_task: {{task: [b, nope], when: accepted}}}}
          b: {{{MOCK}, manual: yes}}
          c: {{{MOCK}, run_task: {{task: b, when: [accepted, failed, no_entries, aborted]}}}}
          d: {{abort_if_exists: {{field: title, regexp: one}}, {MOCK}, run_task: {{task: b, when: aborted}}}}
        """
    )
    queued = []
    made.services.queue.submit = lambda name, options, **_: queued.append((name, options.named))
    made.run("a")
    assert queued == [("b", True)]
    made.run("c")
    assert len(queued) == 1
    made.run("d")
    assert len(queued) == 2


@pytest.mark.parametrize(
    ("option", "aborted"),
    [
        ("1", False),
        ("'99999999 GB'", True),
        ("{space: 1, path: HOME, abort_if: above}", True),
        ("{space: 0.5, path: HOME, allotment: 1}", False),
        ("{space: 2, path: HOME, allotment: 1}", True),
        ("{space: 1, path: HOME/none}", True),
    ],
)
def test_free_space(engine, tmp_path, option, aborted) -> None:
    (tmp_path / "room").mkdir()
    option = option.replace("HOME", str(tmp_path / "room")).replace("'99999999 GB'", "{space: 99999999 GB}")
    assert run(engine, f"accept_all: yes, free_space: {option}").aborted is aborted


def test_pathscrub_holds_for_its_task_only(engine) -> None:
    from server.engine.paths import current_mode

    mode = current_mode()
    what = "pathscrub: windows, set: {p: '{{title|pathscrub}}'}"
    task = run(engine, what, "mock: [{title: 'A: B?'}]", dump=["eval"])
    assert task.entries[0]["p"] == "A:B"
    task = run(engine, what, "mock: [{title: 'Show: B?/x. /con'}]", dump=["eval"])
    assert task.entries[0]["p"] == "Show B/x/con_"
    assert current_mode() == mode


def test_extension_and_path_by_ext(engine) -> None:
    mock = "mock: [{title: One, url: 'http://x/1.zip'}, {title: Two, url: 'http://x/2', filename: a.mkv}]"
    one, two = run(engine, "accept_all: yes, extension: .nzb", mock).entries
    assert (one["filename"], two["filename"]) == ("One.nzb", "a.mkv.nzb")
    one, two = run(engine, "accept_all: yes, path_by_ext: {zip: /z, .MKV: /m, avi: /a}", mock).entries
    assert (one["path"], two["path"]) == ("/z", "/m")


@pytest.mark.parametrize(
    ("text", "seconds"), [("2 hours", 7200), ("every 1 day 12 hours", 129600), ("1 week", 604800), ("90 seconds", 90)]
)
def test_spans_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 apples", "1 hour or so"])
def test_what_is_no_span_of_time_is_said(text: str) -> None:
    with pytest.raises(PluginError, match="no span of time"):
        seconds_of(text)
