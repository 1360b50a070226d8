"""The inputs ``regexp_parse`` and ``generate``."""

from __future__ import annotations

import pytest

from tests.support import titles

PAGE = """
<item><title>A one</title><link>http://a/1</link><cat>x</cat></item>
<item><title>B two</title><link>http://a/2</link></item>
<item><title>C three</title>
<link>http://a/3</link><cat>y</cat></item>
<item><title>without a link</title></item>
"""
TITLE = "title: {regexps: [{regexp: '(?<=<title>).*?(?=</title>)'}]}"
URL = "url: {regexps: [{regexp: '(?<=<link>).*?(?=</link>)'}]}"
SECTIONS = "sections: [{regexp: '<ITEM>.*?</ITEM>', flags: 'DOTALL, I'}]"


def config(*options: str, more: str = "", title: str = TITLE) -> str:
    keys = f"keys: {{{title}, {URL}{more}}}"
    return f"tasks: {{t: {{regexp_parse: {{{', '.join(['source: page.html', *options, keys])}}}}}}}"


@pytest.fixture(autouse=True)
def page(tmp_path) -> None:
    (tmp_path / "page.html").write_text(PAGE)


def test_each_section_gives_an_entry_and_what_lacks_title_or_url_none(engine) -> None:
    entries = engine(config(SECTIONS)).run().entries
    assert [(entry["title"], entry["url"]) for entry in entries] == [
        ("A one", "http://a/1"),
        ("B two", "http://a/2"),
        ("C three", "http://a/3"),
    ]


def test_without_sections_the_text_is_one(engine) -> None:
    assert titles(engine(config()).run().entries) == ["A one"]


def test_all_expressions_for_sections_count(engine) -> None:
    sections = "sections: [{regexp: '<item><title>C.*?</item>', flags: S}, {regexp: '<item><title>A.*?</item>'}]"
    assert titles(engine(config(sections)).run().entries) == ["C three", "A one"]


def test_of_several_expressions_the_first_that_matches_counts_as_a_whole(engine) -> None:
    title = r"title: {regexps: [{regexp: 'NOPE'}, {regexp: '<title>(\w)'}, {regexp: 'one'}]}"
    assert titles(engine(config(SECTIONS, title=title)).run().entries) == ["<title>A", "<title>B", "<title>C"]


@pytest.mark.parametrize(("required", "wanted"), [("yes", ["A one", "C three"]), ("no", ["A one", "B two", "C three"])])
def test_a_required_field_must_be_found(engine, required: str, wanted: list[str]) -> None:
    more = f", cat: {{regexps: [{{regexp: '(?<=<cat>).*?(?=</cat>)'}}], required: {required}}}"
    entries = engine(config(SECTIONS, more=more)).run().entries
    assert titles(entries) == wanted
    assert entries[0]["cat"] == "x"


def test_encoding(engine, tmp_path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE.replace("A one", "Café").encode("latin-1"))
    assert titles(engine(config(SECTIONS, "encoding: latin-1")).run().entries)[0] == "Café"


def test_a_page_of_the_web_may_not_name_local_files(engine, web) -> None:
    url = web.put("/page", PAGE.replace("http://a/2", "file:///etc/passwd"))
    entries = engine(config(SECTIONS).replace("page.html", f"'{url}'")).run().entries
    assert titles(entries) == ["A one", "C three"]


def test_a_source_that_cannot_be_read_ends_the_task(engine, web) -> None:
    task = engine(config().replace("page.html", f"'{web.url('/none')}'")).run()
    assert task.aborted and "404" in task.abort_reason


def test_generated_entries_are_new_in_every_run(engine) -> None:
    made = engine("tasks: {t: {generate: 3, accept_all: yes}}")
    assert [len(made.run().accepted) for _ in range(2)] == [3, 3]
