"""``list_match`` in more than one place of a task; what it does alone is told with the lists."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import Engine, titles


@pytest.mark.parametrize(
    "twice",
    [
        "sequence: [{list_match: {from: [entry_list: a]}}, {list_match: {from: [entry_list: b]}}]",
        "if: [{title == 'One': {list_match: {from: [entry_list: a]}}}, {yes: {list_match: {from: [entry_list: b]}}}]",
    ],
)
def test_each_match_of_a_task_takes_its_entries_off_its_list(engine: Callable[[str], Engine], twice: str) -> None:
    made = engine(f"""
        tasks:
          fill a: {{mock: [{{title: One}}], accept_all: yes, list_add: [entry_list: a]}}
          fill b: {{mock: [{{title: Two}}, {{title: Three}}], accept_all: yes, list_add: [entry_list: b]}}
          match: {{mock: [{{title: One}}, {{title: Two}}], seen: no, {twice}}}
          show: {{inputs: [entry_list: a, entry_list: b]}}
    """)
    made.run("fill a")
    made.run("fill b")
    assert titles(made.run("match").accepted) == ["One", "Two"]
    assert titles(made.run("show").entries) == ["Three"]


def test_a_match_that_leaves_the_list_alone_does_so_beside_another(engine: Callable[[str], Engine]) -> None:
    keep = "list_match: {from: [entry_list: a], remove_on_match: no}"
    made = engine(f"""
        tasks:
          fill a: {{mock: [{{title: One}}], accept_all: yes, list_add: [entry_list: a]}}
          fill b: {{mock: [{{title: Two}}], accept_all: yes, list_add: [entry_list: b]}}
          match:
            mock: [{{title: One}}, {{title: Two}}]
            seen: no
            sequence: [{{{keep}}}, {{list_match: {{from: [entry_list: b]}}}}]
          show: {{inputs: [entry_list: a, entry_list: b]}}
    """)
    made.run("fill a")
    made.run("fill b")
    made.run("match")
    assert titles(made.run("show").entries) == ["One"]
