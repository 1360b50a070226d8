"""Movie titles: name, year, quality, propers."""

from __future__ import annotations

import datetime as dt

import pytest

from server.parsing.movies import parse_movie

TODAY = dt.date(2026, 6, 15)

TITLES = [
    ("Movie.Name.2010.720p.BluRay.x264-GRP", "Movie Name", 2010, "720p bluray h264", 4),
    ("the_dark_one_2008_720p", "The Dark One", 2008, "720p", 2),
    ("Movie Name [2010]", "Movie Name", 2010, "unknown", 1),
    ("[Group] Movie Name (2010) [BD 1080p]", "Movie Name", 2010, "1080p", 4),
    ("2012.2009.720p", "2012", 2009, "720p", 2),
    ("1984", "1984", None, "unknown", 0),
    ("Blade.2049.2017.1080p", "Blade 2049", 2017, "1080p", 2),
    ("Movie.2001.1968", "Movie 2001", 1968, "unknown", 2),
    ("Movie.Name.1899.DVDRip", "Movie Name 1899", None, "dvdrip", 0),
    ("Movie.Name.2027", "Movie Name 2027", None, "unknown", 0),
    ("Movie.Name.(1950-1955).DVDRip", "Movie Name 1950-1955", None, "dvdrip", 0),
    ("Movie.720p.Name.2010", "Movie", 2010, "720p", 1),
    ("Movie.Name.UNRATED.2010", "Movie Name", 2010, "unknown", 1),
    ("Movie.Name.Director's.Cut.720p", "Movie Name", None, "720p", 0),
    ("Movie.Name.FRENCH.DVDRip", "Movie Name", None, "dvdrip", 0),
    ("MOVIE.NAME.FRENCH.DVDRip", "Movie Name French", None, "dvdrip", 0),
    ("My NASA Movie 2010", "My Nasa Movie", 2010, "unknown", 1),
    ("Movie.Name.PROPER.REPACK.2010", "Movie Name", 2010, "unknown", 3),
    ("Movie-Name-2010", "Movie Name", 2010, "unknown", 1),
    ("Wall-E.2008", "Wall-e", 2008, "unknown", 1),
    ("Unrated.2010", "Unrated", 2010, "unknown", 1),
    ("Movie-Name:-Sub-2010", "Movie Name Sub", 2010, "unknown", 1),
    ("Movie.Name,-2010,-HDTV", "Movie Name -2010 -", None, "hdtv", 0),
    ("Proper.Movie.2010", "Proper Movie", 2010, "unknown", 1),
    ("The.Web.2010.HDRip", "The Web", 2010, "hdrip", 2),
    ("Movie.720p.1080p.2010", "Movie 720p", 2010, "1080p", 1),
    ("10.000.BC.2008.720p", "10 000 Bc", 2008, "720p", 2),
]


@pytest.mark.parametrize(("title", "name", "year", "quality", "count"), TITLES)
def test_a_title_names_its_movie(title: str, name: str, year: int | None, quality: str, count: int) -> None:
    movie = parse_movie(title, today=TODAY)
    assert (movie.name, movie.year, str(movie.quality), movie.proper_count) == (name, year, quality, count)


@pytest.mark.parametrize("title", ["TS.Eliot.1994.DVDRip", "", "   ", "720p"])
def test_a_title_that_begins_with_the_release_names_no_movie(title: str) -> None:
    movie = parse_movie(title)
    assert not movie.valid
    assert list(movie.fields()) == ["quality"]


def test_propers_are_counted_apart_from_the_references_count() -> None:
    movie = parse_movie("Movie.Name.2010.REAL.PROPER.720p", today=TODAY)
    assert (movie.propers, movie.proper_count) == (1, 4)


def test_the_fields_are_those_of_the_entry() -> None:
    assert parse_movie("Movie.Name.2010.720p", today=TODAY).fields() == {
        "id": "movie name 2010",
        "movie_name": "Movie Name",
        "movie_year": 2010,
        "quality": "720p",
        "proper": True,
        "proper_count": 2,
        "release_group": None,
    }
