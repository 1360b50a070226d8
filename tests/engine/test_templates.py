"""Texts with fields, and what they are kept from doing."""

from __future__ import annotations

import pytest

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.templates import compile_expression, render


def test_fields_and_filters_are_filled_in() -> None:
    entry = Entry(title="A / B", url="http://localhost", series_season=3)
    assert render("{{ title|upper }} S{{ series_season|pad(2) }}", entry) == "A / B S03"


def test_a_lazy_field_is_looked_up_by_the_template() -> None:
    entry = Entry(title="x", url="http://localhost")
    entry.register_lazy(["score"], lambda item: item.__setitem__("score", 7))
    assert render("{{ score }}", entry) == "7"


def test_a_text_without_marks_is_itself() -> None:
    assert render("100% {plain}", {}) == "100% {plain}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ nothing }}", "nothing"),
        ("{{ title", "wrong at line 1"),
        ("{{ ().__class__.__bases__ }}", "unsafe"),
        ("{{ 'x' * 100000000 }}", "too often"),
        ("{{ 9 ** 99999 }}", "too high a power"),
        ("{% for a in range(9999999) %}x{% endfor %}", "range"),
        ("{{ title|parsedate }}", "no date"),
    ],
)
def test_what_is_wrong_or_unsafe_is_told(text: str, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        render(text, {"title": "x"})


def test_an_expression_gives_its_value() -> None:
    test = compile_expression("title == 'x' and score > 5")
    assert test({"title": "x", "score": 7}) is True
    assert test({"title": "x", "score": 3}) is False
    with pytest.raises(RenderError, match="score"):
        test({"title": "x"})


def test_a_wrong_expression_is_refused_at_once() -> None:
    with pytest.raises(RenderError, match="wrong"):
        compile_expression("title ==")


def test_dates_are_read_and_written() -> None:
    assert render("{{ when|parsedate|formatdate('%Y') }}", {"when": "Mon, 23 Nov 2026 15:26:09 GMT"}) == "2026"
    assert render("{{ '2014-05-06'|parsedate|date_suffix }}", {}) == "6th"
    assert render("{{ 'January 5 2020'|parsedate < now }}", {}) == "True"


def test_paths_are_taken_apart() -> None:
    fields = {"location": "/a/b.tar.gz"}
    assert render("{{location|pathbase}} {{location|pathname}} {{location|pathext}} {{location|pathdir}}", fields) == (
        "b.tar.gz b.tar .gz /a"
    )
    assert render("{{ '/a/b/'|pathbase }} {{ '/a/b/'|pathdir }}", {}) == "b /a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ 512|format_size }} {{ 5000|format_size }} {{ 1500000000|format_size }}", "512.0 B 4.88 KiB 1.4 GiB"),
        ("{{ '1.4 GB'|parse_size }} {{ '1.5 GiB'|parse_size }}", "1503238553 1610612736"),
        ("{{ 'about 700 MB and 1 GB'|parse_size }} {{ 'Size: 1,024 MB.'|parse_size }}", "734003200 1073741824"),
        ("{{ 'none'|parse_size }} {{ '1.5M'|parse_size }} {{ '3.5.1 MB'|parse_size }} {{ 5|parse_size }}", "0 0 0 5"),
        ("{{ '1 GB'|parse_size(true) }} {{ '1 GiB'|parse_size(si=true) }}", "1000000000 1073741824"),
        ("{{ '3 MB, 4 GB'|parse_size(match_re=', ([0-9]+) (gb)') }} {{ '5 b'|parse_size }}", "4294967296 5"),
        ("{{ 1234567.891|format_number }} {{ 7|format_number }} {{ 3.0|format_number }}", "1234567.89 7 3.0"),
        ("{{ '12'|format_number(2) }} {{ 1234567.891|format_number(1, false) }}", "12 1234567.9"),
        ('{{ "a-b_c.d\'e (f) & h"|strip_symbols }}', "a b c de f h"),
        ("{{ 'Some: Title/With*Bad?'|strip_symbols }}", "Some TitleWithBad"),
        ("{{ 'Café ß'|asciify }}|{{ '2010'|strip_year }}|{{ 'Name'|get_year }}", "Cafe |2010|None"),
        ('{{ "it\'s; x"|shell_quote }}', "'it'\"'\"'s; x'"),
    ],
)
def test_sizes_numbers_and_names_are_written_as_in_the_reference(text: str, expected: str) -> None:
    assert render(text, {}) == expected


def test_a_year_is_split_from_a_name() -> None:
    assert render("{{ n|strip_year }}|{{ n|get_year }}", {"n": "The Show (2014)"}) == "The Show|2014"
