"""The input ``json``."""

from __future__ import annotations

import pytest

from tests.support import titles


def test_objects_become_entries_with_their_fields(engine, tmp_path) -> None:
    (tmp_path / "a.json").write_text('[{"title": "One", "url": "http://x/1", "n": 1, "tags": ["a"]}]')
    (entry,) = engine("tasks: {t: {json: {file: a.json}}}").run().entries
    assert (entry["title"], entry["n"], entry["tags"]) == ("One", 1, ["a"])


def test_field_map_renames_keys(engine, tmp_path) -> None:
    (tmp_path / "a.json").write_text('[{"name": "One", "link": "http://x/1", "n": 1}]')
    (entry,) = engine("tasks: {t: {json: {file: a.json, field_map: {title: name, url: link}}}}").run().entries
    assert (entry["title"], entry["url"], entry["n"]) == ("One", "http://x/1", 1)


def test_encoding(engine, tmp_path) -> None:
    (tmp_path / "a.json").write_bytes('[{"title": "Caf\u00e9", "url": "http://x/1"}]'.encode("latin-1"))
    assert titles(engine("tasks: {t: {json: {file: a.json, encoding: latin-1}}}").run().entries) == ["Caf\u00e9"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("[{", "no valid JSON"), ("{}", "no list"), ("[1]", "no object"), ('[{"title": "x"}]', "no url")],
)
def test_what_does_not_fit_is_said(engine, tmp_path, text, words) -> None:
    (tmp_path / "a.json").write_text(text)
    task = engine("tasks: {t: {json: {file: a.json}}}").run()
    assert task.aborted and words in task.abort_reason


def test_one_key_may_fill_several_fields(engine, tmp_path) -> None:
    (tmp_path / "a.json").write_text('[{"title": "other", "name": "One", "link": "http://x/1"}]')
    names = "{title: name, movie_name: name, url: link, nothing: gone}"
    (entry,) = engine(f"tasks: {{t: {{json: {{file: a.json, field_map: {names}}}}}}}").run().entries
    assert (entry["title"], entry["movie_name"], "nothing" in entry) == ("One", "One", False)


def test_halves_of_surrogate_pairs_do_not_end_the_task(engine, tmp_path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"title": "a \\ud800 b", "url": "http://x/\\udfff", "imdb_id": "tt\\ud800", "series_name": "s\\ud800"}]'
    )
    config = "tasks: {t: {json: {file: a.json}, accept_all: yes, backlog: 1 day, list_add: [entry_list: e]}}"
    task = engine(config).run()
    assert not task.aborted, task.abort_reason
    assert titles(task.accepted) == ["a ? b"]
    again = engine(config).run()
    assert titles(again.rejected) == ["a ? b"]
