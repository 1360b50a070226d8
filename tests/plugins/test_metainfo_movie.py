"""``metainfo_movie``: movies in titles."""

from __future__ import annotations

import pytest

CONFIG = "tasks: {{a: {{mock: [{{title: '{title}', url: 'http://l/1'{more}}}], metainfo_movie: {on}}}}}"


@pytest.mark.parametrize(
    ("title", "name", "year"),
    [
        ("Film.A.2012.1080p.BluRay.x264-A", "Film A", 2012),
        ("Some Film", "Some Film", None),
        ("TS.Eliot.2012", None, None),
    ],
)
def test_name_and_year_are_read(engine, title: str, name: str | None, year: int | None) -> None:
    (entry,) = engine(CONFIG.format(title=title, more="", on="yes")).run().entries
    assert (entry.get("movie_name"), entry.get("movie_year")) == (name, year)


def test_a_name_that_is_known_stays(engine) -> None:
    config = CONFIG.format(title="Film.A.2012", more=", movie_name: Given", on="yes")
    (entry,) = engine(config).run().entries
    assert (entry["movie_name"], entry.get("movie_year")) == ("Given", None)


def test_a_quality_that_is_known_stays(engine) -> None:
    config = CONFIG.format(title="Film.A.2012.720p", more=", quality: 1080p", on="yes")
    assert str(engine(config).run().entries[0]["quality"]) == "1080p"


def test_it_can_be_switched_off(engine) -> None:
    assert "movie_name" not in engine(CONFIG.format(title="Film.A.2012", more="", on="no")).run().entries[0]
