"""Commands about the setup: config, accounts, plugins, health."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import jsonschema

from server import __version__
from server.cli.main import COMMANDS, cli

CONFIG = "tasks: {fruit: {mock: [{title: Apple, url: 'http://x/1'}], accept_all: yes}}\n"
PASSWORD = "correct-horse-77-battery"


def test_the_first_line_of_the_version_is_the_version(home):
    assert home.run("-V").out.splitlines()[0] == __version__


def test_the_version_needs_no_heavy_imports():
    code = (
        "import sys; from server.cli.main import main; main(['-V']); "
        "print(sorted({'sqlalchemy', 'tornado', 'yaml', 'logging', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_command_can_be_asked_for_help(home):
    for name in COMMANDS:
        result = home.run(name, "--help")
        assert result.code == 0, name
        assert "Usage: flexget" in result.out


def test_no_command_is_a_bad_one(home):
    assert home.run("nonsense").code == 2
    assert cli.name == "cli"


def test_a_good_config_passes(configured):
    result = configured(CONFIG).run("check")
    assert result.code == 0
    assert "passed" in result.out


def test_everything_wrong_with_a_config_is_told_with_its_place(configured):
    result = configured("tasks:\n  a:\n    regexpp: {}\n    accept_all: 5\n  b:\n    mok: []\n").run("check")
    assert result.code == 2
    for place in ("config.yml:3:5", "config.yml:4", "config.yml:6:5"):
        assert place in result.err
    assert "`regexp`" in result.err
    assert "3 errors" in result.err


def test_a_weak_password_is_refused_with_the_reason(configured):
    result = configured(CONFIG).run("web", "passwd", "abc")
    assert result.code == 1
    assert "not strong enough" in result.err


def test_a_strong_password_is_taken(configured):
    home = configured(CONFIG)
    assert home.run("web", "passwd", PASSWORD).out == "Updated password\n"
    raw = (home.folder / "db-config.sqlite").read_bytes()
    assert PASSWORD.encode() not in raw


def test_the_token_stays_until_it_is_renewed(configured):
    home = configured(CONFIG)
    first = home.run("web", "showtoken").out
    assert first.startswith("Token: ")
    assert home.run("web", "showtoken").out == first
    assert home.run("web", "gentoken").out != first


def test_a_sign_in_link_needs_a_daemon(configured):
    assert configured(CONFIG).run("web", "link").code == 1


def test_plugins_are_listed_by_phase_interface_and_as_builtins(configured):
    home = configured(CONFIG)
    keywords = {line.partition("|")[0] for line in home.run("plugins", "--porcelain").out.splitlines()[1:]}
    assert {"mock", "accept_all", "regexp"} <= keywords
    inputs = home.run("plugins", "--phase", "input", "--porcelain").out
    assert "mock|" in inputs
    assert "accept_all|" not in inputs
    assert "mock|" not in home.run("plugins", "--builtins", "--porcelain").out
    assert home.run("plugins", "--phase", "nonsense").code == 2
    assert "mock|" in home.run("plugins", "--interface", "TASK", "--porcelain").out


def test_a_plugin_explains_itself(configured):
    home = configured(CONFIG)
    assert "mock:" in home.run("doc", "mock").out
    result = home.run("doc", "mok")
    assert result.code == 2
    assert "`mock`" in result.err


def test_the_exported_schema_takes_the_good_config_and_refuses_a_bad_one(configured):
    home = configured(CONFIG)
    schema = json.loads(home.run("export-schema").out)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid({"tasks": {"a": {"mock": [{"title": "x"}], "accept_all": True}}})
    assert not validator.is_valid({"tasks": {"a": {"mokk": True}}})
    assert validator.is_valid({"tasks": {"a": {"list_add": [{"entry_list": "x"}]}}})
    assert not validator.is_valid({"tasks": {"a": {"list_add": [{"accept_all": True}]}}})
    assert not validator.is_valid({"schedules": 5})


def test_template_filters_are_listed(configured):
    assert "pathbase" in configured(CONFIG).run("jinja-filters", "--name", "path").out


def test_bug_reports_have_versions_and_places(configured):
    home = configured(CONFIG)
    result = home.run("debug-info")
    assert __version__ in result.out
    assert str(home.config) in result.out


def test_a_sound_setup_has_nothing_wrong(configured):
    result = configured(CONFIG).run("doctor")
    assert result.code == 0, result.out
    assert "Nothing is wrong" in result.out


def test_the_doctor_finds_a_bad_config_a_damaged_database_and_a_broken_plugin(configured):
    home = configured(CONFIG)
    (home.folder / "plugins").mkdir()
    (home.folder / "plugins" / "mine.py").write_text("this is no Python")
    (home.folder / "db-config.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    result = home.run("doctor")
    assert result.code == 1
    assert "mine.py" in result.out
    assert "damaged" in result.out
    home.write("tasks: {a: {mok: []}}\n")
    result = home.run("doctor")
    assert result.code == 1
    assert "config.yml:1" in result.out


def test_the_doctor_looks_at_the_database_that_the_config_names(configured, tmp_path: Path):
    home = configured(f"database: sqlite:///{tmp_path.as_posix()}/other.db\n{CONFIG}")
    assert home.run("execute").code == 0
    result = home.run("doctor")
    assert result.code == 0
    assert "the database is sound" in result.out
    home.write(f"database: sqlite:///{tmp_path.as_posix()}\n{CONFIG}")  # a folder
    result = home.run("doctor")
    assert result.code == 1
    assert "cannot be opened" in result.out
    assert "Traceback" not in result.err


def test_the_doctor_finds_that_the_port_is_taken(configured):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = configured(f"web_server: {{bind: 127.0.0.1, port: {port}}}\n{CONFIG}").run("doctor")
    assert result.code == 1
    assert str(port) in result.out


def test_a_database_of_a_newer_version_is_told_without_a_traceback(configured):
    home = configured(CONFIG)
    assert home.run("execute").code == 0
    with sqlite3.connect(home.folder / "db-config.sqlite") as connection:
        connection.execute("UPDATE schema_versions SET version = 999")
    connection.close()
    result = home.run("history")
    assert result.code == 1
    assert "newer version" in result.err
    assert "Traceback" not in result.err
