"""Names of shows: one form for comparing, keys for looking up."""

from __future__ import annotations

import pytest

from server.parsing.names import SeriesName, compact_title, normalize_name, title_case


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("Bob's  Show", "bobs show"),
        ("Law & Order", "law and order"),
        ("A&B", "a and b"),
        ("Show (US)", "show us"),
        ("S.W.A.N.", "s w a n"),
        ("Show - Sub", "show sub"),
        ("9-1-1", "9 1 1"),
        ("M*A*S*H", "m*a*s*h"),
        ("Séries Télé", "séries télé"),
    ],
)
def test_names_of_one_show_have_one_form(name: str, normal: str) -> None:
    assert normalize_name(name) == normal


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Some Show", "some.show.s01e02"),
        ("Law & Order", "[grp] law and order - 12"),
        ("Show (2014)", "show s01e02"),
        ("Show (2014)", "show.2014.s01e02"),
        ("Bob's Show", "bobs_show 12"),
    ],
)
def test_a_title_that_a_name_matches_begins_with_one_of_its_keys(name: str, title: str) -> None:
    prepared = SeriesName(name)
    assert prepared.match(title) is not None
    assert any(compact_title(title).startswith(key) for key in prepared.keys)


def test_a_name_with_parentheses_is_strict() -> None:
    assert SeriesName("Show (US)").strict
    assert not SeriesName("Show").strict


def test_title_case_capitalises_each_word() -> None:
    assert title_case(" game  of STONES ") == "Game Of Stones"
