"""JSON schemas of what the lookup resources answer."""

from __future__ import annotations

from typing import Any

from server.web.shapes import BOOLEAN, INTEGER, INTEGER_OR_NULL, NUMBER, TEXT, TEXT_OR_NULL, Shape, array, obj

NUMBER_OR_NULL: dict[str, Any] = {"type": ["number", "null"]}
MOMENT: dict[str, Any] = {**TEXT, "description": "RFC 1123, GMT; empty where it is not known"}
MOMENT_OR_NULL: dict[str, Any] = {**MOMENT, "type": ["string", "null"]}


def _but(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object whose properties are all there but for the optional ones."""
    return obj(properties, required=[name for name in properties if name not in optional], extra=False)


IMDB_MOVIES = Shape(
    "imdb_movies",
    array(
        _but(
            {"imdb_id": TEXT, "match": NUMBER, "name": TEXT, "url": TEXT, "year": NUMBER, "thumbnail": TEXT},
            "thumbnail",
        )
    ),
)

_PICTURES = array(
    obj(
        {
            "id": INTEGER_OR_NULL,
            "movie_id": INTEGER_OR_NULL,
            "urls": {"type": "object", "additionalProperties": TEXT},
            "file_path": TEXT,
            "width": INTEGER,
            "height": INTEGER,
            "aspect_ratio": NUMBER,
            "vote_average": NUMBER,
            "vote_count": INTEGER,
            "language_code": TEXT_OR_NULL,
        },
        extra=False,
    )
)
TMDB_MOVIE = Shape(
    "tmdb_movie",
    _but(
        {
            "id": INTEGER,
            "imdb_id": TEXT,
            "name": TEXT,
            "original_name": TEXT_OR_NULL,
            "alternative_name": TEXT_OR_NULL,
            "year": INTEGER,
            "runtime": INTEGER,
            "language": TEXT,
            "overview": TEXT,
            "tagline": TEXT,
            "rating": NUMBER_OR_NULL,
            "votes": INTEGER_OR_NULL,
            "popularity": NUMBER_OR_NULL,
            "adult": BOOLEAN,
            "budget": INTEGER_OR_NULL,
            "revenue": INTEGER_OR_NULL,
            "homepage": TEXT_OR_NULL,
            "posters": _PICTURES,
            "backdrops": _PICTURES,
            "genres": array(TEXT),
            "updated": MOMENT,
            "lookup_language": TEXT_OR_NULL,
        },
        "imdb_id",
        "posters",
        "backdrops",
        "lookup_language",
    ),
)

_TRAKT: dict[str, Any] = {
    "cached_at": MOMENT,
    "genres": array(TEXT),
    "id": INTEGER,
    "overview": TEXT_OR_NULL,
    "runtime": INTEGER_OR_NULL,
    "rating": NUMBER_OR_NULL,
    "votes": INTEGER_OR_NULL,
    "language": TEXT_OR_NULL,
    "updated_at": MOMENT,
    "title": TEXT,
    "year": INTEGER_OR_NULL,
    "homepage": TEXT_OR_NULL,
    "slug": TEXT_OR_NULL,
    "tmdb_id": INTEGER_OR_NULL,
    "imdb_id": TEXT_OR_NULL,
    "translations": {
        "type": "object",
        "additionalProperties": obj({"overview": TEXT, "tagline": TEXT, "title": TEXT}, extra=False),
        "description": "by language",
    },
    "actors": {
        "type": "object",
        "additionalProperties": obj(
            {
                "imdb_id": TEXT,
                "name": TEXT,
                "tmdb_id": INTEGER,
                "trakt_id": INTEGER,
                "trakt_slug": TEXT,
                "birthday": TEXT,
                "biography": TEXT_OR_NULL,
                "homepage": TEXT,
                "death": TEXT_OR_NULL,
            },
            extra=False,
        ),
        "description": "by the actor's Trakt id",
    },
}
TRAKT_MOVIE = Shape(
    "trakt_movie",
    _but({**_TRAKT, "tagline": TEXT, "released": TEXT, "trailer": TEXT_OR_NULL}, "translations", "actors"),
)
TRAKT_SERIES = Shape(
    "trakt_series",
    _but(
        {
            **_TRAKT,
            "tvdb_id": INTEGER_OR_NULL,
            "tvrage_id": INTEGER_OR_NULL,
            "first_aired": MOMENT_OR_NULL,
            "air_day": TEXT_OR_NULL,
            "air_time": TEXT_OR_NULL,
            "certification": TEXT_OR_NULL,
            "network": TEXT_OR_NULL,
            "country": TEXT_OR_NULL,
            "status": TEXT,
            "timezone": TEXT_OR_NULL,
            "number_of_aired_episodes": INTEGER_OR_NULL,
        },
        "translations",
        "actors",
    ),
)

TVDB_SHOWS = Shape(
    "tvdb_shows",
    array(
        obj(
            {
                "aliases": array(TEXT),
                "first_aired": MOMENT,
                "banner": TEXT_OR_NULL,
                "network": TEXT,
                "series_name": TEXT,
                "status": TEXT,
                "overview": TEXT_OR_NULL,
                "tvdb_id": INTEGER,
            },
            extra=False,
        )
    ),
)
TVDB_SERIES = Shape(
    "tvdb_series",
    _but(
        {
            "tvdb_id": INTEGER,
            "last_updated": MOMENT,
            "expired": BOOLEAN,
            "series_name": TEXT,
            "rating": NUMBER,
            "status": TEXT,
            "runtime": INTEGER,
            "airs_time": TEXT,
            "airs_dayofweek": TEXT,
            "content_rating": TEXT,
            "network": TEXT,
            "overview": TEXT,
            "imdb_id": TEXT,
            "zap2it_id": TEXT,
            "banner": TEXT,
            "first_aired": TEXT,
            "actors": array(TEXT),
            "aliases": array(TEXT),
            "posters": array(TEXT),
            "genres": array(TEXT),
            "language": TEXT,
        },
        "actors",
    ),
)
TVDB_EPISODE = Shape(
    "tvdb_episode",
    obj(
        {
            "id": INTEGER,
            "expired": BOOLEAN,
            "last_update": INTEGER,
            "season_number": INTEGER,
            "episode_number": INTEGER,
            "absolute_number": INTEGER_OR_NULL,
            "episode_name": TEXT,
            "overview": TEXT,
            "director": TEXT,
            "rating": NUMBER,
            "image": TEXT_OR_NULL,
            "first_aired": TEXT,
            "series_id": INTEGER,
        },
        extra=False,
    ),
)

TVMAZE_SERIES = Shape(
    "tvmaze_series",
    obj(
        {
            "tvmaze_id": INTEGER,
            "status": TEXT,
            "rating": NUMBER,
            "genres": array(TEXT),
            "weight": INTEGER,
            "updated": MOMENT,
            "name": TEXT,
            "language": TEXT,
            "schedule": obj({"days": array(TEXT), "time": TEXT}),
            "url": TEXT,
            "original_image": TEXT,
            "medium_image": TEXT,
            "tvdb_id": INTEGER,
            "tvrage_id": INTEGER,
            "premiered": MOMENT,
            "year": INTEGER,
            "summary": TEXT,
            "webchannel": TEXT_OR_NULL,
            "runtime": INTEGER,
            "show_type": TEXT,
            "network": TEXT_OR_NULL,
            "last_update": MOMENT,
        },
        extra=False,
    ),
)
TVMAZE_EPISODE = Shape(
    "tvmaze_episode",
    obj(
        {
            "tvmaze_id": INTEGER,
            "series_id": INTEGER,
            "number": INTEGER,
            "season_number": INTEGER,
            "title": TEXT,
            "airdate": MOMENT,
            "url": TEXT,
            "original_image": TEXT_OR_NULL,
            "medium_image": TEXT_OR_NULL,
            "airstamp": MOMENT,
            "runtime": INTEGER,
            "summary": TEXT,
            "last_update": MOMENT,
        },
        extra=False,
    ),
)
