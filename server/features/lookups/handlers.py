"""``/imdb/``, ``/tmdb/``, ``/trakt/``, ``/tvdb/``, ``/tvmaze/``: what public sites know of movies and shows.

A site that cannot be reached or knows nothing is a 404 that says so, a missing key or parameter a 400.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from server.features.lookups import imdb_names, tmdb, trakt, tvdb, tvmaze
from server.features.lookups._shapes import (
    IMDB_MOVIES,
    TMDB_MOVIE,
    TRAKT_MOVIE,
    TRAKT_SERIES,
    TVDB_EPISODE,
    TVDB_SERIES,
    TVDB_SHOWS,
    TVMAZE_EPISODE,
    TVMAZE_SERIES,
)
from server.features.lookups.client import LookupFailed, LookupRefused, Sites
from server.web.call import Call
from server.web.endpoint import Answer, Boolean, Date, Integer, Resource, Text, get, obj
from server.web.errors import BadRequest, NotFound
from server.web.shapes import TEXT

NOT_THERE = (400, 404)


class Language(Text):
    """A language as sites name it: ``en``, ``pt-BR``."""

    def read(self, text: str) -> str:
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?", text):
            raise ValueError(f"expected a language such as `en` or `pt-BR`, got `{text[:40]}`")
        return text


LANGUAGE = Language("language", "of the texts", default="en")
AIR_DATE = Date("air_date", "the day it was aired")
TRAKT_QUERY = (
    Text("title", "its title"),
    Integer("year", "the year of the title"),
    Integer("trakt_id", "its number at Trakt"),
    Text("trakt_slug", "its name in addresses of Trakt"),
    Integer("tmdb_id", "its number at TMDB"),
    Text("imdb_id", "its IMDb id, `tt...`"),
    Integer("tvdb_id", "its number at TheTVDB"),
    Integer("tvrage_id", "its number at TVRage"),
    Boolean("include_actors", "tell the actors as well"),
    Boolean("include_translations", "tell the translations as well"),
)
MOVED = obj({"message": TEXT})


class _Lookup(Resource):
    async def ask(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Ask a site, on a thread that may wait."""
        try:
            return await self.web.wait_for(function, Sites.of(self.services), *args, **kwargs)
        except LookupRefused as error:
            raise BadRequest(str(error)) from None
        except LookupFailed as error:
            raise NotFound(str(error)) from None

    async def ask_trakt(self, function: Callable[..., Any], query: dict[str, Any]) -> Any:
        """Ask Trakt for what the query parameters tell."""
        given = dict(query)
        actors, translations = given.pop("include_actors"), given.pop("include_translations")
        question = trakt.Question(**given, actors=bool(actors), translations=bool(translations))
        return await self.ask(function, question)

    def moved(self, call: Call, kind: str, title: str) -> Answer:
        """The title belongs into the query."""
        kept = [piece for piece in call.raw_query.split("&") if piece and piece.partition("=")[0] != "title"]
        query = "&".join([f"title={quote(title, safe='')}", *kept])
        target = f"{self.web.base}/api/trakt/{kind}/?{query}"
        return Answer({"message": f"ask {target}"}, headers={"Location": target})


class ImdbSearch(_Lookup):
    """Movies by a part of their title."""

    tag = "imdb"

    @get("Search movies at IMDb", returns=IMDB_MOVIES, errors=(404,))
    async def search(self, title: str) -> Any:
        """Best first."""
        return await self.ask(imdb_names.search, title)


class TmdbMovies(_Lookup):
    """A movie by title or id."""

    tag = "tmdb"

    @get(
        "Look a movie up at TMDB",
        query=[
            Text("title", "its title"),
            Text("tmdb_id", "its number at TMDB"),
            Text("imdb_id", "its IMDb id, `tt...`"),
            Language("language", "of the texts"),
            Integer("year", "the year of the title"),
            Integer("only_cached", "1: only from what is kept"),
            Boolean("include_posters", "tell the posters as well", default=False),
            Boolean("include_backdrops", "tell the backdrops as well", default=False),
        ],
        returns=TMDB_MOVIE,
        errors=NOT_THERE,
    )
    async def movie(
        self,
        title: str | None,
        tmdb_id: str | None,
        imdb_id: str | None,
        language: str | None,
        year: int | None,
        only_cached: int | None,
        include_posters: bool,
        include_backdrops: bool,
    ) -> Any:
        """The title may have its year behind it in parentheses."""
        question = tmdb.Question(title, tmdb_id, imdb_id, language, year, bool(only_cached))
        return await self.ask(tmdb.movie, question, posters=include_posters, backdrops=include_backdrops)


