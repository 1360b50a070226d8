"""Titles read by guessit."""

from __future__ import annotations

import sys

import pytest

from server.parsing import guessit_titles
from server.parsing.guessit_titles import ParserMissing, load, parse_movie, parse_series
from server.parsing.series import Options

SEASONED = Options(allow_seasonless=False)

SERIES = [
    ("Some.Show.S01E02.720p.WEB-DL.x264-GRP", "S01E02", "720p webdl h264"),
    ("Some Show 1x02-03 HDTV", "S01E02-E03", "hdtv"),
    ("Some.Show.2014.05.06.720p", "2014-05-06", "720p"),
    ("[Grp] Some Show - 12 [1080p]", "12", "1080p"),
    ("Some.Show.S02.1080p.BluRay", "S02", "1080p bluray"),
    ("Some.Show.S03E01.WEBRip.DDP5.1.H.265.10bit-NTb", "S03E01", "webrip h265 10bit dd+5.1"),
    ("Some.Show.S03E01E02E03.Telesync.mp3", "S03E01-E03", "ts mp3"),
    ("Some.Show.S03E05.DVDSCR", "S03E05", "dvdscr"),
    ("Some.Show.S03E06.1080i.HDTV.DD5.1", "S03E06", "1080i hdtv dd5.1"),
]


@pytest.mark.parametrize(("title", "identifier", "quality"), SERIES)
@pytest.mark.parametrize("name", [None, "Some Show"])
def test_a_title_tells_its_episode(title: str, identifier: str, quality: str, name: str | None) -> None:
    found = parse_series(title, name, SEASONED if name is None else None)
    assert found is not None
    assert (found.name, found.identifier, str(found.quality)) == ("Some Show", identifier, quality)
    assert found.guessed is (name is None)


@pytest.mark.parametrize(
    ("title", "identifier"),
    [("Some Show Part 2", "S01E02"), ("Some.Show.3of5.HDTV", "S01E03"), ("Some.Show.Special.720p", "Special")],
)
def test_with_a_given_name_less_is_enough(title: str, identifier: str) -> None:
    found = parse_series(title, "Some Show")
    assert found is not None
    assert found.identifier == identifier


@pytest.mark.parametrize("title", ["Some.Show.(US).S01E02.HDTV", "Other.Show.S01E02", "Movie"])
def test_another_show_is_not_taken(title: str) -> None:
    assert parse_series(title, "Some Show") is None


def test_options_of_a_show_are_kept() -> None:
    assert parse_series("Some.Show.S01E02.720p-GRP", "Some Show", Options(allow_groups=("lol",))) is None
    found = parse_series("Some.Show.S01E02.720p-GRP", "Some Show", Options(allow_groups=("grp",)))
    assert found is not None
    assert found.group == "GRP"
    assert parse_series("Some.Show.S01E02", "Some Show", Options(identified_by="date")) is None
    found = parse_series("Alias.S01E02", "Some Show", Options(alternate_names=("Alias",)))
    assert found is not None
    assert found.name == "Some Show"


def test_the_fields_tell_of_every_release_whether_it_is_a_pack() -> None:
    found = parse_series("Some.Show.S02E03.PROPER.REPACK.DVDRip.XviD-LOL")
    assert found is not None
    fields = found.fields()
    assert (fields["season_pack"], fields["proper_count"], fields["release_group"]) == (False, 2, "LOL")


def test_a_movie_is_read() -> None:
    movie = parse_movie("Movie.Name.2010.PROPER.EXTENDED.2160p.UHD.BluRay.HDR.HEVC-GRP")
    assert (movie.name, movie.year, movie.proper_count, movie.group) == ("Movie Name", 2010, 1, "GRP")
    assert str(movie.quality) == "2160p bluray h265 hdr"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "guessit", None)
    with pytest.raises(ParserMissing, match=r"flexget-tray\[guessit\]"):
        load()


def test_the_library_reads_a_title_once() -> None:
    guessit_titles._guess.cache_clear()
    for _ in range(3):
        parse_movie("Once.2010.720p")
    assert guessit_titles._guess.cache_info().misses == 1


@pytest.mark.parametrize("title", ["Show.US.UK.S01E02", "._2_2010_02_2011_UK_US"])
def test_a_title_that_names_several_countries_is_read(title: str) -> None:
    parse_series(title, None, SEASONED)
    parse_series(title, "Show")
    assert parse_movie(title).title == title


def test_a_title_that_the_library_fails_at_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from guessit.api import GuessitException

    def fail(title: str, options: object) -> object:
        raise GuessitException(title, options)

    monkeypatch.setattr(guessit_titles, "load", lambda: fail)
    assert parse_series("an odd title", None, SEASONED) is None
    assert not parse_movie("an odd title").valid
