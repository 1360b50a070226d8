"""``{? name ?}`` is filled, everything else passes; unknown names are told at their line; secrets are masked."""

import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.config.document import load
from server.config.errors import ConfigError
from server.config.variables import Variables, read_variables, substitute, write_variables

VALUES = {
    "n": 5,
    "text": "07",
    "digits": "5",
    "list": ["a"],
    "map": {"a": "hello"},
    "ref": "{? n ?}x",
    "t": "{{ title }}",
}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{? n ?}", 5),
        (" {? n ?}", " 5"),
        ("{? text ?}", "07"),
        ("{? digits ?}", 5),
        ("{? digits ?}{? digits ?}", 55),
        ("{? list ?}", ["a"]),
        ("{? map ?}", {"a": "hello"}),
        ("{? map.a ?} {? map['a']|upper ?}", "hello HELLO"),
        ("{? ref ?}", "5x"),
        ("{? t ?} {{ title }}", "{{ title }} {{ title }}"),
        ("{{ a }} {% if x %}{# c #} {? n ?}\n", "{{ a }} {% if x %}{# c #} 5\n"),
        ("open {? n", "open {? n"),
        ("{? 1 + n ?}", 6),
        ("C:\\new {? n ?}", "C:\\new 5"),
    ],
)
def test_placeholders_are_filled_and_nothing_else(text: str, result: Any) -> None:
    filled, used = substitute({"a": [text]}, Variables(VALUES, active=True))
    assert filled == {"a": [result]}
    assert bool(used) == ("?}" in text)


def test_keys_are_filled_too() -> None:
    assert substitute({"{? map.a ?}": 1}, Variables(VALUES, active=True))[0] == {"hello": 1}


def test_without_variables_everything_passes() -> None:
    data = {"a": "{? x ?}"}
    assert substitute(data, Variables())[0] is data


def test_data_without_placeholders_is_shared_and_jinja_is_not_loaded() -> None:
    code = (
        "import sys\nfrom server.config.variables import Variables, substitute\n"
        "data = {'a': ['{{ x }}']}\nassert substitute(data, Variables({}, active=True))[0] is data\n"
        "assert 'jinja2' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_variables_are_all_told_at_their_lines() -> None:
    document = load(
        "variables: {user: bob}\ntasks:\n  a:\n    x: '{? usr ?}'\n    y: '{? user ?} {? nothing.at.all ?}'\n"
    )
    with pytest.raises(ConfigError) as caught:
        substitute(document.data, read_variables(document), document)
    assert [(issue.line, issue.column) for issue in caught.value.issues] == [(4, 8), (5, 8)]
    assert "There is no variable `usr`" in str(caught.value)
    assert "Did you mean `user`?" in str(caught.value)
    assert "no variable `nothing`" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["{? x.y ?}", "{? 1/0 ?}", "{? x( ?}", "{? x.__class__.__mro__ ?}", "{? x|nofilter ?}"]
)
def test_a_placeholder_that_cannot_be_filled_is_an_error(text: str) -> None:
    with pytest.raises(ConfigError):
        substitute({"a": text}, Variables({"x": {"a": 1}}, active=True))


def test_the_ways_to_name_variables(tmp_path: Path) -> None:
    (tmp_path / "variables.yml").write_text("a: default\n")
    (tmp_path / "other.yml").write_text("a: other\n")

    def values(value: str) -> dict[str, Any]:
        return read_variables(load(value, path=tmp_path / "config.yml")).values

    assert values("variables: yes\n") == {"a": "default"}
    assert values("variables: other.yml\n") == {"a": "other"}
    assert values("secrets: other.yml\n") == {"a": "other"}
    assert values("variables: {a: inline}\n") == {"a": "inline"}
    assert values("variables: no\n") == {}
    assert not read_variables(load("variables: no\n")).active


def test_a_missing_file_is_an_error_at_the_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_variables(load("tasks: {}\nvariables: gone.yml\n", path=tmp_path / "config.yml"))
    assert caught.value.issues[0].line == 2
    assert "gone.yml` does not exist" in str(caught.value)


def test_variables_yes_without_a_file_is_an_empty_set(tmp_path: Path) -> None:
    found = read_variables(load("variables: yes\n", path=tmp_path / "config.yml"))
    assert (found.values, found.active, found.file) == ({}, True, tmp_path / "variables.yml")


def test_a_broken_variables_file_is_told_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "variables.yml").write_text("- a\n")
    with pytest.raises(ConfigError, match=r"variables\.yml:1"):
        read_variables(load("variables: yes\n", path=tmp_path / "config.yml"))


def test_values_are_masked_longest_first_and_short_ones_are_not() -> None:
    variables = Variables({"a": "pass", "b": {"c": "password", "d": [12345]}, "e": "abc", "f": True}, active=True)
    assert variables.mask("password pass 12345 abc true") == "*** *** *** abc true"


def test_writing_keeps_the_layout_and_a_new_file_is_private(tmp_path: Path) -> None:
    file = tmp_path / "variables.yml"
    write_variables(file, {"a": 1})
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("# mine\na: 1  # one\nb: 2\n")
    write_variables(file, {"a": 1, "c": "x"})
    assert file.read_text() == "# mine\na: 1  # one\nc: x\n"
    write_variables(file, {})
    assert load(file).data == {}


def test_the_place_of_a_variable_is_known(tmp_path: Path) -> None:
    document = load("variables:\n  a: 1\n", path=Path("config.yml"))
    position = read_variables(document).position("a")
    assert position is not None
    assert position.line == 2
