"""Series titles: which show, which episode, with a given name and with a guessed one."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from server.parsing.series import Options, parse_series

TODAY = dt.date(2026, 6, 15)

# title behind the name -> what it is with the name given, and with the name guessed ("" for nothing)
IDENTIFIERS = [
    ("S01E02", "S01E02", "S01E02"),
    ("s1.e2", "S01E02", "S01E02"),
    ("S01 - E02", "S01E02", "S01E02"),
    ("S01EP02", "S01E02", "S01E02"),
    ("S01.Episode.02", "S01E02", "S01E02"),
    ("[S01][E02]", "S01E02", "S01E02"),
    ("S-01E02", "S01E02", ""),
    ("S100E05", "S100E05", "S100E05"),
    ("S2014E02", "S2014E02", "S2014E02"),
    ("S01E1071", "S01E1071", "S01E1071"),
    ("S00E05", "S00E05", "S00E05"),
    ("S01E02E03", "S01E02-E03", "S01E02-E03"),
    ("S01E02-E04", "S01E02-E04", "S01E02-E04"),
    ("S01E02E03E04", "", ""),
    ("S01E02-E03-E04", "S01E02-E03", "S01E02-E03"),
    ("S02E02,03", "S02E02-E03", "S02E02-E03"),
    ("S01Pt2", "S01E02", "S01E02"),
    ("S01.E02-E03", "S01E02-E03", "S01E02-E03"),
    ("S01.E02-E03", "S01E02-E03", "S01E02-E03"),
    ("S01E02-03", "S01E02-E03", "S01E02-E03"),
    ("S01E03-E02", "S01E03", "S01E03"),
    ("S01E01-E10", "", ""),
    ("S01E02a", "", ""),
    ("S01.E02.Title.E05", "S01E02", "S01E02"),
    ("1x02", "S01E02", "S01E02"),
    ("12x12", "S12E12", "S12E12"),
    ("1x123", "S01E123", "S01E123"),
    ("1x24-26", "S01E24-E26", "S01E24-E26"),
    ("1x02x03", "", ""),
    ("2014x12", "", ""),
    ("Season 1 Episode 2", "S01E02", "S01E02"),
    ("Season 1 - Ep II", "S01E02", "S01E02"),
    ("Series 2 Ep 3", "S02E03", "S02E03"),
    ("Season 2 Part 3", "S02E03", "S02E03"),
    ("Ep 12", "S01E12", ""),
    ("E12", "S01E12", ""),
    ("Part Two", "S01E02", ""),
    ("Pt.III", "S01E03", ""),
    ("3of5", "S01E03", ""),
    ("S02", "S02", "S02"),
    ("Season 2", "S02", "S02"),
    ("S02.Complete", "S02", "S02"),
    ("Season.2.Complete", "", ""),
    ("S2.Complete", "", ""),
    ("Season.02.Complete", "S02", "S02"),
    ("S02.EXTENDED", "", ""),
    ("S02.The.Episodes", "", ""),
    ("S02.Ending", "S02", "S02"),
    ("2x.All", "S02", "S02"),
    ("S02xAll", "S02", ""),
    ("Series2", "S02", ""),
    ("Series 2 Part 5", "S02E05", "S02E05"),
    ("Series 2 5of6", "S02E05", "S02E05"),
    ("S02.5of6", "S01E05", "S02"),
    ("Season2x05", "", ""),
    ("Season 2 Special", "", ""),
    ("S02E03.Seasons.1", "S02E03", "S02E03"),
    ("Season 2 Episode 5 Extras", "S02E05", "S02E05"),
    ("Seasons 12", "", ""),
    ("5.Complete", "", ""),
    ("1x02E03", "", ""),
    ("1x02.E03", "S01E02", "S01E02"),
    ("1x00 12", "", ""),
    ("E1000", "", ""),
    ("Part Twelve", "", ""),
    ("Ep 2 3of5", "S01E03", ""),
    ("1950.05.16", "5", ""),
    ("2xAll", "S02", "S02"),
    ("S01-S03", "S01", "S01"),
    ("Seasons 1-3", "", ""),
    ("S02.Extras", "", ""),
    ("S02.Disc.1", "", ""),
    ("S02D01", "", ""),
    ("2014.05.06", "2014-06-05", "2014-06-05"),
    ("06.13.2014", "2014-06-13", "2014-06-13"),
    ("14-05-06", "2014-06-05", "2014-06-05"),
    ("6th May 2014", "2014-05-06", "2014-05-06"),
    ("May 6 2014", "2014-05-06", "2014-05-06"),
    ("2014 May 06", "2014-05-06", "2014-05-06"),
    ("S01E02.2014.05.06", "2014-06-05", "2014-06-05"),
    ("2027.01.02", "1", ""),
    ("2014.02.30", "2", ""),
    ("20140506", "", ""),
    ("12", "12", ""),
    ("- 012", "12", ""),
    ("#7", "7", ""),
    ("12v2", "12", ""),
    ("1214", "", ""),
    ("x265.12", "12", ""),
    ("Special", "special", ""),
    ("The.Christmas.Special", "the christmas", ""),
    ("S02.Special", "s02", "s02"),
    ("S01E02.Special", "S01E02", "S01E02"),
    ("Movie", "", ""),
    ("2014", "", ""),
]


@pytest.mark.parametrize(("text", "given", "guessed"), IDENTIFIERS)
@pytest.mark.parametrize("title", ["Some.Show.{}.720p.HDTV", "Some Show {} 1080p x264"])
def test_identifiers_are_found(title: str, text: str, given: str, guessed: str) -> None:
    found = parse_series(title.format(text), "Some Show", today=TODAY)
    assert (found.identifier if found else "") == given
    found = parse_series(title.format(text), today=TODAY)
    assert (found.identifier if found else "") == guessed


@pytest.mark.parametrize(
    ("name", "title", "matches"),
    [
        ("Some Show", "SOMESHOW S01E02", True),
        ("Some Show", "Some_-_Show S01E02", True),
        ("Some Show", "[grp] Some Show S01E02", True),
        ("Some Show", "[grp][x] Some Show S01E02", False),
        ("Some Show", "The Some Show S01E02", False),
        ("Some Show", "Some Shows S01E02", False),
        ("Some Show", "Some & Show S01E02", False),
        ("Some Show", "Some Show US S01E02", True),
        ("Law & Order", "Law.and.Order.S01E02", True),
        ("Law & Order", "Law.Order.S01E02", False),
        ("Law and Order", "Law & Order S01E02", True),
        ("Bob's Show", "Bobs.Show.S01E02", True),
        ("S.W.A.N.", "SWAN S01E02", True),
        ("Show (2014)", "Show.S01E02", True),
        ("Show (2014)", "Show.2014.S01E02", True),
        ("Show (2014)", "Show.2013.S01E02", False),
        ("Show (US)", "Show UK S01E02", False),
        ("24", "24 1x02", True),
        ("進撃の英雄", "[grp] 進撃の英雄 - 04", True),
        ("Séries", "SÉRIES S01E02", True),
        ("???", "??? S01E02", True),
        ("'Allo 'Allo", "'Allo 'Allo S01E02", True),
        ("Allo", "[grp] ¡Allo! S01E02", True),
    ],
)
def test_a_name_matches_however_its_words_are_separated(name: str, title: str, matches: bool) -> None:
    found = parse_series(title, name)
    assert (found is not None) is matches
    if found:
        assert found.name == name


GUESSED = {
    "Game.of.Stones.S02E03": "Game Of Stones",
    "[grp]_Some_Show_-_S01E02": "Some Show",
    "Some Show (2014) S01E02": "Some Show 2014",
    "Some - Show - S01E02": "Some",
    "90210.S01E03": "90210",
    "Show: Sub S01E02": "Show Sub",
    "O'Brien S01E02": "O'brien",
    "Show - The Complete Season 2": "Show",
    "Show.12.2014.05.06": "Show 12",
    "Show.S01E02.2014.05.06": "Show S01e02",
    "Show.2x03.S01E02": "Show 2x03",
    "Some.-.Show.S01E02": "Some - Show",
    "S1 Show 2014.05.06": "S1 Show",
    "進撃の英雄 S01E04": "進撃の英雄",
}


@pytest.mark.parametrize(("title", "name"), GUESSED.items())
def test_a_name_is_guessed_from_what_stands_before_the_identifier(title: str, name: str) -> None:
    found = parse_series(title, today=TODAY)
    assert found is not None
    assert (found.name, found.guessed) == (name, True)


@pytest.mark.parametrize("title", ["S01E02", ".S01E02", "ShowS01E02", "Show 12", "", "[a] S01E02"])
def test_no_name_is_guessed_where_there_is_none(title: str) -> None:
    assert parse_series(title) is None


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("S01E02", 0),
        ("S01E02.PROPER", 1),
        ("S01E02.REAL.REPACK.RERIP", 3),
        ("S01E02.FASTSUB", -5),
        ("12v2", 1),
        ("12v0", -1),
        ("12v3.PROPER", 1),
        ("S02.PROPER", 1),
        ("S01E02.PROPERLY", 0),
    ],
)
def test_propers_are_counted(title: str, count: int) -> None:
    found = parse_series(f"Some.Show.{title}.720p", "Some Show")
    assert found is not None
    assert (found.proper_count, found.proper) == (count, count > 0)


@pytest.mark.parametrize(
    ("dayfirst", "yearfirst", "text", "date"),
    [
        (None, None, "10.11.12", "2012-11-10"),
        (True, None, "05.06.14", "2014-06-05"),
        (False, None, "05.06.14", "2014-05-06"),
        (False, None, "2014.05.06", "2014-05-06"),
        (None, True, "05.06.14", "2005-06-14"),
        (None, False, "14.05.06", "2006-05-14"),
        (False, None, "13.06.14", "2014-06-13"),
    ],
)
def test_options_say_how_an_ambiguous_date_is_read(
    dayfirst: bool | None, yearfirst: bool | None, text: str, date: str
) -> None:
    options = Options(identified_by="date", date_dayfirst=dayfirst, date_yearfirst=yearfirst)
    found = parse_series(f"Daily {text} HDTV", "Daily", options, today=TODAY)
    assert found is not None
    assert (found.identifier, found.id_type) == (date, "date")


@pytest.mark.parametrize(
    ("by", "text", "kind", "identifier"),
    [
        ("ep", "102", "ep", "S01E02"),
        ("ep", "2014", None, ""),
        ("ep", "12", None, ""),
        ("ep", "S02 100", "ep", "S02"),
        ("ep", "12 Special", "special", "12"),
        ("sequence", "Ep 12", "sequence", "12"),
        ("sequence", "Pt II", "sequence", "2"),
        ("sequence", "S01E12", None, ""),
        ("date", "S01E02", None, ""),
        ("date", "Special", "special", "special"),
    ],
)
def test_identified_by_narrows_what_is_looked_for(by: str, text: str, kind: str | None, identifier: str) -> None:
    found = parse_series(f"Show {text} HDTV", "Show", Options(identified_by=by))  # type: ignore[arg-type]
    assert (found.id_type if found else None) == kind
    assert (found.identifier if found else "") == identifier


@pytest.mark.parametrize(
    ("title", "accepted"),
    [
        ("Some Show S01E02", True),
        ("Some Show - S01E02", True),
        ("Some Show 720p PROPER S01E02", True),
        ("Some Show US S01E02", False),
        ("Some Show (2014) S01E02", False),
        ("Some Show Title 12", False),
        ("Some Show 2014.05.06", True),
    ],
)
def test_a_strict_name_wants_the_identifier_right_behind_it(title: str, accepted: bool) -> None:
    assert (parse_series(title, "Some Show", Options(strict_name=True)) is not None) is accepted


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("Show.S01E02-GRP", "grp"),
        ("Show.S01E02.HDTV-grp[ettv]", "grp"),
        ("[GRP] Show S01E02", "grp"),
        ("Show S01E02 (GRP)", "grp"),
        ("Show.S01E02.GRP", None),
        ("Show.S01E02-xGRP", None),
    ],
)
def test_only_wanted_groups_are_taken(title: str, group: str | None) -> None:
    found = parse_series(title, "Show", Options(allow_groups=("Grp", "other")))
    assert (found.group if found else None) == group


def test_an_alternate_name_gives_the_configured_name() -> None:
    found = parse_series("Other.Alias.S01E02", "Alt Base", Options(alternate_names=("Other Alias",)))
    assert found is not None
    assert found.name == "Alt Base"


def test_specials_can_be_preferred_assumed_and_named() -> None:
    preferred = parse_series("PS.S02E01.Special", "PS", Options(prefer_specials=True))
    assumed = parse_series("AS.What.Ever.720p", "AS", Options(assume_special=True))
    named = parse_series("Show foo holidaytime bar", "Show", Options(special_ids=("holidaytime",)))
    assert [found.identifier for found in (preferred, assumed, named) if found] == ["s02e01", "what ever", "foo bar"]
    assert assumed is not None
    assert assumed.special is False
    assert named is not None
    assert named.special is True


def test_own_patterns_come_first() -> None:
    def own(title: str, **patterns: str) -> str:
        compiled = {name: (re.compile(text, re.IGNORECASE),) for name, text in patterns.items()}
        found = parse_series(title, "Show", Options(**compiled), today=TODAY)  # type: ignore[arg-type]
        return f"{found.id_type} {found.identifier}" if found else ""

    assert own("Show 01-002", ep_regexps=r"(\d\d)-(\d\d\d)") == "ep S01E02"
    assert own("Show x12y", sequence_regexps=r"x(\d+)y") == "sequence 12"
    for digits in (20, 5000):  # more than a database can hold, more than Python reads
        assert "9999" not in own(f"Show x{'9' * digits}y", sequence_regexps=r"x(\d+)y")
        assert "9999" not in own(f"Show 1 of {'9' * digits}", ep_regexps=r"(\d+) of (\d+)")
    assert own("Show 123-x", id_regexps=r"(\d\d\d)-x") == "id 123"
    assert own("Show 20140506", date_regexps=r"(\d{4})(\d\d)(\d\d)") == "date 2014-06-05"
    assert own("The Show S01E02", name_regexps=r"the.show") == "ep S01E02"
    assert own("Show S01E02 nope", unwanted_regexps=r"nope") == ""


def test_the_fields_are_those_of_the_entry() -> None:
    found = parse_series("Some.Show.S01E02E03.720p.HDTV", "Some Show")
    assert found is not None
    assert found.fields() == {
        "series_name": "Some Show",
        "series_season": 1,
        "series_episode": 2,
        "series_episodes": 2,
        "series_id": "S01E02-E03",
        "series_id_type": "ep",
        "series_exact": False,
        "season_pack": None,
        "quality": "720p hdtv",
        "proper": False,
        "proper_count": 0,
        "release_group": None,
    }
    assert (found.identifiers, found.end_episode, found.id) == (("S01E02", "S01E03"), 3, (1, 2))


def test_a_sequence_belongs_to_this_year_and_a_date_to_its_own() -> None:
    sequence = parse_series("Show 12", "Show")
    assert sequence is not None
    assert (sequence.fields(today=TODAY)["series_season"], sequence.fields()["series_episode"]) == (2026, None)
    date = parse_series("Show 2014.05.06", "Show", today=TODAY)
    assert date is not None
    assert date.fields()["series_season"] == 2014
    assert date.fields()["series_date"] == dt.datetime(2014, 6, 5, tzinfo=dt.UTC)


def test_the_quality_in_a_shows_name_is_not_the_releases() -> None:
    found = parse_series("HDTV Show S01E02 720p", "HDTV Show")
    assert found is not None
    assert str(found.quality) == "720p"


HOSTILE = ["s1 " * 3300, "1x" * 5000, "(" * 10_000, "[" * 10_000, "s" * 10_000, "1 " * 5000, "part " * 2000]
HOSTILE += ["e" + "-" * 9000 + "1x", "1.2." * 2500, "hdr10+" * 1600, "S01E01" + "E02" * 3000, " " * 10_000, "x1" * 5000]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_is_read_without_backtracking(text: str) -> None:
    """Would not end within a lifetime, or not within the suite's patience, if any pattern blew up."""
    guessed = parse_series(text)
    assert guessed is None or guessed.guessed
    found = parse_series("Show " + text, "Show")
    assert found is None or found.name == "Show"


