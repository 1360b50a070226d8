"""Edits touch only the bytes that mean the change."""

import difflib
from typing import Any

import pytest
import yaml

from server.config.document import load
from server.config.edit import delete, insert, rename, replace_all, set_value
from server.config.errors import EditError

CONFIG = """\
# My config, with care
web_server: yes   # on 5050

templates:
    base: {limit_new: 5, 'quality': "720p+"}

tasks:
  # shows
  tv:
    rss: http://example.com/tv   # the feed
    series:
      - Alpha
      - 'Beta':   {begin: S01E01}
      - Gamma   # third
    # deeper comment of tv

  # films
  films:
    template: [base, other]   # both
    set: &path
      path: /films/
    exec: |
      echo one
      echo two

  other:
    set: *path
    accept_all: yes
# the end
"""


def changed_lines(old: str, new: str) -> list[str]:
    return [
        line.rstrip("\n")
        for line in difflib.ndiff(old.splitlines(keepends=True), new.splitlines(keepends=True))
        if line[0] in "+-"
    ]


@pytest.mark.parametrize(
    ("path", "value", "changes"),
    [
        (
            ("tasks", "tv", "rss"),
            "http://x/",
            ["-     rss: http://example.com/tv   # the feed", "+     rss: http://x/   # the feed"],
        ),
        (("web_server",), 5051, ["- web_server: yes   # on 5050", "+ web_server: 5051   # on 5050"]),
        (
            ("web_server",),
            {"port": 1, "bind": "::"},
            ["- web_server: yes   # on 5050", "+ web_server:   # on 5050", "+   port: 1", "+   bind: '::'"],
        ),
        (
            ("templates", "base", "quality"),
            "1080p",
            [
                "-     base: {limit_new: 5, 'quality': \"720p+\"}",
                "+     base: {limit_new: 5, 'quality': \"1080p\"}",
            ],
        ),
        (
            ("templates", "base", "series"),
            ["A, b", "yes"],
            [
                "-     base: {limit_new: 5, 'quality': \"720p+\"}",
                "+     base: {limit_new: 5, 'quality': \"720p+\", series: ['A, b', 'yes']}",
            ],
        ),
        (("tasks", "tv", "series", 0), "Delta", ["-       - Alpha", "+       - Delta"]),
        (
            ("tasks", "tv", "series", 1, "Beta", "begin"),
            "12:30",
            ["-       - 'Beta':   {begin: S01E01}", "+       - 'Beta':   {begin: '12:30'}"],
        ),
        (("tasks", "tv", "series", 3), {"New": {"a": 1}}, ["+       - New:", "+           a: 1"]),
        (("tasks", "tv", "series"), ["Alpha", {"Beta": {"begin": "S01E01"}}], ["-       - Gamma   # third"]),
        (("tasks", "tv", "interval"), "5 minutes", ["+     interval: 5 minutes"]),
        (
            ("tasks", "films", "template"),
            "no",
            ["-     template: [base, other]   # both", "+     template: 'no'   # both"],
        ),
        (
            ("tasks", "films", "exec"),
            "echo",
            ["-     exec: |", "+     exec: echo", "-       echo one", "-       echo two"],
        ),
        (
            ("tasks", "films", "exec"),
            "echo one\necho three\n",
            ["-       echo two", "+       echo three"],
        ),
        (("tasks", "other", "accept_all"), False, ["-     accept_all: yes", "+     accept_all: no"]),
        (("tasks", "new"), {"mock": []}, ["+   new:", "+     mock: []"]),
        (("schedules",), False, ["+ schedules: no"]),
        (
            ("tasks", "other", "set"),
            {"path": "/else/"},
            ["-     set: *path", "+     set:", "+       path: /else/"],
        ),
    ],
)
def test_setting_a_value_changes_only_its_lines(path: tuple[Any, ...], value: Any, changes: list[str]) -> None:
    assert changed_lines(CONFIG, set_value(CONFIG, path, value)) == changes


def test_a_task_with_one_changed_option_changes_one_line() -> None:
    task = yaml.safe_load(CONFIG)["tasks"]["tv"]
    task["rss"] = "http://x/"
    assert len(changed_lines(CONFIG, set_value(CONFIG, ("tasks", "tv"), task))) == 2


