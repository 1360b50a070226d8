"""``tail``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.features.tail.store import TailStore
from tests.support import Engine, titles

FIRST = "Title: One\nLink: http://a/1\nTitle: Two\nLink: http://a/2\n"
CONFIG = """
tasks:
  t:
    tail:
      file: log.txt
      entry: {title: 'Title: (.*)', url: 'Link: (.*)'}
    accept_all: yes
    seen: no
"""


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    (tmp_path / "log.txt").write_text(FIRST)
    made: list[Engine] = []

    def engine(config: str = CONFIG) -> Engine:
        made.append(Engine(tmp_path, config))
        return made[-1]

    yield engine
    for item in made:
        item.close()


def append(folder: Path, text: str) -> None:
    with (folder / "log.txt").open("a") as file:
        file.write(text)


def test_each_run_reads_what_was_added(make: Any, tmp_path: Path) -> None:
    engine = make()
    assert titles(engine.run().accepted) == ["One", "Two"]
    assert titles(engine.run().accepted) == []
    append(tmp_path, "Title: Three\r\nLink: http://a/3")
    assert [(entry["title"], entry["url"]) for entry in engine.run().accepted] == [("Three", "http://a/3")]


def test_the_position_outlives_the_program(make: Any) -> None:
    make().run()
    assert titles(make().run().accepted) == []


@pytest.mark.parametrize("named", ["t", "log.txt", "{folder}/log.txt"])
def test_the_position_is_reset_by_task_or_file(make: Any, tmp_path: Path, named: str) -> None:
    engine = make()
    engine.run()
    assert titles(engine.run(tail_reset="other.txt").accepted) == []
    assert titles(engine.run(tail_reset=named.format(folder=tmp_path)).accepted) == ["One", "Two"]
    assert titles(engine.run().accepted) == []


def test_a_file_that_became_smaller_is_read_from_its_beginning(make: Any, tmp_path: Path) -> None:
    engine = make()
    engine.run()
    (tmp_path / "log.txt").write_text("Title: New\nLink: http://n\n")
    assert titles(engine.run().accepted) == ["New"]


def test_an_entry_whose_lines_come_in_two_runs_is_put_together(make: Any, tmp_path: Path) -> None:
    engine = make()
    append(tmp_path, "Title: Three\n")
    assert titles(engine.run().accepted) == ["One", "Two"]
    append(tmp_path, "Link: http://a/3\nTitle: Four\n")
    assert [(entry["title"], entry["url"]) for entry in engine.run().accepted] == [("Three", "http://a/3")]
    assert engine.db.store(TailStore).get("t", str(tmp_path / "log.txt")).found == {"title": "Four"}


def test_an_incomplete_entry_is_given_when_one_of_its_fields_comes_again_and_it_can_be_used(make: Any) -> None:
    engine = make(CONFIG.replace("{title:", "{size: 'Size: (.*)', title:"))
    (engine.home / "log.txt").write_text("Title: A\nLink: http://a\nTitle: B\nTitle: C\nLink: http://c\nSize: 7\n")
    first, second = engine.run().accepted
    assert (first["title"], second["title"], second["size"], "size" in first) == ("A", "C", "7", False)


def test_patterns_keep_to_the_case(make: Any) -> None:
    assert make(CONFIG.replace("Title:", "title:")).run().entries == []


def test_format_rewrites_fields(make: Any) -> None:
    engine = make(CONFIG.replace("    accept_all", "      format: {url: 'http://x/%(title)s'}\n    accept_all"))
    assert [entry["url"] for entry in engine.run().accepted] == ["http://x/One", "http://x/Two"]


@pytest.mark.parametrize(
    ("extra", "reason"), [("format: {url: '%(nope)s'}", "%(nope)s"), ("encoding: klingon", "no encoding named klingon")]
)
def test_what_cannot_work_ends_the_task_with_a_reason(make: Any, extra: str, reason: str) -> None:
    task = make(CONFIG.replace("    accept_all", f"      {extra}\n    accept_all")).run()
    assert task.aborted and reason in task.abort_reason


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-16", "utf-32"])
def test_encodings_are_kept_over_several_runs(make: Any, tmp_path: Path, encoding: str) -> None:
    engine = make(CONFIG.replace("      entry", f"      encoding: {encoding}\n      entry"))
    first, more = "Title: Ärger\nLink: http://a\n", "Title: Ölung\nLink: http://b\n"
    (tmp_path / "log.txt").write_bytes(first.encode(encoding))
    assert titles(engine.run().accepted) == ["Ärger"]
    (tmp_path / "log.txt").write_bytes((first + more).encode(encoding))
    assert titles(engine.run().accepted) == ["Ölung"]


def test_an_aborted_run_loses_nothing(make: Any) -> None:
    engine = make(CONFIG + "    abort_if_exists: {regexp: one, field: title}\n    disable: backlog\n")
    assert engine.run().aborted
    assert titles(engine.run().entries) == ["One", "Two"]
    engine.configure(CONFIG)
    assert titles(engine.run().entries) == ["One", "Two"]


def test_what_the_backlog_kept_of_an_aborted_run_does_not_come_twice(make: Any) -> None:
    engine = make(CONFIG + "    abort_if_exists: {regexp: one, field: title}\n")
    assert engine.run().aborted
    assert titles(engine.run().entries) == ["One", "Two"]


def test_a_test_run_moves_no_position(make: Any) -> None:
    engine = make()
    assert titles(engine.run(test=True).entries) == ["One", "Two"]
    assert titles(engine.run().accepted) == ["One", "Two"]