def test_only_three_episodes_or_fewer_are_one_release() -> None:
    assert parse_series("Show S01E01-E03", "Show") is not None
    assert parse_series("Show S01E01-E04", "Show") is None


def test_a_word_of_quality_that_a_better_one_outdoes_belongs_to_the_title() -> None:
    found = parse_series("Show 480p 1080p Special", "Show")
    assert found is not None
    assert (found.identifier, str(found.quality)) == ("480p", "1080p")
    found = parse_series("Show DVDRip BluRay Special", "Show")
    assert found is not None
    assert (found.identifier, str(found.quality)) == ("special", "bluray")


def test_a_groups_tag_before_the_name_is_the_last_word_of_the_title() -> None:
    for title, identifier in (("[Grp] Show Special", "grp"), ("[12] Show", "12"), ("[S01E02] Show", "S01E02")):
        found = parse_series(title, "Show")
        assert found is not None
        assert found.identifier == identifier


def test_the_tag_before_the_name_is_part_of_a_specials_id() -> None:
    found = parse_series("[G] Show - Special Thing [720p]", "Show", Options(prefer_specials=True))
    assert found is not None
    assert found.identifier == "thing g"


@pytest.mark.parametrize("title", ["Show 2nd Season - 08", "Show Season 2 - 09", "Show.Season.2.Episode.3"])
def test_a_numbered_season_has_no_number_through_all_seasons(title) -> None:
    assert parse_series(title, "Show", Options(identified_by="sequence")) is None