def test_setting_what_is_there_changes_nothing() -> None:
    assert set_value(CONFIG, ("tasks",), yaml.safe_load(CONFIG)["tasks"]) == CONFIG


def test_deleting_a_task_takes_its_comments_along() -> None:
    assert changed_lines(CONFIG, delete(CONFIG, ("tasks", "tv"))) == [
        "-   # shows",
        "-   tv:",
        "-     rss: http://example.com/tv   # the feed",
        "-     series:",
        "-       - Alpha",
        "-       - 'Beta':   {begin: S01E01}",
        "-       - Gamma   # third",
        "-     # deeper comment of tv",
    ]


@pytest.mark.parametrize(
    ("text", "path", "result"),
    [
        ("a: 1\nb: 2\n", ("a",), "b: 2\n"),
        ("# of the file\na: 1\nb: 2\n", ("a",), "# of the file\nb: 2\n"),
        ("x:\n  # of a\n  a: 1\n  # of b\n  b: 2\n", ("x", "a"), "x:\n  # of b\n  b: 2\n"),
        ("x:\n  a: 1\n", ("x", "a"), "x: {}\n"),
        ("x: # c\n  a: 1\ny: 2\n", ("x", "a"), "x: {} # c\ny: 2\n"),
        ("a: {b: 1, c: 2, d: 3}\n", ("a", "b"), "a: {c: 2, d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", ("a", "d"), "a: {b: 1, c: 2}\n"),
        ("a: {b: 1}\n", ("a", "b"), "a: {}\n"),
        ("a: [1, 2, 3]\n", ("a", 1), "a: [1, 3]\n"),
        ("a:\n- 1\n# two\n- 2\n- 3\n", ("a", 1), "a:\n- 1\n- 3\n"),
        ("a:\n- x: 1\n  y: 2\n", ("a", 0, "x"), "a:\n- y: 2\n"),
        ("a:\n- x: 1\n  y: 2\n- z\n", ("a", 0, "y"), "a:\n- x: 1\n- z\n"),
        ("a:\n- - 1\n  - 2\n", ("a", 0, 0), "a:\n- - 2\n"),
        ("a: 1\nb: 2", ("b",), "a: 1"),
        ("a: 1\r\nb: 2\r\n", ("a",), "b: 2\r\n"),
        ("a:\n\n  b: 1\n\n  c: 2\n\n  d: 3\n", ("a", "c"), "a:\n\n  b: 1\n\n  d: 3\n"),
    ],
)
def test_deleting(text: str, path: tuple[Any, ...], result: str) -> None:
    assert delete(text, path) == result


