"""The output ``exec``: when commands run, and that values never become syntax."""

from __future__ import annotations

import subprocess
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.engine.errors import RenderError
from server.plugins.outputs._shell import UnsafePlace, prepare


def shell(template: str, **fields) -> str:
    command = prepare(template, fields, windows=False)
    done = subprocess.run(
        command.text, shell=True, env={"PATH": "/usr/bin:/bin", **command.variables}, capture_output=True, check=True
    )
    return done.stdout.decode()


NASTY = [
    "a; echo X",
    "$(echo X)",
    "`echo X`",
    "it's",
    'say "hi"',
    "a\\",
    "a\nb",
    "$HOME",
    "* ~ #",
    "-n",
    "!x",
    "' \" ; &",
]
PLACES = [
    "printf %s {{v}}",
    "printf %s '{{v}}'",
    'printf %s "{{v}}"',
    "printf %s \"$(printf %s '{{v}}')\"",
    'printf %s "`printf %s {{v}}`"',
    "printf %s $(printf x >/dev/null)\"\"'{{v}}'",
    'printf %s "it\'s {{v}}" | sed "s/^it\'s //"',
    'x={{v}}; printf %s "$x"',
    "(printf %s {{v}})",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", NASTY)
def test_a_value_arrives_as_it_is_wherever_it_stands(place: str, value: str) -> None:
    assert shell(place, v=value).rstrip("\n") == value


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n\ue000\ue001"), min_size=1, max_size=20))
def test_any_value_is_one_word(value: str) -> None:
    assert shell("printf '<%s>' {{v}} \"{{v}}\" '{{v}}'", v=value) == f"<{value}>" * 3


def test_template_text_stays_syntax_and_filters_work() -> None:
    assert shell("{% if v %}printf %s{% endif %} {{v|upper}}/x; printf %s {{ n + 1 }}", v="a b", n=1) == "A B/x2"


def test_arithmetic_takes_numbers_only() -> None:
    assert shell("echo $(( {{n}} + 1 )) {{v}}", n=2, v="x") == "3 x\n"
    with pytest.raises(UnsafePlace):
        prepare("echo $(( {{v}} ))", {"v": "a[$(id)]"}, windows=False)


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(RenderError, match="nope"):
        prepare("echo {{nope}}", {}, windows=False)


def test_windows_commands_refer_to_variables_that_are_expanded_late() -> None:
    command = prepare('echo "{{v}}" hi! "a!"', {"v": '" & del *'}, windows=True)
    assert command.text == 'echo "!FLEXGET_1!" hi^^! "a^!"'
    assert command.variables == {"FLEXGET_1": '" & del *'}


CONFIG = """
tasks:
  t:
    mock: [{title: "good one"}, {title: bad}, {title: dunno}]
    regexp: {accept: [good], reject: [bad]}
    max_reruns: 0
    disable: [seen, retry_failed]
    exec: EXEC
"""


def run(engine, tmp_path, exec_config: str, **options):
    task = engine(CONFIG.replace("EXEC", exec_config.replace("LOG", str(tmp_path / "log")))).run(**options)
    log = tmp_path / "log"
    return task, log.read_text().splitlines() if log.exists() else []


def test_a_plain_command_runs_for_each_accepted_entry(engine, tmp_path) -> None:
    assert run(engine, tmp_path, "'echo {{title}} >> LOG'")[1] == ["good one"]
    assert run(engine, tmp_path, "['echo 1 >> LOG', 'echo 2 >> LOG']")[1] == ["good one", "1", "2"]


def test_each_phase_and_group_has_its_commands(engine, tmp_path) -> None:
    groups = "{for_entries: 'echo PH e {{title}} >> LOG', for_accepted: 'echo PH a {{title}} >> LOG', "
    groups += "for_rejected: 'echo PH r {{title}} >> LOG', for_undecided: 'echo PH u {{title}} >> LOG', "
    groups += "phase: 'echo PH {{task_name}} {{task.name}} >> LOG'}"
    phases = ("start", "input", "filter", "output", "exit")
    config = ", ".join(f"on_{phase}: {groups.replace('PH', phase)}" for phase in phases)
    lines = run(engine, tmp_path, f"{{{config}}}")[1]
    assert [line for line in lines if line.endswith(" t t")] == [f"{phase} t t" for phase in phases]
    late = [line for line in lines if line.startswith("exit")]
    assert late == [
        "exit e good one",
        "exit e dunno",
        "exit a good one",
        "exit r bad",
        "exit u dunno",
        "exit t t",
    ]


def test_a_command_that_fails_can_fail_its_entry(engine, tmp_path) -> None:
    assert run(engine, tmp_path, "'exit 3'")[0].accepted
    task, _ = run(engine, tmp_path, "{fail_entries: yes, on_output: {for_accepted: 'exit 3'}}")
    assert "status 3" in task.failed[0]["reason"]
    task, lines = run(engine, tmp_path, "{fail_entries: yes, on_output: {for_accepted: 'echo {{nope}} >> LOG'}}")
    assert "nope" in task.failed[0]["reason"] and lines == []


def test_what_a_command_prints_is_logged(engine, tmp_path, caplog) -> None:
    caplog.set_level("INFO")
    run(engine, tmp_path, "'echo spoken; echo wrong >&2'")
    assert "spoken" in caplog.text and "wrong" in caplog.text


def test_background_programs_are_not_waited_for(engine, tmp_path) -> None:
    started = time.monotonic()
    run(engine, tmp_path, "{allow_background: yes, on_output: {for_accepted: 'sleep 5 & echo x >> LOG'}}")
    assert time.monotonic() - started < 4


def test_a_cancelled_task_ends_its_command(engine, tmp_path) -> None:
    made = engine(CONFIG.replace("EXEC", "'sleep 30; echo late'"))
    task = made.services.runner.make("t", _options())
    timer = threading.Timer(0.3, task.cancel)
    timer.start()
    result = made.services.runner.run(task)
    timer.join()
    assert result.aborted and result.seconds < 10


def _options():
    from server.engine.execution import ExecuteOptions

    return ExecuteOptions()


def test_a_test_run_executes_nothing(engine, tmp_path, caplog):
    caplog.set_level("INFO")
    target = tmp_path / "ran"
    phases = ", ".join(f"on_{phase}: {{phase: 'touch {target}'}}" for phase in ("start", "input", "filter", "exit"))
    output = f"on_output: {{phase: 'touch {target}', for_accepted: 'touch {target}'}}"
    config = f"tasks: {{a: {{mock: [{{title: One}}], accept_all: yes, exec: {{{phases}, {output}}}}}}}"
    engine(config).run(test=True)
    assert not target.exists()
    assert caplog.text.count(f"Would execute: touch {target}") == 6


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize(
    "place",
    [
        "# don't forget\nprintf %s {{v}}",
        "true # it's {{w}}\nprintf %s {{v}}",
        'true;# don\'t\nprintf %s "{{v}}"',
        "printf %s {{v}} # it's said",
        "x=a#b'c'; printf %s {{v}}",
        "x={{w}}#y'z'; printf %s {{v}}",
        'x=y; printf %s "${x#y}"{{v}}',
    ],
)
def test_quotes_in_comments_are_no_quotes(place: str, value: str) -> None:
    assert shell(place, v=value, w="it's").rstrip("\n") == value


def test_an_unknown_character_set_is_told_before_anything_runs(engine) -> None:
    made = engine("tasks: {t: {mock: [{title: a}], exec: {encoding: klingon, on_exit: {phase: 'exit 0'}}}}")
    assert made.run().abort_reason == "'klingon' is no character set: see `encoding`"
