"""``set`` and ``manipulate``."""

from __future__ import annotations

from server.engine.entry import Entry
from server.plugins.modify.set import native, set_fields
from tests.support import Engine

HEAD = """
templates: {global: {disable: [seen], accept_all: yes}}
tasks:
  a:
    mock:
      - {title: "[48952] The Series S01E01 720p", description: foo bar foo, n: 5, old: was, list: [a]}
"""


def first(engine, config: str):
    made: Engine = engine(HEAD + "".join(f"    {line}\n" for line in config.strip().splitlines()))
    return made.run().all_entries[0]


def test_templates_see_fields_that_are_set_later_and_their_own_old_value(engine) -> None:
    entry = first(
        engine,
        """
set:
  a: "{{ b }}x"
  b: "{{ n }}"
  n: 7
  old: "{{ old }}er"
  title: "{{ title|lower }}"
  rest: "{{ a }}/{{ title }}"
  list: ["{{ n }}"]
  nothing: null
""",
    )
    assert entry["rest"] == "7x/[48952] the series s01e01 720p"
    assert (entry["a"], entry["b"], entry["old"], entry["n"], entry["list"]) == ("7x", 7, "waser", 7, ["{{ n }}"])
    assert entry["nothing"] is None


def test_what_looks_like_a_literal_becomes_one(engine) -> None:
    entry = first(
        engine,
        """
set: {sum: "{{ n + 2 }}", list: "{{ [n, 'x'] }}", more: "{{ n > 3 }}", id: "{{ '007' }}", title: "{{ 24 }}", plain: "5"}
if:
  - sum > 6: {set: {large: "{{ sum }} is large"}}
""",
    )
    assert (entry["sum"], entry["list"], entry["more"], entry["id"]) == (7, [5, "x"], True, "007")
    assert (entry["title"], entry["plain"], entry["large"]) == ("24", "5", "7 is large")


def test_long_or_broken_literals_stay_texts() -> None:
    for text in ("(" * 500, "[1, 2", "1" * 2000, "12 o'clock", "'a' b", "-"):
        assert native(text) == text


def test_what_cannot_be_filled_in_keeps_the_old_value(engine, caplog) -> None:
    entry = first(engine, 'set: {old: "{{ missing }}", new: "{{ missing }}", c1: "{{ c2 }}", c2: "{{ c1 }}"}')
    assert (entry["old"], entry.get("new"), entry.get("c1")) == ("was", None, None)
    assert "Could not set old" in caplog.text


def test_a_field_found_out_lazily_can_be_replaced_by_a_template_of_itself() -> None:
    entry = Entry(title="a", url="http://h/1")
    entry.register_lazy(["score"], lambda item: item.update(score=7))
    set_fields(entry, {"score": "{{ score }} of 10"})
    assert entry.is_lazy("score")
    assert entry["score"] == "7 of 10"


def test_manipulate_extracts_replaces_erases_and_removes_in_order(engine) -> None:
    entry = first(
        engine,
        r"""
manipulate:
  - title: {extract: '\[\d+\](.*)'}
  - joined: {from: title, extract: '(\w+) (\w+) (s\d+)', separator: '-'}
  - all: {from: description, extract: '(foo)', find_all: yes, separator: ','}
  - digits: {from: title, extract: '\d', find_all: yes}
  - unmatched: {from: description, extract: '(never)'}
  - erased: {from: description, erase: [foo, '\s']}
  - swapped: {from: description, replace: {regexp: '(foo) (BAR)', format: '\2 \1'}}
  - number: {from: n, replace: {regexp: '5', format: five}}
  - copy: {from: list}
  - absent: {from: missing, extract: '(a)'}
  - description: {remove: yes}
""",
    )
    assert entry["title"] == "The Series S01E01 720p"
    assert entry["joined"] == "The-Series-S01"
    assert (entry["all"], entry["digits"], entry["unmatched"]) == ("foo,foo", "0 1 0 1 7 2 0", "foo bar foo")
    assert (entry["erased"], entry["swapped"], entry["number"]) == ("bar", "bar foo foo", "five")
    assert entry["copy"] == ["a"]
    assert "absent" not in entry
    assert "description" not in entry


def test_manipulate_can_work_in_other_phases(engine) -> None:
    entry = first(
        engine, "manipulate: [{title: {phase: modify, replace: {regexp: the, format: A}}}]\nset: {seen: '{{ title }}'}"
    )
    assert "A Series" in entry["title"]
