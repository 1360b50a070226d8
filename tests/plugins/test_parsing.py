"""``parsing``: which parser reads a task's titles."""

from __future__ import annotations

import sys

import pytest

CONFIG = """
tasks:
  a:
    parsing: {parsing}
    mock: &titles
      - {{title: 'Some.Show.2010.S01E02.720p-GRP', url: 'http://l/1'}}
      - {{title: '[Grp] Some Show - 12', url: 'http://l/2'}}
      - {{title: 'Movie.Name.2010.PROPER.720p-GRP', url: 'http://l/3'}}
    metainfo_series: yes
    metainfo_movie: yes
  b:
    mock: *titles
    metainfo_series: yes
    metainfo_movie: yes
"""


def fields(task, name: str) -> list[object]:
    return [entry.get(name) for entry in task.entries]


def test_guessit_reads_the_titles_of_the_task_that_chose_it_and_of_no_other(engine) -> None:
    made = engine(CONFIG.format(parsing="{series: guessit, movie: guessit}"))
    task = made.run("a")
    assert fields(task, "series_name") == ["Some Show", "Some Show", None]
    assert fields(task, "series_id") == ["S01E02", "12", None]
    assert fields(task, "release_group")[2] == "GRP"
    task = made.run("b")
    assert fields(task, "series_name") == ["Some Show 2010", None, None]
    assert fields(task, "release_group")[2] is None


@pytest.mark.parametrize(
    ("parsing", "shows", "group"),
    [("{series: guessit}", "Some Show", None), ("{movie: guessit, series: internal}", "Some Show 2010", "GRP")],
)
def test_the_parsers_are_chosen_one_by_one(engine, parsing: str, shows: str, group: str | None) -> None:
    task = engine(CONFIG.format(parsing=parsing)).run("a")
    assert fields(task, "series_name")[0] == shows
    assert fields(task, "release_group")[2] == group


def test_configured_shows_are_found_by_it(engine) -> None:
    config = """
tasks:
  a:
    parsing: {series: guessit}
    mock: [{title: 'Some.Show.2010.S01E02.720p-GRP', url: 'http://l/1'}]
    series: [Some Show]
"""
    (entry,) = engine(config).run().accepted
    assert (entry["series_id"], entry["release_group"]) == ("S01E02", "GRP")


def test_a_missing_library_ends_the_task_and_names_the_extra(engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "guessit", None)
    task = engine(CONFIG.format(parsing="{movie: guessit}")).run("a")
    assert "flexget-tray[guessit]" in str(task.abort_reason)