@pytest.mark.parametrize(
    ("text", "path", "value", "result"),
    [
        ("", ("a",), 1, "a: 1\n"),
        ("# only words\n", ("a", "b"), [1], "# only words\na:\n  b:\n    - 1\n"),
        ("tasks:\n", ("tasks", "a"), {"b": 1}, "tasks:\n  a:\n    b: 1\n"),
        ("tasks: {}\nx: 1\n", ("tasks", "a"), {"b": 1}, "tasks:\n  a:\n    b: 1\nx: 1\n"),
        ("tasks:  # mine\n\nx: 1\n", ("tasks",), 5, "tasks: 5  # mine\n\nx: 1\n"),
        ("a: 1", ("b",), 2, "a: 1\nb: 2"),
        ("a: 1\r\n", ("b", "c"), [1], "a: 1\r\nb:\r\n  c:\r\n    - 1\r\n"),
        ("a:\n- 1\n", ("b",), [2], "a:\n- 1\nb:\n- 2\n"),
        ("a:\n    b:\n        c: 1\n", ("a", "d"), {"e": 1}, "a:\n    b:\n        c: 1\n    d:\n        e: 1\n"),
        ("a: true\n", ("b",), False, "a: true\nb: false\n"),
        ("a: 'x'\n", ("a",), "it's", "a: 'it''s'\n"),
        ('a: "x"\n', ("a",), "y", 'a: "y"\n'),
        ("a: x\n", ("a",), "yes", "a: 'yes'\n"),
        ("a: x\n", ("a",), "0777", "a: '0777'\n"),
        ("a: x\n", ("a",), "# no comment", "a: '# no comment'\n"),
        ("a: x\n", ("a",), None, "a: null\n"),
        ("a: x # c\n", ("a",), "one\ntwo", "a: |-  # c\n  one\n  two\n".replace("|-  #", "|- #")),
        ("a:\n  - x\n", ("a", 0), {"b": 1, "c": [2]}, "a:\n  - b: 1\n    c:\n      - 2\n"),
        ("a:\n  -   x\n", ("a", 0), {"b": 1, "c": 2}, "a:\n  -   b: 1\n      c: 2\n"),
        ("a:\n  - b: 1\n    c: 2\n  - d\n", ("a", 0), "x", "a:\n  - x\n  - d\n"),
        ("a:\n  -\n  - d\n", ("a", 0), {"x": 1}, "a:\n  - x: 1\n  - d\n"),
        ("a: {b, c: }\n", ("a", "b"), 1, "a: {b: 1, c: }\n"),
        ("a: {b, c: }\n", ("a", "c"), 1, "a: {b, c: 1 }\n"),
        ("a: [\n  1,  # one\n  2,\n]\n", ("a", 2), 3, "a: [\n  1,  # one\n  2, 3,\n]\n"),
        ("a: &x\n  b: 1\n", ("a", "b"), 2, "a: &x\n  b: 2\n"),
        ("a: &x foo\n", ("a",), "bar", "a: &x bar\n"),
        ("a: !!str 5\n", ("a",), 6, "a: 6\n"),
        ("b: &b {x: 1}\nc:\n  <<: *b\n", ("c", "x"), 2, "b: &b {x: 1}\nc:\n  <<: *b\n  x: 2\n"),
        ("b: &b {x: 1}\nc: *b\n", ("c", "y"), 2, "b: &b {x: 1}\nc:\n  x: 1\n  y: 2\n"),
        ("\ufeffa: 1\n", ("a",), 2, "\ufeffa: 2\n"),
        ("a: 'ünï 😀'  # 😀\nb: 1\n", ("b",), "😀", "a: 'ünï 😀'  # 😀\nb: 😀\n"),
        ("a:\t1\t# tab\n", ("a",), 2, "a:\t2\t# tab\n"),
        ("a: one\n  two\nb: 1\n", ("a",), "x", "a: x\nb: 1\n"),
        ("a: |+\n  x\n\nb: 1\n", ("b",), 2, "a: |+\n  x\n\nb: 2\n"),
        ("---\na: 1\n...\n", ("b",), 2, "---\na: 1\nb: 2\n...\n"),
        ("a: {b: null}\n", ("a", "b"), {"c": None}, "a: {b: {c: null}}\n"),
        ("a: 1", ("b",), "x\ny\n", "a: 1\nb: |\n  x\n  y\n"),
        ("a:\n  # c\n  b: 1\n", ("a",), "x\ny\n", 'a: "x\\ny\\n"\n  # c\n'),
        ("a: |\n  x\n  y", ("b",), 1, "a: |-\n  x\n  y\nb: 1"),
        ("2: a\nyes: b\n", (True,), "c", "2: a\nyes: c\n"),
        ("a: [1, 2]\n", ("a",), [0, 1, 2], "a: [0, 1, 2]\n"),
        ("a:\n  - 2\n", ("a",), [1, 2], "a:\n  - 1\n  - 2\n"),
        ("a:\n  - - 2\n", ("a", 0), [1, 2], "a:\n  - - 1\n    - 2\n"),
        ("a:\n  b: 1\n  # trailing\nc: 1\n", ("a", "d"), 2, "a:\n  b: 1\n  d: 2\n  # trailing\nc: 1\n"),
    ],
)
def test_setting(text: str, path: tuple[Any, ...], value: Any, result: str) -> None:
    assert set_value(text, path, value) == result


