"""Lookups of movies and shows, through the API, on a loopback server in the place of the public sites."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import update

from server.engine.lookup_settings import site_settings
from server.features.lookups import handlers
from server.features.lookups.client import Sites, TokenBucket
from server.features.lookups.store import ANSWERS, KEPT_DAYS, LookupStore
from server.features.series.store import SeriesStore
from tests.features.lookups.sites import PublicSites, public_sites
from tests.web.support import Reply, Server
from tests.web_server import WebServer

CONFIG = """
tasks:
  a: {{mock: []}}
schedules: no
lookups:
  imdb: {{address: "{0}"}}
  tmdb: {{address: "{0}", key: tmdb-secret}}
  trakt: {{address: "{0}/", key: trakt-secret}}
  tvdb: {{address: "{0}", key: tvdb-secret}}
  tvmaze: {{address: "{0}"}}
"""
WITHOUT_KEYS = """
tasks:
  a: {mock: []}
schedules: no
"""
FERRY = "tvmaze/series/night%20ferry/"


@pytest.fixture
def sites() -> Iterator[PublicSites]:
    with public_sites() as found:
        yield found


@pytest.fixture
def server(make_server: Callable[..., Server], sites: PublicSites) -> Server:
    return make_server(config=CONFIG.format(sites.address))


def fits(reply: Reply, resource: type) -> Any:
    """The answer, which must be of the declared shape."""
    assert reply.status == 200, reply.body
    schema = resource.endpoints["GET"].returns  # type: ignore[attr-defined]
    Draft202012Validator(schema).validate(reply.json)
    return reply.json


def grow_old(server: Server, days: float) -> None:
    then = datetime.now(UTC) - timedelta(days=days)
    server.engine.db.execute(update(ANSWERS).values(fetched=then))


# -- one site after the other ------------------------------------------------------------------------------------------


def test_imdb_tells_movies_only_best_first(server: Server) -> None:
    found = fits(server.get("imdb/search/Glass%20Tower/"), handlers.ImdbSearch)
    assert [row["imdb_id"] for row in found] == ["tt0000001", "tt0000002"]
    assert found[0] == {
        "imdb_id": "tt0000001",
        "name": "Glass Tower",
        "url": "https://www.imdb.com/title/tt0000001/",
        "year": 2010,
        "match": 1.0,
        "thumbnail": "http://localhost/p.jpg",
    }


def test_tvmaze_tells_a_show_and_its_episodes(server: Server) -> None:
    show = fits(server.get(FERRY), handlers.TvmazeSeries)
    assert (show["tvmaze_id"], show["year"], show["network"], show["original_image"]) == (7, 2019, "Canal Two", "")
    assert show["premiered"] == "Sat, 02 Mar 2019 00:00:00 GMT"
    by_number = fits(server.get("tvmaze/episode/7/?season_num=1&ep_num=2"), handlers.TvmazeEpisode)
    by_date = fits(server.get("tvmaze/episode/7/?air_date=2019-03-09"), handlers.TvmazeEpisode)
    assert {**by_number, "last_update": 0} == {**by_date, "last_update": 0}
    assert by_number["airstamp"] == "Sun, 10 Mar 2019 00:00:00 GMT"


@pytest.mark.parametrize("query", ["title=glass%20tower", "tmdb_id=11", "imdb_id=tt0000001&language=de"])
def test_tmdb_finds_a_movie_by_title_or_id(server: Server, query: str) -> None:
    movie = fits(server.get(f"tmdb/movies/?{query}"), handlers.TmdbMovies)
    assert (movie["id"], movie["name"], movie["year"], movie["alternative_name"]) == (
        11,
        "Glass Tower",
        2010,
        "The Tower",
    )
    assert "posters" not in movie


def test_tmdb_tells_pictures_when_asked(server: Server) -> None:
    movie = fits(server.get("tmdb/movies/?tmdb_id=11&include_posters=true&include_backdrops=true"), handlers.TmdbMovies)
    assert movie["posters"][0]["urls"] == {"w92": "https://img/w92/a.jpg"}
    assert movie["backdrops"] == []


def test_tmdb_may_be_asked_for_what_is_kept_only(server: Server, sites: PublicSites) -> None:
    assert server.get("tmdb/movies/?tmdb_id=11&only_cached=1").status == 404
    assert sites.asked == []
    server.get("tmdb/movies/?tmdb_id=11")
    assert server.get("tmdb/movies/?tmdb_id=11&only_cached=1").status == 200


@pytest.mark.parametrize("query", ["title=night%20ferry", "trakt_id=5", "trakt_slug=night-ferry", "tvdb_id=70"])
def test_trakt_finds_a_show_by_title_or_any_id(server: Server, query: str) -> None:
    show = fits(server.get(f"trakt/series/?{query}"), handlers.TraktSeries)
    assert (show["id"], show["air_day"], show["tvdb_id"]) == (5, "Tuesday", 70)
    assert show["first_aired"] == "Sat, 02 Mar 2019 20:00:00 GMT"


def test_trakt_tells_actors_and_translations_when_asked(server: Server, sites: PublicSites) -> None:
    reply = server.get("trakt/movies/?title=night%20ferry&include_actors=true&include_translations=true")
    movie = fits(reply, handlers.TraktMovies)
    assert movie["actors"]["51"]["name"] == "Ada Berg"
    assert movie["translations"]["no"] == {"title": "Nattferja", "overview": "", "tagline": ""}
    assert sites.headers[0]["trakt-api-key"] == "trakt-secret"


def test_the_old_addresses_of_trakt_lead_to_the_new_ones(server: Server) -> None:
    for kind in ("movies", "series"):
        reply = server.get(f"trakt/{kind}/night%20ferry?year=2019")
        assert (reply.status, reply.headers["Location"]) == (
            301,
            f"/api/trakt/{kind}/?title=night%20ferry&year=2019",
        )


def test_tvdb_finds_a_show_by_name_alias_or_number(server: Server, sites: PublicSites) -> None:
    by_name = fits(server.get("tvdb/series/nattferje/?include_actors=true"), handlers.TvdbSeries)
    assert (by_name["tvdb_id"], by_name["runtime"], by_name["actors"], by_name["expired"]) == (
        70,
        45,
        ["Ada Berg"],
        False,
    )
    assert by_name["posters"] == ["https://www.thetvdb.com/banners/posters/70-1.jpg"]
    assert "actors" not in fits(server.get("tvdb/series/70/?language=de"), handlers.TvdbSeries)
    assert sites.headers[-1]["accept-language"] == "de"
    assert sites.asked.count("login tvdb-secret") == 1


def test_tvdb_searches_and_tells_episodes(server: Server) -> None:
    found = fits(server.get("tvdb/search/?imdb_id=tt0000009"), handlers.TvdbSearch)
    assert found[0]["banner"] == "https://www.thetvdb.com/banners/graphical/70.jpg"
    for query in ("season_number=1&ep_number=2", "air_date=2019-03-09"):
        episode = fits(server.get(f"tvdb/episode/70/?{query}"), handlers.TvdbEpisode)
        assert (episode["id"], episode["series_id"], episode["director"]) == (701, 70, "Ada Berg")
    assert server.get("tvdb/episode/70/?absolute_number=99").status == 404


def test_a_token_that_is_not_taken_any_more_is_renewed(server: Server, sites: PublicSites) -> None:
    server.get("tvdb/search/?imdb_id=tt0000009")
    sites.token = "second"
    assert server.get("tvdb/episode/70/?season_number=1&ep_number=2").status == 200
    assert sites.asked.count("login tvdb-secret") == 2


# -- what is missing or wrong ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "tmdb/movies/",
        "tmdb/movies/?tmdb_id=x",
        "trakt/movies/",
        "trakt/series/?year=2019",
        "tvdb/search/",
        "tvdb/episode/70/",
        "tvdb/episode/70/?season_number=1",
        "tvmaze/episode/7/",
        "tvdb/series/x/?language=%0d%0aX:1",
        "tvmaze/episode/7/?air_date=soon",
    ],
)
def test_a_question_that_says_too_little_or_nonsense_is_refused(server: Server, sites: PublicSites, path: str) -> None:
    assert server.get(path).status == 400
    assert sites.asked == []


@pytest.mark.parametrize("site", ["tmdb/movies/?tmdb_id=11", "trakt/movies/?trakt_id=5", "tvdb/series/70/"])
def test_without_a_key_the_answer_tells_where_to_get_one(make_server: Callable[..., Server], site: str) -> None:
    reply = make_server(config=WITHOUT_KEYS).get(site)
    assert (reply.status, reply.json["status"]) == (400, "Error")
    assert "https://" in reply.json["message"]
    assert "lookups:" in reply.json["message"]


@pytest.mark.parametrize(
    "path",
    [
        "tvmaze/series/unknown/",
        "tvmaze/series/not%20json/",
        "tmdb/movies/?imdb_id=tt0000404",
        "trakt/movies/?title=nothing",
        "tvdb/series/unknown/",
    ],
)
def test_what_a_site_does_not_know_is_not_found(server: Server, path: str) -> None:
    reply = server.get(path)
    assert (reply.status, reply.json["status_code"]) == (404, 404)


def test_an_answer_of_another_kind_makes_empty_fields_and_no_crash(server: Server) -> None:
    assert fits(server.get("tvmaze/series/odd/"), handlers.TvmazeSeries)["name"] == ""


@pytest.mark.parametrize(("status", "words"), [(500, "status 500"), (401, "refused the key"), (429, "too often")])
def test_an_error_of_a_site_is_told_in_words(
    server: Server, sites: PublicSites, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.engine.net.LONGEST_PAUSE", -1.0)
    monkeypatch.setattr("server.engine.net.RETRY_STATUS", frozenset())
    sites.status = status
    reply = server.get("tmdb/movies/?tmdb_id=11")
    assert reply.status == 404
    assert words in reply.json["message"]


def test_an_answer_that_nobody_could_read_is_told_in_words(make_server: Callable[..., Server]) -> None:
    site = WebServer()
    try:
        site.put("/singlesearch/shows", "[" * 100_000, "application/json")
        reply = make_server(config=CONFIG.format(site.url(""))).get(FERRY)
    finally:
        site.close()
    assert (reply.status, reply.json["message"]) == (404, "TVmaze sent something else than JSON")


def test_keys_are_in_no_message_and_no_log(
    make_server: Callable[..., Server], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = make_server(config=CONFIG.format("http://127.0.0.1:1"))
    for path in ("tmdb/movies/?tmdb_id=11", "trakt/movies/?trakt_id=5", "tvdb/series/70/"):
        reply = server.get(path)
        assert reply.status == 404
        assert "cannot be reached" in reply.json["message"]
        assert "secret" not in reply.body.decode()
    assert "secret" not in "".join(record.getMessage() for record in caplog.records if record.name != "urllib3")


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_not_asked_for_again(server: Server, sites: PublicSites) -> None:
    first = server.get(FERRY).json
    assert server.get("tvmaze/series/night%20ferry/").json == first
    assert len(sites.asked) == 1


def test_that_nothing_was_found_is_kept_for_an_hour(server: Server, sites: PublicSites) -> None:
    for _ in range(2):
        assert server.get("tvmaze/series/unknown/").status == 404
    assert len(sites.asked) == 1
    grow_old(server, 0.1)
    server.get("tvmaze/series/unknown/")
    assert len(sites.asked) == 2


def test_an_old_answer_is_renewed(server: Server, sites: PublicSites) -> None:
    server.get("tvdb/series/70/")
    asked = len(sites.asked)
    grow_old(server, 2)
    assert server.get("tvdb/series/70/").json["expired"] is False
    assert len(sites.asked) > asked


def test_an_old_answer_stands_in_where_the_site_fails(server: Server, sites: PublicSites) -> None:
    server.get("tvdb/series/70/")
    grow_old(server, 2)
    sites.status = 500
    reply = server.get("tvdb/series/70/")
    assert (reply.status, reply.json["expired"]) == (200, True)


def test_a_search_can_be_forced(server: Server, sites: PublicSites) -> None:
    for _ in range(2):
        server.get("tvdb/search/?imdb_id=tt0000009&force_search=true")
    assert sites.asked.count("/search/series?imdbId=tt0000009") == 2


def test_very_old_answers_are_dropped_when_the_database_is_cleaned(server: Server) -> None:
    server.get(FERRY)
    grow_old(server, KEPT_DAYS + 1)
    assert server.engine.db.store(LookupStore).purge() == 1


def test_a_site_that_cannot_be_reached_is_left_alone_for_a_moment(
    make_server: Callable[..., Server], sites: PublicSites
) -> None:
    server = make_server(config=CONFIG.format("http://127.0.0.1:1"))
    assert server.get(FERRY).status == 404
    found = Sites.of(server.services)
    bucket = found._buckets["tvmaze"]
    tokens = bucket._tokens
    assert server.get("tvmaze/series/other/").status == 404
    assert bucket._tokens == tokens


# -- beside the shows of a list ----------------------------------------------------------------------------------------


def test_a_list_of_shows_tells_what_sites_know_of_each(server: Server, sites: PublicSites) -> None:
    server.engine.db.store(SeriesStore).add_shows([("night ferry", "night ferry"), ("Unknown", "unknown")])
    reply = server.get("series/?in_config=all&lookup=tvmaze&lookup=tvdb&order=asc")
    names = {show["name"]: show["lookup"] for show in reply.json}
    assert names["night ferry"]["tvmaze"]["tvmaze_id"] == 7
    assert names["Unknown"]["tvmaze"]["status_code"] == names["Unknown"]["tvdb"]["status_code"] == 404
    assert "lookup" not in server.get("series/?in_config=all").json[0]
    assert server.get("series/?lookup=imdb").status == 400


def test_a_broken_site_is_asked_once_for_a_list_of_shows(server: Server, sites: PublicSites) -> None:
    server.engine.db.store(SeriesStore).add_shows([(f"show {number}", f"show {number}") for number in range(5)])
    sites.status = 500
    reply = server.get("series/?in_config=all&lookup=tvmaze")
    assert [show["lookup"]["tvmaze"]["status_code"] for show in reply.json] == [404] * 5
    assert len(sites.asked) == 1


# -- settings and patience ---------------------------------------------------------------------------------------------


def test_settings_come_from_the_config_then_the_environment_then_the_defaults() -> None:
    environment = {"FLEXGET_TMDB_KEY": "from environment", "FLEXGET_TMDB_ADDRESS": "http://localhost:1/"}
    assert site_settings({}, "tmdb", {}).address == "https://api.themoviedb.org/3"
    found = site_settings({}, "tmdb", environment)
    assert (found.key, found.address, found.cache) == ("from environment", "http://localhost:1", timedelta(days=1))
    config = {"lookups": {"tmdb": {"key": "from config", "cache": "2 hours"}}}
    assert site_settings(config, "tmdb", environment).key == "from config"
    assert site_settings(config, "tmdb", environment).cache == timedelta(hours=2)


def test_a_site_is_asked_no_faster_than_it_allows() -> None:
    bucket = TokenBucket(rate=2, burst=3)
    waits = [bucket.take() for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] == pytest.approx(0.5, abs=0.1)
    assert waits[4] == pytest.approx(1.0, abs=0.1)
