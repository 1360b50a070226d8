"""``if``: conditions and what they lead to."""

from __future__ import annotations

import pytest

from tests.support import titles

HEAD = """
templates: {global: {disable: [seen, retry_failed]}}
tasks:
  a:
    mock:
      - {title: One 720p, url: "http://h/1", n: 5, genres: [drama], when: 2020-01-01 10:00:00, day: 2020-01-01}
      - {title: Two, url: "http://h/2", n: 6, flag: yes}
    if:
"""


def run(engine, *items: str):
    return engine(HEAD + "".join(f"      - {item}\n" for item in items)).run()


@pytest.mark.parametrize(
    ("condition", "fitting"),
    [
        ("n == 5", ["One 720p"]),
        ("n > 3 and 'o' in title|lower", ["One 720p", "Two"]),
        ("has_field('flag')", ["Two"]),
        ("flag is defined", ["Two"]),
        ("flag", ["Two"]),
        ("not flag", []),
        ("'drama' in genres", ["One 720p"]),
        ("quality >= '720p'", ["One 720p"]),
        ("when < now - timedelta(days=10)", ["One 720p"]),
        ("day < now", ["One 720p"]),
        ("now.year > 2000", ["One 720p", "Two"]),
        ("title|re_search('tw')", ["Two"]),
        ("len(title) == 3 and str(n) == '6' and any([n]) and sorted([2, 1])[0] == 1", ["Two"]),
        ("title.startswith('T')", ["Two"]),
        ("task == 'a'", ["One 720p", "Two"]),
        ("title.__class__", []),
        ("yes", ["One 720p", "Two"]),
    ],
)
def test_a_condition_is_an_expression_over_the_fields(engine, condition: str, fitting: list[str]) -> None:
    task = run(engine, f'"{condition}": accept' if condition != "yes" else "yes: accept")
    assert titles(task.accepted) == fitting


def test_a_condition_that_fails_is_false_and_told(engine, caplog) -> None:
    task = run(engine, '"n / 0": accept', '"n > title": accept', '"nothing > 3": accept')
    assert task.accepted == []
    assert sum("cannot be told" in record.message for record in caplog.records) == 4


def test_entries_are_accepted_rejected_or_failed_with_the_condition_as_reason(engine) -> None:
    task = run(engine, '"n == 5": accept', '"n == 6": fail')
    assert (task.accepted[0]["reason"], task.accepted[0]["accepted_by"]) == ("if n == 5", "if")
    assert titles(task.failed) == ["Two"]
    assert titles(run(engine, '"n == 5": reject').rejected) == ["One 720p"]


def test_plugins_run_in_their_phases_on_the_fitting_entries_only(engine) -> None:
    task = run(engine, '"n == 5": {set: {path: "/{{ title }}"}, accept_all: yes}', '"n == 6": {reject: too big}')
    one, two = task.all_entries
    assert (one.state, one["accepted_by"], one["path"]) == ("accepted", "if", "/One 720p")
    assert (two.state, two["reason"], "path" in two) == ("rejected", "too big", False)


def test_conditions_can_be_nested(engine) -> None:
    inner = '{if: [{"flag": {set: {deep: yes}, accept_all: yes}}, {"n == 6": accept}]}'
    task = run(engine, f'"n > 1": {inner}')
    assert titles(task.accepted) == ["Two"]
    assert task.accepted[0]["deep"] is True
    assert "deep" not in task.all_entries[0]


def test_fields_that_a_condition_set_count_in_later_ones(engine) -> None:
    task = run(engine, '"n == 5": {set: {tag: "{{ n + 1 }}"}}', "tag == 6: accept")
    assert titles(task.accepted) == ["One 720p"]
