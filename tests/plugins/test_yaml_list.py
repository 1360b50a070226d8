"""``yaml_list`` with real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.plugins.lists.yaml_list import YamlFile
from tests.support import Engine, titles


def test_entries_are_added_with_the_chosen_fields_and_given_back(
    engine: Callable[[str], Engine], tmp_path: Path
) -> None:
    made = engine("""
        tasks:
          fill:
            mock: [{title: One, url: 'http://localhost/1', label: x, other: y}]
            accept_all: yes
            list_add: [yaml_list: {path: list.yaml, fields: [title, url, label]}]
          show:
            yaml_list: list.yaml
    """)
    made.run("fill")
    assert (tmp_path / "list.yaml").read_text() == "- title: One\n  url: http://localhost/1\n  label: x\n"
    shown = made.run("show").entries
    assert titles(shown) == ["One"]
    assert shown[0]["label"] == "x"


def test_what_is_on_the_list_is_replaced_in_its_place(tmp_path: Path) -> None:
    items = YamlFile(tmp_path / "l.yaml", ["title", "url"], "utf-8")
    items.add([Entry("A", "1"), Entry("B", "2")])
    items.add([Entry("A", "3")])
    assert [(entry["title"], entry["url"]) for entry in items.entries()] == [("A", "3"), ("B", "2")]


def test_matches_by_title_and_removes(tmp_path: Path) -> None:
    items = YamlFile(tmp_path / "l.yaml", None, "utf-8")
    items.add([Entry("A", "1"), Entry("Ü", "2")])
    same, other = Entry("Ü", "9"), Entry("C", "9")
    assert [entry["url"] for entry in items.match([same, other]).values()] == ["2"]
    assert items.remove([same, other]) == 1
    assert [entry["title"] for entry in items.entries()] == ["A"]
    items.clear()
    assert (tmp_path / "l.yaml").read_text() == "[]\n"


def test_a_test_run_leaves_the_file_as_it_is(engine: Callable[[str], Engine], tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    file.write_text("- {title: One, url: x}  # mine\n")
    made = engine("""
        tasks:
          all:
            mock: [{title: One}, {title: Two}]
            list_clear: {what: [yaml_list: list.yaml]}
            list_match: {from: [yaml_list: list.yaml]}
            list_add: [yaml_list: list.yaml]
    """)
    assert titles(made.run("all", test=True).accepted) == ["One"]
    assert file.read_text() == "- {title: One, url: x}  # mine\n"


@pytest.mark.parametrize("text", ["a: b", "- url: x", "- [", "{"])
def test_a_file_that_is_no_list_of_entries_is_told_by_its_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "l.yaml"
    file.write_text(text)
    with pytest.raises(PluginError, match=r"l\.yaml"):
        list(YamlFile(file, None, "utf-8").entries())


def test_a_file_that_is_missing_is_an_empty_list(tmp_path: Path) -> None:
    assert list(YamlFile(tmp_path / "none.yaml", None, "utf-8").entries()) == []


def test_titles_alone_are_enough_and_all_fields_are_written_by_name(engine, tmp_path: Path) -> None:
    (tmp_path / "titles.yaml").write_text("- title: One\n- title: Two\n")
    made = engine(
        """
        tasks:
          read: {yaml_list: titles.yaml}
          fill:
            mock: [{title: A, url: 'http://x/1', tags: [b], label: l}]
            disable: [metainfo_quality, metainfo_media_id]
            accept_all: yes
            list_add: [{yaml_list: made.yaml}]
          again: {yaml_list: made.yaml}
        """
    )
    assert [entry["title"] for entry in made.run("read").entries] == ["One", "Two"]
    made.run("fill")
    assert (tmp_path / "made.yaml").read_text() == (
        "- title: A\n  url: http://x/1\n  accepted_by: accept_all\n  label: l\n  original_title: A\n"
        "  original_url: http://x/1\n  tags:\n    - b\n  task: fill\n"
    )
    (entry,) = made.run("again").all_entries
    assert entry["label"] == "l" and "accepted_by" not in entry and entry["task"] == "again"


def test_a_title_that_yaml_takes_for_a_number_is_a_title(tmp_path: Path) -> None:
    file = tmp_path / "l.yaml"
    file.write_text("- {title: 1917, url: x}\n- {title: 2012-01-02, url: y}\n")
    items = YamlFile(file, None, "utf-8")
    items.add([Entry("1917", "z")])
    assert [(entry["title"], entry["url"]) for entry in items.entries()] == [("1917", "z"), ("2012-01-02", "y")]
    assert items.remove([Entry("1917", ""), Entry("2012-01-02", "")]) == 2