def test_an_own_identifier_is_made_of_groups_or_the_whole_match_in_lower_case() -> None:
    def read(pattern: str) -> str | None:
        own = Options(identified_by="id", id_regexps=(re.compile(pattern, re.IGNORECASE),))
        found = parse_series("Show AB12", "Show", own)
        return found.identifier if found else None

    assert read(r"([a-z]{2})(\d\d)") == "ab-12"
    assert read(r"ab\d\d") == "ab12"
    assert read(r"xy\d\d") is None


@pytest.mark.parametrize(
    ("title", "identifier"), [("Show.Special.S01E01", "S01E01"), ("Show.Special.Word.S01E01", None)]
)
def test_behind_an_exact_name_only_words_of_specials_and_qualities_may_stand(title, identifier) -> None:
    found = parse_series(title, "Show", Options(strict_name=True))
    assert (found.identifier if found else None) == identifier


def test_a_name_with_dotted_capitals_is_found_and_guessed() -> None:
    title = "\u0130yilik.\u0130\u00e7in.\u0130yi.S01E02.720p"
    for name in ("\u0130yilik \u0130\u00e7in \u0130yi", "iyilik i\u00e7in (iyi)", None):
        found = parse_series(title, name)
        assert found is not None and (found.identifier, str(found.quality)) == ("S01E02", "720p")
    assert found.name == "\u0130yilik \u0130\u00e7in \u0130yi"


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000])
def test_numbers_without_measure_are_no_date_to_an_own_pattern(number: str) -> None:
    options = Options(identified_by="date", date_regexps=(re.compile(r"(\d+)\.(\d+)\.(\d+)"),))
    for title in (f"Show {number}.1.1", f"Show 2014.{number}.1", f"Show 2014.1.{number}"):
        assert parse_series(title, "Show", options) is None
