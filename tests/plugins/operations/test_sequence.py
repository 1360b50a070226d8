"""``sequence`` and ``symlink``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import Engine, titles

Make = Callable[[str], Engine]


def test_plugins_run_in_the_written_order_and_more_than_once(engine: Make) -> None:
    task = engine("""
        tasks:
          t:
            sequence:
              - mock: [{title: a, url: 'http://localhost/1'}, {title: ab, url: 'http://localhost/2'}]
              - mock: [{title: c, url: 'http://localhost/3'}]
              - set: {x: '1'}
              - set: {x: '{{ x }}2'}
              - regexp: {reject: [b]}
              - regexp: {accept: [a]}
    """).run()
    assert titles(task.entries) == ["a", "ab", "c"]
    assert [entry.state for entry in task.entries] == ["accepted", "rejected", "undecided"]
    assert task.entries[0]["x"] == 12


LINKS = """
    tasks:
      t:
        filesystem: FILES
        accept_all: yes
        seen: no
        max_reruns: 0
        symlink: {to: LINKS, OPTIONS}
"""


def linked(engine: Make, home: Path, options: str) -> tuple[Engine, Path]:
    (home / "files").mkdir()
    (home / "files" / "film.mkv").write_text("film")
    config = LINKS.replace("FILES", str(home / "files")).replace("LINKS", str(home / "links"))
    return engine(config.replace("OPTIONS", options)), home / "links"


@pytest.mark.parametrize(("kind", "symbolic"), [("soft", True), ("hard", False)])
def test_a_link_of_the_wanted_kind_is_made(engine: Make, tmp_path: Path, kind: str, symbolic: bool) -> None:
    made, links = linked(engine, tmp_path, f"link_type: {kind}, rename: '{{{{ task }}}}.mkv'")
    task = made.run()
    link = links / "t.mkv"
    assert link.read_text() == "film"
    assert link.is_symlink() is symbolic
    assert task.entries[0]["link"] == str(link)


@pytest.mark.parametrize(("existing", "state"), [("fail", "failed"), ("ignore", "accepted")])
def test_something_of_that_name_fails_or_is_left(engine: Make, tmp_path: Path, existing: str, state: str) -> None:
    made, links = linked(engine, tmp_path, f"existing: {existing}")
    links.mkdir()
    (links / "film.mkv").write_text("mine")
    task = made.run()
    assert [entry.state for entry in task.entries] == [state]
    assert (links / "film.mkv").read_text() == "mine"


def test_a_test_run_makes_no_link(engine: Make, tmp_path: Path) -> None:
    made, links = linked(engine, tmp_path, "link_type: soft")
    made.run(test=True)
    assert not links.exists()
