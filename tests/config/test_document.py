"""Reading YAML: meaning, places, and errors that say what to do."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from server.config.document import load
from server.config.errors import ConfigError, Issue, Position


def only_issue(text: str) -> Issue:
    with pytest.raises(ConfigError) as caught:
        load(text, path=Path("config.yml"))
    assert len(caught.value.issues) == 1
    return caught.value.issues[0]


def test_values_mean_what_yaml_1_1_says() -> None:
    text = "a: yes\nb: off\nc: 0777\nd: 12:30\ne: 1e3\nf: ~\ng: 2020-01-02\nh: '5'\ni: 0x1F\n"
    assert load(text).data == yaml.safe_load(text)
    assert load(text).data["c"] == 511


def test_anchors_and_merge_keys_are_followed() -> None:
    text = "base: &b {x: 1, y: 2}\nchild:\n  <<: *b\n  y: 3\n"
    assert load(text).data["child"] == {"x": 1, "y": 3}


def test_own_key_over_a_merged_one_is_no_duplicate() -> None:
    assert load("b: &b {x: 1}\nc: {x: 2, <<: *b}\n").data["c"] == {"x": 2}


def test_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_bytes(b"\xef\xbb\xbftasks:\r\n  tv:\r\n    rss: x\r\n")
    document = load(file)
    assert document.data == {"tasks": {"tv": {"rss": "x"}}}
    assert document.position(("tasks", "tv", "rss")) == Position(str(file), 3, 10)


def test_utf16_with_a_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_bytes("tasks: {ä: {}}\n".encode("utf-16"))
    assert load(file).data == {"tasks": {"ä": {}}}


def test_a_file_in_latin_1_is_refused_with_line_and_remedy(tmp_path: Path) -> None:
    file = tmp_path / "config.yml"
    file.write_bytes(b"tasks:\n  caf\xe9: {}\n")
    with pytest.raises(ConfigError) as caught:
        load(file)
    issue = caught.value.issues[0]
    assert (issue.line, issue.column) == (2, 6)
    assert "UTF-8" in str(issue)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.yml.*does not exist"):
        load(tmp_path / "nothing.yml")


def test_an_empty_text_means_nothing() -> None:
    assert load("# only a comment\n").data is None


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("tasks:\n  a:\n    rss: x\n    rss: y\n", 4, 5, "written twice"),
        ("yes: 1\ntrue: 2\n", 2, 1, "written twice"),
        ("b: &b {x: 1}\na:\n  <<: *b\n  x: 1\n  x: 2\n", 5, 3, "written twice"),
        ("tasks:\n\ta: 1\n", 2, 1, "tab"),
        ("tasks:\n  a:\n    - x\n\t- y\n", 4, 1, "tab"),
        ("a: &foo 1\nb: *fo\n", 2, 4, "Did you mean `foo`"),
        ("a: &x 1\nb: &x 2\n", 2, 4, "set twice"),
        ("a: *.mkv\n", 1, 5, "in quotes"),
        ("tasks:\n  a:\n    b: 1\n   c: 2\n", 4, 4, "indentation"),
        ("a: b: c\n", 1, 5, "`:`"),
        ("a: 1\nb: 'x\nc: 1\n", 2, 4, "never closed"),
        ('a: "\\d+"\n', 1, 5, "single quotes"),
        ("a: [1, 2\nb: 3\n", 2, 2, "closing bracket"),
        ("a: [\n", 1, 5, "closing bracket"),
        ("tasks: [\n  a", 2, 4, "closing bracket"),
        ("a: 1\n---\nb: 2\n", 2, 1, "one document"),
        ("a: !secret x\n", 1, 4, "tag"),
        ("a: {{ x }}\n", 1, 5, "quotes"),
        ("a: @x\n", 1, 4, "quotes"),
        ("a: 2024-13-45\n", 1, 4, "'2024-13-45'"),
        ("a: &x [*x]\n", 1, 4, "contains itself"),
        ("a: 1\nb: \x01\n", 2, 4, "U+0001"),
        ("a: {<<: 1}\n", 1, 9, "merge key"),
    ],
)
def test_a_fault_is_told_with_place_and_remedy(text: str, line: int, column: int, words: str) -> None:
    issue = only_issue(text)
    assert (issue.file, issue.line, issue.column) == ("config.yml", line, column)
    assert words in str(issue)


def test_a_fault_names_the_key_path_it_lies_in() -> None:
    assert only_issue("tasks:\n  tv:\n    rss: *nothing\n").key_path == ("tasks", "tv", "rss")


def test_all_duplicate_keys_are_told_in_order() -> None:
    with pytest.raises(ConfigError) as caught:
        load("a: {x: 1, x: 2}\nb: 1\na: 2\n")
    assert [issue.line for issue in caught.value.issues] == [1, 3]


def test_aliases_that_blow_up_are_refused_quickly() -> None:
    names = "abcdefghij"
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, name in pairwise(names):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 10)}]")
    with pytest.raises(ConfigError, match="1,000,000"):
        load("\n".join(lines))


def test_a_hostile_depth_is_an_error_and_no_crash() -> None:
    with pytest.raises(ConfigError):
        load("[" * 20000)


def test_positions_of_keys_values_items_and_unknown_paths() -> None:
    document = load("tasks:\n  tv:\n    rss: http://x/\n    mock:\n      - title: a\n", path=Path("c.yml"))
    assert document.position(("tasks", "tv", "rss")) == Position("c.yml", 3, 10)
    assert document.position(("tasks", "tv", "rss"), key=True) == Position("c.yml", 3, 5)
    assert document.position(("tasks", "tv", "mock", 0, "title")) == Position("c.yml", 5, 16)
    assert document.position(("tasks", "tv", "nothing", "below")) == Position("c.yml", 2, 3)


def test_the_position_of_a_merged_value_is_where_it_is_written() -> None:
    document = load("base: &b\n  x: 1\nchild:\n  <<: *b\n")
    assert document.position(("child", "x")) == Position(None, 2, 6)


def test_the_hash_follows_the_bytes(tmp_path: Path) -> None:
    assert load("a: 1\n").hash != load("a: 1").hash
    file = tmp_path / "c.yml"
    file.write_text("a: 1\n")
    assert load(file).hash == load("a: 1\n").hash