class TraktMovies(_Lookup):
    """A movie by title or id."""

    tag = "trakt"

    @get("Look a movie up at Trakt", query=TRAKT_QUERY, returns=TRAKT_MOVIE, errors=NOT_THERE)
    async def movie(self, call: Call) -> Any:
        """An id counts more than a title."""
        return await self.ask_trakt(trakt.movie, call.query)


class TraktSeries(_Lookup):
    """A show by title or id."""

    tag = "trakt"

    @get("Look a show up at Trakt", query=TRAKT_QUERY, returns=TRAKT_SERIES, errors=NOT_THERE)
    async def series(self, call: Call) -> Any:
        """An id counts more than a title."""
        return await self.ask_trakt(trakt.series, call.query)


class TraktMovieTitle(_Lookup):
    """The old address of a movie."""

    tag = "trakt"

    @get(
        "Go to a movie at Trakt",
        query=TRAKT_QUERY[1:],
        returns=MOVED,
        status=301,
        headers={"Location": "where to ask"},
        instant=True,
    )
    def go(self, title: str, call: Call) -> Answer:
        """The title moved into the query; other parameters go along."""
        return self.moved(call, "movies", title)


class TraktSeriesTitle(_Lookup):
    """The old address of a show."""

    tag = "trakt"

    @get(
        "Go to a show at Trakt",
        query=TRAKT_QUERY[1:],
        returns=MOVED,
        status=301,
        headers={"Location": "where to ask"},
        instant=True,
    )
    def go(self, title: str, call: Call) -> Answer:
        """The title moved into the query; other parameters go along."""
        return self.moved(call, "series", title)


class TvdbEpisode(_Lookup):
    """An episode of a show."""

    tag = "tvdb"

    @get(
        "Look an episode up at TheTVDB",
        query=[
            LANGUAGE,
            Integer("season_number", "with `ep_number`"),
            Integer("ep_number", "with `season_number`"),
            Integer("absolute_number", "counted through all seasons"),
            AIR_DATE,
        ],
        returns=TVDB_EPISODE,
        errors=NOT_THERE,
    )
    async def episode(
        self,
        tvdb_id: int,
        language: str,
        season_number: int | None,
        ep_number: int | None,
        absolute_number: int | None,
        air_date: datetime | None,
    ) -> Any:
        """`tvdb_id` is that of the show."""
        return await self.ask(
            tvdb.episode,
            tvdb_id,
            language,
            season=season_number,
            episode_number=ep_number,
            absolute_number=absolute_number,
            air_date=air_date.date() if air_date else None,
        )


class TvdbSearch(_Lookup):
    """Shows by name or id."""

    tag = "tvdb"

    @get(
        "Search shows at TheTVDB",
        query=[
            LANGUAGE,
            Text("search_name", "part of the name"),
            Text("imdb_id", "its IMDb id, `tt...`"),
            Text("zap2it_id", "its id at Zap2it"),
            Boolean("force_search", "ask the site, however fresh the kept answer is"),
        ],
        returns=TVDB_SHOWS,
        errors=NOT_THERE,
    )
    async def search(
        self,
        language: str,
        search_name: str | None,
        imdb_id: str | None,
        zap2it_id: str | None,
        force_search: bool | None,
    ) -> Any:
        """By one of the three."""
        return await self.ask(
            tvdb.search, language, name=search_name, imdb_id=imdb_id, zap2it_id=zap2it_id, force=bool(force_search)
        )


class TvdbSeries(_Lookup):
    """A show by name or id."""

    tag = "tvdb"

    @get(
        "Look a show up at TheTVDB",
        query=[LANGUAGE, Boolean("include_actors", "tell the actors as well")],
        returns=TVDB_SERIES,
        errors=NOT_THERE,
    )
    async def series(self, title: str, language: str, include_actors: bool | None) -> Any:
        """A number is taken as the show's id."""
        return await self.ask(tvdb.series, title, language, actors=bool(include_actors))


class TvmazeEpisode(_Lookup):
    """An episode of a show."""

    tag = "tvmaze"

    @get(
        "Look an episode up at TVmaze",
        query=[Integer("season_num", "with `ep_num`"), Integer("ep_num", "with `season_num`"), AIR_DATE],
        returns=TVMAZE_EPISODE,
        errors=NOT_THERE,
    )
    async def episode(
        self, tvmaze_id: int, season_num: int | None, ep_num: int | None, air_date: datetime | None
    ) -> Any:
        """`tvmaze_id` is that of the show."""
        return await self.ask(tvmaze.episode, tvmaze_id, season_num, ep_num, air_date.date() if air_date else None)


class TvmazeSeries(_Lookup):
    """A show by name."""

    tag = "tvmaze"

    @get("Look a show up at TVmaze", returns=TVMAZE_SERIES, errors=(404,))
    async def series(self, title: str) -> Any:
        """The one that fits best."""
        return await self.ask(tvmaze.series, title)