@pytest.mark.parametrize(
    ("number", "written"),
    [(5e-324, "5.0e-324"), (1e-05, "1.0e-05"), (1e16, "1.0e+16"), (-2.5e300, "-2.5e+300"), (float("inf"), ".inf")],
)
def test_numbers_with_an_exponent_are_written_as_yaml_reads_numbers(number: float, written: str) -> None:
    assert set_value("a: {b: 1}\nc: 2\n", ("c",), number) == f"a: {{b: 1}}\nc: {written}\n"
    assert set_value("a: {b: 1}\nc: 2\n", ("a", "b"), number) == f"a: {{b: {written}}}\nc: 2\n"


def test_a_long_name_is_written_and_renamed_like_any_other() -> None:
    name = "long name " * 40 + "end"
    added = set_value("tasks:\n  a: {}\n", ("tasks", name), {"b": 1})
    assert added == f"tasks:\n  a: {{}}\n  {name}:\n    b: 1\n"
    assert rename("tasks:\n  a: {}\n", ("tasks", "a"), name) == f"tasks:\n  {name}: {{}}\n"


def test_a_name_with_characters_that_yaml_folds_is_escaped() -> None:
    text = set_value("a: 1\n", ("\x85b",), {"c": 2})
    assert yaml.safe_load(text) == {"a": 1, "\x85b": {"c": 2}}


def test_several_changes_at_one_place_keep_their_order() -> None:
    text = "a:\n  b:\n    c: 1\n"
    assert replace_all(text, {"a": {"b": {"c": 1, "d": 2}, "e": 3}, "f": 4}) == (
        "a:\n  b:\n    c: 1\n    d: 2\n  e: 3\nf: 4\n"
    )


def test_the_last_key_can_be_replaced_by_another() -> None:
    assert replace_all("a: 1\nb: 2\n  # of b\n# end\n", {"a": 1, "c": 3}) == "a: 1\nc: 3\n# end\n"


def test_renaming_keeps_place_value_and_quotes() -> None:
    text = "tasks:\n  'tv': # c\n    rss: x\n  b: {c: 1}\n"
    assert rename(text, ("tasks", "tv"), "it's") == text.replace("'tv'", "'it''s'")
    assert rename(text, ("tasks", "b"), "yes") == text.replace("b:", "'yes':")
    assert rename(text, ("tasks", "b", "c"), "x, y") == text.replace("{c:", "{'x, y':")


def test_inserting_or_renaming_onto_a_used_name_is_refused() -> None:
    with pytest.raises(EditError, match="there already"):
        insert(CONFIG, ("tasks", "tv"), {})
    with pytest.raises(EditError, match="in use"):
        rename(CONFIG, ("tasks", "tv"), "films")


SHARED = """\
a: &a   # first
  m: &m [1]   # list
  s: {x: *m}
  y: yes
b: *a   # second
c: {l: [*a, *m]}
d:
  <<: *a
  z:
    - *m
"""


def test_who_shares_the_changed_value_by_an_alias_keeps_what_it_had() -> None:
    assert changed_lines(CONFIG, set_value(CONFIG, ("tasks", "films", "set", "path"), "/else/")) == [
        "-     set: &path",
        "+     set:",
        "-       path: /films/",
        "+       path: /else/",
        "-     set: *path",
        "+     set: &path",
        "+       path: /films/",
    ]


def test_the_first_alias_of_a_changed_value_takes_its_anchor_over() -> None:
    assert set_value(SHARED, ("a", "y"), False) == SHARED.replace("y: yes", "y: no").replace("a: &a", "a:").replace(
        "b: *a   # second\n", "b: &a   # second\n  m:\n    - 1\n  s:\n    x:\n      - 1\n  y: yes\n"
    )


def test_a_removed_value_leaves_its_anchors_where_they_are_used_first() -> None:
    changed = delete(SHARED.replace("\n", "\r\n"), ("a",))
    assert changed == (
        "b: &a   # second\n  m:\n    - 1\n  s:\n    x:\n      - 1\n  y: yes\n"
        "c: {l: [*a, &m [1]]}\nd:\n  <<: *a\n  z:\n    - *m\n"
    ).replace("\n", "\r\n")


def test_a_text_of_several_lines_is_handed_on_at_the_end_of_a_file() -> None:
    assert delete("a: &t |\n  one\n  two\nb:\n  - *t", ("a",)) == "b:\n  - &t |\n    one\n    two\n"


