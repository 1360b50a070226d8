"""``flexget execute`` in the command line's own process."""

from __future__ import annotations

import io

CONFIG = """
    tasks:
      tv-one:
        mock: [{title: Apple, url: "http://x/1"}]
        accept_all: yes
      tv-two:
        mock: [{title: Pear, url: "http://x/2"}]
      films:
        mock: [{title: Plum, url: "http://x/3"}]
"""


def test_globs_in_any_case_choose_tasks(configured):
    home = configured(CONFIG)
    assert home.run("execute", "--tasks", "TV-*").code == 0
    log = (home.folder / "flexget.log").read_text()
    assert "Apple" in log
    assert "Plum" not in log


def test_a_task_that_is_not_there_is_bad_usage_and_the_answer_lists_those_that_are(configured):
    result = configured(CONFIG).run("execute", "--tasks", "nothing")
    assert result.code == 2
    assert "tv-one, tv-two, films" in result.err


def test_log_lines_go_to_stderr_and_the_file_but_not_to_stdout(configured):
    home = configured(CONFIG)
    result = home.run("execute", "--tasks", "tv-one")
    assert "ACCEPTED: `Apple` by accept_all plugin" in result.err
    assert "Apple" not in result.out
    assert "ACCEPTED: `Apple`" in (home.folder / "flexget.log").read_text()


def test_cron_runs_say_nothing_on_the_terminal(configured):
    assert configured(CONFIG).run("--cron", "execute") == (0, "", "")


def test_levels_are_taken_in_any_case(configured):
    assert "ACCEPTED" not in configured(CONFIG).run("-L", "Warning", "execute").err


def test_an_aborted_task_is_no_failure_unless_strict(configured):
    home = configured("tasks: {a: {mock: [{title: x, url: 'http://x'}], accept_all: yes, abort: yes}}")
    assert home.run("execute").code == 0
    assert home.run("execute", "--strict").code == 1


def test_a_test_run_leaves_the_database_alone(configured):
    home = configured(CONFIG)
    assert home.run("execute").code == 0
    before = (home.folder / "db-config.sqlite").read_bytes()
    assert home.run("--test", "execute").code == 0
    assert (home.folder / "db-config.sqlite").read_bytes() == before


def test_an_injected_entry_takes_the_place_of_the_inputs(configured):
    result = configured(CONFIG).run("execute", "--tasks", "tv-one", "--inject", "Mine", "http://mine")
    assert "ACCEPTED: `Mine`" in result.err
    assert "Apple" not in result.err


def test_a_config_that_is_not_yaml_is_shown_with_its_line_and_exits_with_two(configured):
    result = configured("tasks:\n  a: [1\n").run("execute")
    assert result.code == 2
    assert "config.yml:" in result.err


def test_a_config_that_is_not_there_names_the_places_looked_at(home):
    result = home.run("execute")
    assert result.code == 2
    assert str(home.config) in result.err


def test_unknown_options_are_bad_usage(configured):
    assert configured(CONFIG).run("execute", "--bogus").code == 2


def test_a_value_without_equals_sign_is_bad_usage(configured):
    assert configured(CONFIG).run("execute", "--cli-config", "name").code == 2


def test_the_database_can_lie_elsewhere(configured, tmp_path):
    home = configured(f"database: sqlite:///{tmp_path}/other.sqlite\ntasks: {{}}\n")
    assert home.run("execute").code == 0
    assert (tmp_path / "other.sqlite").is_file()
    assert not (tmp_path / "db-config.sqlite").exists()


def test_names_in_the_config_are_replaced_by_values_of_the_command_line(configured):
    home = configured("tasks: {a: {mock: [{title: $what, url: 'http://x/$whatever'}], accept_all: yes}}")
    result = home.run("execute", "--cli-config", "what=Plum", "whatever=1", "--dump")
    assert "Plum" in result.out
    assert "http://x/1" in result.out


def test_regular_expressions_are_tried_at_the_terminal(configured, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("appl\n(\nexit\n"))
    result = configured(CONFIG).run("execute", "--tasks", "tv-one", "--try-regexp")
    assert "1 of 1 entries matched" in result.out
    assert "no regular expression" in result.out
    assert "ACCEPTED: `Apple`" in result.err


def test_the_dump_goes_to_stdout_with_a_section_for_each_state(configured):
    result = configured(CONFIG).run("execute", "--tasks", "tv-*", "--dump", "eval")
    lines = [line.strip("─ ") for line in result.out.splitlines()]
    assert lines.count("Accepted") == 1
    assert lines.count("Undecided") == 1
    assert "title         : Apple" in result.out


def test_an_entry_can_be_injected_with_fields_and_accepted_at_once(configured):
    result = configured(CONFIG).run(
        "inject", "Mine", "http://m", "--accept", "--fields", "a=b", "--tasks", "films", "--dump"
    )
    assert "title         : Mine" in result.out
    assert "a             : b" in result.out
    assert "Accepted" in result.out


def test_an_injected_entry_is_a_new_one_for_each_task(configured):
    result = configured(CONFIG).run("inject", "http://m/1", "--dump")
    assert result.code == 0
    assert result.out.count("title         : http://m/1") == 3
