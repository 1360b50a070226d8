"""``regexp``: what is accepted and rejected, and by which pattern."""

from __future__ import annotations

import re

import pytest

from server.plugins.filters._literals import needs
from tests.support import Engine, titles

HEAD = """
templates: {global: {disable: [seen]}}
tasks:
  a:
    mock:
      - {title: foo bar, url: "http://h/1"}
      - {title: foo baz, url: "http://h/2", path: /before}
      - {title: none, url: "http://h/some%20thing", description: has foo, other: x1, list: [aa, bb], number: 3.5}
    regexp: """


def run(engine, config: str):
    return engine(HEAD + config).run()


def test_patterns_look_at_title_and_description_without_case(engine) -> None:
    task = run(engine, "{accept: [FOO], rest: reject}")
    assert titles(task.accepted) == ["foo bar", "foo baz", "none"]
    assert task.accepted[2]["reason"] == "regexp 'FOO' matched description"


def test_the_first_pattern_of_the_list_counts_and_sets_its_fields(engine) -> None:
    task = run(
        engine,
        "{accept: [{foo: {not: [bar], path: /x, set: {label: '{{ title }}!'}}}, {foo: /second}],"
        " reject: [{baz: {set: {r: 1}}}]}",
    )
    bar, baz = task.all_entries[:2]
    assert (bar["path"], bar.get("label"), bar.state) == ("/second", None, "accepted")
    assert (baz["path"], baz["label"], baz["r"], baz.state) == ("/x", "foo baz!", 1, "rejected")


def test_excluding_acts_on_what_one_of_the_patterns_does_not_match(engine) -> None:
    task = run(engine, "{reject_excluding: [foo, ba]}")
    assert titles(task.rejected) == ["none"]
    assert task.rejected[0]["reason"] == "regexp 'ba' did not match title or description"
    assert titles(run(engine, "{accept_excluding: [bar]}").accepted) == ["foo baz", "none"]


def test_rest_acts_on_what_nothing_applied_to(engine) -> None:
    task = run(engine, "{accept: [baz], rest: reject}")
    assert (titles(task.accepted), titles(task.rejected)) == (["foo baz"], ["foo bar", "none"])


@pytest.mark.parametrize(
    ("pattern", "field"), [("some thing", "url"), ("^x1$", "other"), ("^bb$", "list"), (r"3\.5", "number")]
)
def test_other_fields_can_be_looked_at_for_all_patterns_or_for_one(engine, pattern: str, field: str) -> None:
    task = run(engine, f"{{accept: ['{pattern}'], from: {field}}}")
    assert titles(task.accepted) == ["none"]
    task = run(engine, f"{{accept: [never, {{'{pattern}': {{from: [title, {field}]}}}}]}}")
    assert titles(task.accepted) == ["none"]


def test_rejecting_wins_over_accepting(engine) -> None:
    assert titles(run(engine, "{accept: [foo], reject: [bar]}").rejected) == ["foo bar"]


def test_hundreds_of_patterns_find_what_each_alone_would(engine) -> None:
    patterns = [f"word{number}.*x" for number in range(300)]
    made: Engine = engine("tasks: {}")
    entries = [{"title": f"a word{number} {'x' if number % 3 else 'y'} ſtraße"} for number in range(0, 300, 7)]
    entries += [{"title": f"a WORD{number} {'X' if number % 3 else 'y'}"} for number in range(0, 300, 11)]
    made.configure(repr({"tasks": {"a": {"mock": entries, "regexp": {"accept": patterns}}}}))
    task = made.run("a")
    expected = [
        entry["title"]
        for entry in entries
        if any(re.search(pattern, entry["title"], re.IGNORECASE) for pattern in patterns)
    ]
    assert titles(task.accepted) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("some.show", ("some",)),
        (r"\bthe show\b", ("the show",)),
        ("a(bcd)+", ("bcd",)),
        ("(foo|bar).*x", ("foo", "bar")),
        ("(foo|b).*x", None),
        ("a?b?", None),
        ("(?:abc)?def", ("def",)),
        ("[abc]defg", ("defg",)),
        ("Größe", ("gr",)),
        ("(?!abc)xyz", ("xyz",)),
        ("(", None),
    ],
)
def test_a_pattern_tells_which_text_a_match_must_hold(pattern: str, expected: tuple[str, ...] | None) -> None:
    assert needs(pattern) == expected
