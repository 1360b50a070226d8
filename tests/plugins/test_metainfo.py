"""Fields that every entry gets: quality, size, task, media id, IMDb link."""

from __future__ import annotations

import pytest

from server.engine.entry import Entry
from server.parsing.size import told_size
from server.plugins.metainfo.metainfo_media_id import media_id
from tests.support import Engine

MIB = 1024 * 1024


def entries(engine, mock: list[dict[str, object]], extra: str = ""):
    made: Engine = engine(f"tasks: {{a: {{mock: {mock}{extra}}}}}")
    return made.run().all_entries


def test_the_quality_is_read_from_the_title_when_it_is_looked_at(engine) -> None:
    one, two, three = entries(
        engine, [{"title": "a 720p hdtv"}, {"title": "b", "description": "1080p"}, {"title": "c", "quality": "1080p"}]
    )
    assert one.is_lazy("quality")
    assert [str(entry["quality"]) for entry in (one, two, three)] == ["720p hdtv", "unknown", "1080p"]
    assert "quality" not in entries(engine, [{"title": "a 720p"}], ", metainfo_quality: no")[0]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Size: 700MB", 700 * MIB),
        ("<b>Size:</b> 12 MB", 12 * MIB),
        ("Size:1,4GiB", int(1.4 * 1024 * MIB)),
        ("Size: 1 234 MB", 1234 * MIB),
        ("Size: 1,234.5 MB", int(1234.5 * MIB)),
        ("12 MB", None),
        ("Resize 12 MB", None),
        ("size matters", None),
    ],
)
def test_the_size_is_read_from_the_description(engine, text: str, size: int | None) -> None:
    assert told_size(text) == size
    assert entries(engine, [{"title": "a", "description": text}])[0].get("content_size") == size


def test_a_size_that_is_known_stays(engine) -> None:
    assert entries(engine, [{"title": "a", "description": "Size: 1 MB", "content_size": 5}])[0]["content_size"] == 5


def test_the_size_of_a_local_file_is_its_own(engine, tmp_path) -> None:
    (tmp_path / "f.mkv").write_bytes(b"12345")
    places = [tmp_path / "f.mkv", tmp_path, tmp_path / "none"]
    found = entries(engine, [{"title": "a", "location": str(place)} for place in places])
    assert [entry.get("content_size") for entry in found] == [5, None, None]


def test_the_task_is_named(engine) -> None:
    assert entries(engine, [{"title": "a"}])[0]["task"] == "a"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"series_name": "My Show", "series_season": 1, "series_episode": 2}, "my show s01e02"),
        ({"series_name": "My Show", "series_season": 3}, "my show s03e00"),
        ({"series_name": "My Show"}, None),
        ({"movie_name": "Foo", "movie_year": 2011}, "foo 2011"),
        ({"movie_name": "Foo"}, "foo"),
        ({"movie_name": "Foo", "media_id": "own"}, "own"),
        ({"movie_name": "Foo S01", "series_name": "Foo", "series_season": 1}, "foo s01"),
        ({}, None),
    ],
)
def test_movies_and_episodes_get_one_identifier(engine, fields: dict[str, object], expected: str | None) -> None:
    assert entries(engine, [{"title": "a", **fields}])[0]["media_id"] == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("see http://www.imdb.com/title/tt0133093/ now", "tt0133093"),
        ("imdb.com/title/tt0133093 and https://imdb.com/title/tt0133093", "tt0133093"),
        ("imdb.com/title/tt0133093 and imdb.com/title/tt0068646", None),
        ("tt0133093 of imdb", None),
    ],
)
def test_the_one_link_to_imdb_in_a_description_is_taken(engine, description: str, expected: str | None) -> None:
    one, known = entries(
        engine,
        [{"title": "a", "description": description}, {"title": "b", "description": description, "imdb_id": "tt1"}],
    )
    assert one.get("imdb_id") == expected
    assert one.get("imdb_url") == (f"https://www.imdb.com/title/{expected}/" if expected else None)
    assert (known["imdb_id"], known.get("imdb_url")) == ("tt1", None)


def test_the_size_of_a_local_file_counts_where_the_description_tells_none(engine, tmp_path) -> None:
    (tmp_path / "film.mkv").write_bytes(b"12345")
    entries = (
        engine(
            f"""
        tasks:
          t:
            mock:
              - {{title: A, location: '{tmp_path}/film.mkv'}}
              - {{title: B, location: '{tmp_path}/none.mkv', description: 'Size: 1 KB'}}
              - {{title: C, location: '{tmp_path}/film.mkv', content_size: 7}}
              - {{title: D, location: '{tmp_path}'}}
              - {{title: E, location: '{tmp_path}/film.mkv', description: 'Size: 700 MB'}}
        """
        )
        .run()
        .entries
    )
    assert [entry.get("content_size") for entry in entries] == [5, 1024, 7, None, 700 * MIB]


@pytest.mark.parametrize("season", [1, "1", "01"])
def test_a_season_that_is_a_text_is_the_same_season(season: object) -> None:
    assert media_id(Entry("t", "u", series_name="Show", series_season=season, series_episode=season)) == "show s01e01"
