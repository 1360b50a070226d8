"""Fields that lookups give entries, on a loopback server in the place of the public sites."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from server.engine.entry import Entry
from server.engine.task import Task
from server.features.lookups.client import Sites
from tests.features.lookups.sites import PublicSites, public_sites
from tests.support import Engine, titles
from tests.web_server import WebServer

Make = Callable[[str], Engine]

CONFIG = """
lookups:
  imdb: {{address: "{0}"}}
  imdb_titles: {{address: "{0}"}}
  tmdb: {{address: "{0}", key: tmdb-secret}}
  trakt: {{address: "{0}", key: trakt-secret}}
  tvdb: {{address: "{1}", key: tvdb-secret, pin: pin-secret}}
  tvmaze: {{address: "{0}"}}
tasks:
  t:
    mock: {2}
    {3}
"""


@pytest.fixture
def sites() -> Iterator[PublicSites]:
    with public_sites() as found:
        yield found


@pytest.fixture
def run(engine: Make, sites: PublicSites) -> Callable[..., Task]:
    """``run(entries, plugins, v4=False)`` executes a task with lookups at the loopback server."""

    def execute(entries: str, plugins: str, *, address: str | None = None, v4: bool = False) -> Task:
        place = address or sites.address
        lines = "\n    ".join(plugins.split("; "))
        return engine(CONFIG.format(place, f"{place}/v4" if v4 else place, entries, lines)).run("t")

    return execute


def fields(entry: Entry, prefix: str) -> dict[str, object]:
    """All fields of a prefix, looked up."""
    entry.evaluate_lazy()
    return {name: value for name, value in entry.items() if name.startswith(prefix)}


# -- each site ---------------------------------------------------------------------------------------------------------


def test_nothing_is_asked_before_something_looks_at_a_field(run: Callable[..., Task], sites: PublicSites) -> None:
    entry = run("[{title: a, url: u, series_name: night ferry}]", "tvmaze_lookup: yes").entries[0]
    assert sites.asked == []
    assert entry["tvmaze_series_name"] == "Night Ferry"
    assert sites.asked == ["/singlesearch/shows?q=night ferry"]


def test_tvmaze_fields_have_their_documented_names(run: Callable[..., Task]) -> None:
    entry = run(
        "[{title: a, url: u, series_name: night ferry, series_season: 1, series_episode: 2}]", "tvmaze_lookup: yes"
    )
    found = fields(entry.entries[0], "tv")
    assert found == {
        "tvdb_id": 70,
        "tvmaze_id": 7,
        "tvrage_id": 0,
        "tvmaze_series_name": "Night Ferry",
        "tvmaze_series_year": 2019,
        "tvmaze_series_id": 7,
        "tvmaze_series_show_id": 7,
        "tvmaze_series_tvrage": 0,
        "tvmaze_series_runtime": 45,
        "tvmaze_series_premiered": datetime(2019, 3, 2, tzinfo=UTC),
        "tvmaze_series_airdays": {"days": ["Tuesday"], "time": "20:00"},
        "tvmaze_series_weight": 9,
        "tvmaze_series_update_date": datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC),
        "tvmaze_series_language": "English",
        "tvmaze_series_summary": "<p>A ferry.</p>",
        "tvmaze_series_show_type": "Scripted",
        "tvmaze_genres": ["Drama"],
        "tvmaze_series_network": "Canal Two",
        "tvmaze_series_url": "http://localhost/shows/7",
        "tvmaze_series_status": "Running",
        "tvmaze_series_rating": 7.5,
        "tvmaze_series_episodes": ["Harbour"],
        "tvmaze_episode_name": "Harbour",
        "tvmaze_episode_season": 1,
        "tvmaze_episode_number": 2,
        "tvmaze_episode_id": 71,
        "tvmaze_episode_airdate": datetime(2019, 3, 9, tzinfo=UTC),
        "tvmaze_episode_url": "http://localhost/episodes/71",
        "tvmaze_episode_original_image": "http://localhost/o.jpg",
        "tvmaze_episode_medium_image": "http://localhost/m.jpg",
        "tvmaze_episode_airstamp": datetime(2019, 3, 10, tzinfo=UTC),
        "tvmaze_episode_runtime": 45,
    }


def test_tvmaze_finds_a_show_by_its_number_elsewhere(run: Callable[..., Task], sites: PublicSites) -> None:
    entry = run("[{title: a, url: u, tvdb_id: 70}]", "tvmaze_lookup: yes").entries[0]
    assert entry["tvmaze_series_name"] == "Night Ferry"
    assert sites.asked == ["/lookup/shows?thetvdb=70"]


def test_tmdb_tells_of_a_movie(run: Callable[..., Task]) -> None:
    entry = run("[{title: a, url: u, movie_name: glass tower}]", "tmdb_lookup: yes").entries[0]
    assert fields(entry, "tmdb_") == {
        "tmdb_id": 11,
        "tmdb_name": "Glass Tower",
        "tmdb_year": 2010,
        "tmdb_popularity": 1.5,
        "tmdb_rating": 6.5,
        "tmdb_genres": ["Drama"],
        "tmdb_released": date(2010, 5, 6),
        "tmdb_votes": 12,
        "tmdb_runtime": 100,
        "tmdb_tagline": "",
        "tmdb_budget": 0,
        "tmdb_revenue": 0,
        "tmdb_posters": [],
        "tmdb_backdrops": [],
    }
    assert (entry["imdb_id"], entry["movie_name"], entry["movie_year"]) == ("tt0000001", "glass tower", 2010)


def test_a_movie_of_no_year_is_looked_up_by_its_name(run: Callable[..., Task]) -> None:
    (entry,) = run("[{title: a, url: u, movie_name: glass tower, movie_year: N/A}]", "tmdb_lookup: yes").entries
    assert entry["tmdb_id"] == 11


def test_trakt_tells_of_show_and_episode_and_what_somebody_did(run: Callable[..., Task], sites: PublicSites) -> None:
    show = "[{title: a, url: u, series_name: night ferry, series_season: 1, series_episode: 2}]"
    entry = run(show, "trakt_lookup: {username: somebody}").entries[0]
    found = fields(entry, "trakt_")
    assert found["trakt_series_name"] == "Night Ferry"
    assert found["trakt_series_air_time"] == time(20, 0)
    assert found["trakt_series_url"] == "https://trakt.tv/shows/night-ferry"
    assert (found["trakt_show_id"], found["trakt_show_slug"]) == (5, "night-ferry")
    assert (found["trakt_ep_name"], found["trakt_ep_id"], found["trakt_episode_id"]) == ("Harbour", "S01E02", 52)
    assert found["trakt_ep_first_aired"] == datetime(2019, 3, 9, 20, tzinfo=UTC)
    assert list(found["trakt_actors"]) == ["51"]  # type: ignore[call-overload]
    assert (found["trakt_collected"], found["trakt_watched"]) == (True, False)
    assert found["trakt_series_user_rating"] == 9
    assert (entry["imdb_id"], entry["tvdb_id"], entry["tmdb_id"]) == ("tt0000009", 70, 6)
    assert len(sites.asked) == len(set(sites.asked))


def test_trakt_tells_of_a_season(run: Callable[..., Task]) -> None:
    entry = run("[{title: a, url: u, series_name: night ferry, series_season: 1}]", "trakt_lookup: yes").entries[0]
    assert (entry["trakt_season_name"], entry["trakt_season_episode_count"]) == ("Season 1", 8)
    assert "trakt_collected" not in entry


def test_trakt_tells_of_a_movie(run: Callable[..., Task]) -> None:
    entry = run("[{title: a, url: u, movie_name: night ferry}]", "trakt_lookup: yes").entries[0]
    assert (entry["trakt_movie_name"], entry["trakt_movie_id"]) == ("Night Ferry", 5)
    assert entry["trakt_released"] == date(2019, 3, 2)
    assert entry["trakt_translations"]["no"]["title"] == "Nattferja"


@pytest.mark.parametrize("v4", [False, True], ids=["version 3", "version 4"])
def test_thetvdb_tells_of_show_and_episode(run: Callable[..., Task], v4: bool) -> None:
    show = "[{title: a, url: u, series_name: nattferje, series_season: 1, series_episode: 2}]"
    entry = run(show, "thetvdb_lookup: yes", v4=v4).entries[0]
    found = fields(entry, "tvdb_")
    assert found["tvdb_series_name"] == "Night Ferry"
    assert (found["tvdb_id"], found["tvdb_runtime"], found["tvdb_status"]) == (70, 45, "Ended")
    assert found["tvdb_airs_day_of_week"] == ("Tuesday, Friday" if v4 else "Tuesday")
    assert (found["tvdb_content_rating"], found["tvdb_network"]) == ("TV-14", "Canal Two")
    assert found["tvdb_first_air_date"] == datetime(2019, 3, 2, tzinfo=UTC)
    assert found["tvdb_actors"] == (["Ada Berg", "Bo Dahl"] if v4 else ["Ada Berg"])
    assert len(found["tvdb_posters"]) == 1  # type: ignore[arg-type]
    assert (found["tvdb_ep_name"], found["tvdb_ep_id"]) == ("Harbour", "S01E02")
    assert found["tvdb_ep_directors"] == ("Cy Eng" if v4 else "Ada Berg")
    assert found["tvdb_ep_air_date"] == datetime(2019, 3, 9, tzinfo=UTC)
    assert entry["imdb_url"] == "https://www.imdb.com/title/tt0000009/"


def test_version_4_of_thetvdb_wants_a_pin_and_knows_days_and_other_numbers(
    run: Callable[..., Task], sites: PublicSites
) -> None:
    aired = "[{title: a, url: u, tvdb_id: 70, series_name: x, series_id_type: date, series_date: 2019-03-09}]"
    assert run(aired, "thetvdb_lookup: yes", v4=True).entries[0]["tvdb_ep_name"] == "Harbour"
    assert sites.asked[0] == "login tvdb-secret pin-secret"
    absolute = "[{title: b, url: u, tvdb_id: 70, series_name: x, series_id_type: sequence, series_id: 9}]"
    assert run(absolute, "thetvdb_lookup: yes; seen: no", v4=True).entries[0].get("tvdb_ep_name") is None


def test_imdb_tells_of_a_movie_by_its_title(run: Callable[..., Task], sites: PublicSites) -> None:
    entry = run("[{title: Glass Tower 2010 720p, url: u}]", "imdb_lookup: yes").entries[0]
    assert entry["imdb_name"] == "Glass Tower"
    found = fields(entry, "imdb_")
    assert found["imdb_id"] == "tt0000001"
    assert (found["imdb_score"], found["imdb_votes"], found["imdb_meta_score"]) == (6.5, 1200, 61)
    assert (found["imdb_genres"], found["imdb_languages"]) == (["drama", "crime"], ["german", "english"])
    assert (found["imdb_directors"], found["imdb_actors"]) == ({"nm3": "Dora Falk"}, {"nm1": "Ada Berg"})
    assert (found["imdb_mpaa_rating"], found["imdb_plot_keywords"]) == ("PG-13", ["glass"])
    assert sites.asked == ["/suggestion/titles/x/glass%20tower.json", "title tt0000001"]


# -- manners -----------------------------------------------------------------------------------------------------------


def test_the_same_show_is_asked_for_once(run: Callable[..., Task], sites: PublicSites) -> None:
    entries = ", ".join(f"{{title: t{n}, url: 'u{n}', series_name: night ferry}}" for n in range(5))
    task = run(f"[{entries}]", "tvmaze_lookup: yes")
    assert {entry["tvmaze_series_id"] for entry in task.entries} == {7}
    assert len(sites.asked) == 1


def test_a_site_that_fails_decides_about_nothing_and_is_asked_once(
    run: Callable[..., Task], sites: PublicSites, caplog: pytest.LogCaptureFixture
) -> None:
    sites.status = 500
    entries = ", ".join(f"{{title: t{n}, url: 'u{n}', series_name: show {n}}}" for n in range(5))
    task = run(f"[{entries}]", "tvmaze_lookup: yes; accept_all: yes")
    assert [entry.get("tvmaze_series_name") for entry in task.accepted] == [None] * 5
    assert len(sites.asked) == 1
    told = [
        record for record in caplog.records if record.levelno >= logging.WARNING and "TVmaze" in record.getMessage()
    ]
    assert len(told) == 1


def test_a_missing_key_is_told_once_with_where_to_get_it(engine: Make, caplog: pytest.LogCaptureFixture) -> None:
    task = engine("""
        tasks:
          t:
            mock: [{title: a, url: u1, movie_name: a}, {title: b, url: u2, movie_name: b}]
            tmdb_lookup: yes
            accept_all: yes
    """).run("t")
    assert [entry.get("tmdb_id") for entry in task.accepted] == [None, None]
    told = [record.getMessage() for record in caplog.records if "TMDB" in record.getMessage()]
    assert len([line for line in told if "https://www.themoviedb.org/settings/api" in line]) == 1


def test_what_an_entry_has_already_is_kept(run: Callable[..., Task]) -> None:
    entry = run("[{title: a, url: u, imdb_id: tt0000001, imdb_score: 9.9}]", "imdb_lookup: yes").entries[0]
    assert (entry["imdb_name"], entry["imdb_score"]) == ("Glass Tower", 9.9)


# -- the filter --------------------------------------------------------------------------------------------------------

GIVEN = (
    "{title: good, url: u1, imdb_score: 7.1, imdb_votes: 5000, imdb_year: 2011, imdb_genres: [drama, crime],"
    " imdb_languages: [english, french], imdb_mpaa_rating: PG-13, imdb_meta_score: 64,"
    " imdb_actors: {nm1: Ann A}, imdb_directors: {nm3: Dir D}, imdb_writers: {}}, "
    "{title: bad, url: u2, imdb_score: 5.0, imdb_votes: 200, imdb_year: 1999, imdb_genres: [horror],"
    " imdb_languages: [spanish], imdb_mpaa_rating: '', imdb_meta_score: 30,"
    " imdb_actors: {nm5: Eve E}, imdb_directors: {nm6: Dee D}, imdb_writers: {nm7: Wri W}}"
)


@pytest.mark.parametrize(
    ("rules", "accepted"),
    [
        ("min_score: 6", ["good"]),
        ("min_votes: 1000", ["good"]),
        ("min_meta_score: 50", ["good"]),
        ("min_year: 2011", ["good"]),
        ("max_year: 2010", ["bad"]),
        ("reject_genres: [Horror]", ["good"]),
        ("accept_genres: [crime, comedy]", ["good"]),
        ("reject_languages: [french]", ["bad"]),
        ("accept_languages: [french]", []),
        ("accept_languages: [english]", ["good"]),
        ("reject_actors: [nm1]", ["bad"]),
        ("reject_actors: [ann a]", ["bad"]),
        ("accept_actors: [Eve E], min_score: 6", ["good", "bad"]),
        ("accept_directors: [nm6], reject_genres: [horror], min_score: 8", ["bad"]),
        ("reject_directors: [nm3]", ["bad"]),
        ("accept_writers: [Wri W], min_score: 8", ["bad"]),
        ("accept_mpaa_ratings: [PG_13]", ["good"]),
        ("accept_mpaa_ratings: [NONE]", ["bad"]),
        ("reject_mpaa_ratings: [NONE, R]", ["good"]),
        ("min_score: 6, min_votes: 1000, min_year: 2015", []),
    ],
)
def test_the_filter_judges_by_the_fields_of_entries(
    run: Callable[..., Task], sites: PublicSites, rules: str, accepted: list[str]
) -> None:
    task = run(f"[{GIVEN}]", f"imdb: {{{rules}}}")
    assert titles(task.accepted) == accepted
    assert [*task.rejected, *task.failed] == []
    assert sites.asked == []


def test_the_filter_asks_imdb_where_a_field_is_missing(run: Callable[..., Task], sites: PublicSites) -> None:
    known = "{title: a, url: u1, imdb_id: tt0000001}, {title: b, url: u2, imdb_id: tt0000009}"
    task = run(f"[{known}]", "imdb: {min_score: 6}")
    assert titles(task.accepted) == ["a"]
    assert titles(task.undecided) == ["b"]
    assert sites.asked == ["title tt0000001", "title tt0000009"]


def test_the_filter_leaves_alone_what_cannot_be_looked_up(run: Callable[..., Task]) -> None:
    task = run("[{title: a, url: u, imdb_id: tt0000001}]", "imdb: {min_score: 1}", address="http://127.0.0.1:1")
    assert titles(task.undecided) == ["a"]


# -- the estimator -----------------------------------------------------------------------------------------------------


def test_discover_waits_for_what_tvmaze_says_is_not_aired_yet(engine: Make, sites: PublicSites) -> None:
    from server.features.lookups.est_series_tvmaze import EstSeriesTvmaze

    made = engine(CONFIG.format(sites.address, sites.address, "[]", "accept_all: yes"))
    task = made.run("t")
    estimator = EstSeriesTvmaze()
    estimator.name = "est_series_tvmaze"
    place = {"url": "", "series_name": "night ferry", "series_season": 1}
    aired, unknown = Entry(title="a", series_episode=2, **place), Entry(title="b", series_episode=9, **place)
    other = Entry(title="c", url="", series_name="nobody", series_season=1, series_episode=1)
    found = estimator.estimate(task, [aired, unknown, other, Entry("d", "")])
    assert found[aired].date == datetime(2019, 3, 10, tzinfo=UTC)
    assert (found[unknown].known, found[unknown].date) == (True, None)
    assert set(found) == {aired, unknown}


# -- lists at IMDb -----------------------------------------------------------------------------------------------------


def title(number: str, name: str, kind: str, year: int | None = 2010) -> dict[str, object]:
    """A title on a list."""
    released = {"year": year} if year else None
    return {"title": {"id": number, "titleText": {"text": name}, "releaseYear": released, "titleType": {"id": kind}}}


PAGES = {
    None: ([title("tt0000001", "Glass Tower", "movie"), title("tt0000002", "Night Ferry", "tvSeries")], "next"),
    "next": ([title("tt0000003", "Later", "movie", None)], None),
}


@pytest.fixture
def watchlist(web: WebServer, engine: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Task]:
    """``watchlist(options)`` reads a list of two pages."""

    def execute(options: str) -> Task:
        return engine(f"""
            lookups: {{imdb_titles: {{address: "{web.url("")}"}}}}
            tasks: {{t: {{imdb_watchlist: {options}}}}}
        """).run("t")

    def answer(after: str | None) -> None:
        edges, cursor = PAGES[after]
        page = {"edges": edges, "pageInfo": {"hasNextPage": bool(cursor), "endCursor": cursor}}
        web.put("/", json.dumps({"data": {"wanted": {"titleListItemSearch": page}}}))

    call = Sites.call

    def page_by_page(self: Sites, *args: Any, **more: Any) -> Any:
        answer(more["body"]["variables"]["after"])
        return call(self, *args, **more)

    monkeypatch.setattr(Sites, "call", page_by_page)
    return execute


def test_a_watchlist_is_read_page_after_page(watchlist: Callable[[str], Task], web: WebServer) -> None:
    movie, show, later = watchlist("{user_id: ur1234567, list: watchlist}").entries
    assert (movie["title"], movie["movie_name"], movie["movie_year"]) == ("Glass Tower (2010)", "Glass Tower", 2010)
    assert (movie["imdb_id"], movie["url"]) == ("tt0000001", "https://www.imdb.com/title/tt0000001/")
    assert show["series_name"] == "Night Ferry"
    assert later["title"] == "Later"
    sent = json.loads(web.asked[0].body)
    assert sent["variables"]["id"] == "ur1234567"
    assert "WATCH_LIST" in sent["query"]
    assert web.asked[0].headers["x-imdb-client-name"]


def test_a_list_gives_the_wanted_types_without_years(watchlist: Callable[[str], Task], web: WebServer) -> None:
    task = watchlist("{list: ls012345678, type: shows, strip_dates: yes}")
    assert titles(task.entries) == ["Night Ferry"]
    assert "list(id: $id)" in json.loads(web.asked[0].body)["query"]


def test_what_imdb_shows_to_nobody_is_told(engine: Make, web: WebServer) -> None:
    web.put("/", json.dumps({"data": {"wanted": None}}))
    config = 'lookups: {{imdb_titles: {{address: "{}"}}}}\ntasks: {{t: {{imdb_watchlist: {}}}}}\n'
    private = engine(config.format(web.url(""), "{list: ls012345678}")).run("t")
    assert "it is private, or there is none" in private.result.reason  # type: ignore[attr-defined]
    ratings = engine(config.format(web.url(""), "{user_id: ur1234567, list: ratings}")).run("t")
    assert "to their owner only" in ratings.result.reason  # type: ignore[attr-defined]