FLOW = """\
tasks: {
  a: {b: 1}, # of a
  # of c
  c: {d: [
    1, # one
    # of two
    2, # two
  ]}, # of c
}
"""


def test_brackets_over_several_lines_lose_the_lines_of_what_is_removed_only() -> None:
    assert delete(FLOW, ("tasks", "a")) == FLOW.replace("  a: {b: 1}, # of a\n", "")
    assert delete(FLOW, ("tasks", "c")) == FLOW[: FLOW.index("  # of c")] + "}\n"
    assert delete(FLOW, ("tasks", "c", "d", 0)) == FLOW.replace("    1, # one\n", "")
    assert delete(FLOW, ("tasks", "c", "d", 1)) == FLOW.replace("    # of two\n    2, # two\n", "")


def test_commas_may_stand_at_the_begin_of_lines() -> None:
    assert load(delete("a: {\n  b: 1\n  , c: 2\n  , d: 3\n}\n", ("a", "b"))).data == {"a": {"c": 2, "d": 3}}


def test_anchors_in_other_items_of_a_list_stay() -> None:
    text = "a: [&x {k: 1}, &y 2, *y]\nb: *y\nc: *x\n"
    assert set_value(text, ("a", 0, "k"), 3) == "a: [{k: 3}, &y 2, *y]\nb: *y\nc: &x\n  k: 1\n"


def test_an_item_with_an_anchor_gives_way_to_a_mapping() -> None:
    assert set_value("a:\n  - &x 1\n  - 2\n", ("a", 0), {"k": 3, "l": 4}) == "a:\n  - k: 3\n    l: 4\n  - 2\n"


def test_the_comment_behind_an_anchor_stays_when_the_last_key_goes() -> None:
    assert delete("a: &x   # note\n  k: 1\nb: 2\n", ("a", "k")) == "a: &x {}   # note\nb: 2\n"


def test_an_anchor_within_a_merge_key_is_in_the_way_and_named() -> None:
    with pytest.raises(EditError, match=r"anchor `&x` and is used again in line 3;"):
        delete("a:\n  <<: &x {p: 1, r: 2}\nb: *x\n", ("a", "p"))


def test_a_merged_key_is_removed_by_writing_the_mapping_out() -> None:
    text = "b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  z: 3\n"
    assert yaml.safe_load(delete(text, ("c", "x"))) == {"b": {"x": 1, "y": 2}, "c": {"y": 2, "z": 3}}


MERGED = """\
b: &b {x: 1, y: 2}
c:
  # from b
  <<: *b
  # own
  z: 3   # three
  x: 9
d:
  <<: *b
"""


def test_a_key_that_also_comes_by_a_merge_key_is_removed_and_the_other_lines_stay() -> None:
    assert delete(MERGED, ("c", "x")) == MERGED.replace("  # from b\n  <<: *b\n", "", 1).replace("  x: 9\n", "  y: 2\n")


def test_a_removed_key_of_a_merge_key_leaves_the_comments_of_the_others() -> None:
    changed = delete(MERGED, ("c", "y"))
    assert changed == MERGED.replace("  # from b\n  <<: *b\n", "", 1)


def test_removing_an_own_key_keeps_the_merge_key() -> None:
    assert delete(MERGED, ("c", "z")) == MERGED.replace("  # own\n  z: 3   # three\n", "")


def test_keys_behind_question_marks_are_added_and_removed() -> None:
    text = "a:\n  ? b\n  : - 1\n  # of c\n  ? c\n  : 2\n"
    assert set_value(text, ("a", "d"), 3) == f"{text}  d: 3\n"
    assert delete(text, ("a", "c")) == "a:\n  ? b\n  : - 1\n"
    assert set_value(text, ("a",), 1) == "a: 1\n"


def test_what_is_not_there_cannot_be_deleted() -> None:
    with pytest.raises(EditError, match="Did you mean `films`"):
        delete(CONFIG, ("tasks", "film"))


def test_a_file_whose_keys_all_change_is_written_anew() -> None:
    assert replace_all("a: 1\nb:\n  e: null\n", {"z": 1}) == "z: 1\n"
    assert replace_all("# head\na: 1\n", {"z": {"y": 1}, "x": 2}) == "# head\nz:\n  y: 1\nx: 2\n"
