"""Trakt's lists, calendars and next episodes, on a loopback server that speaks its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.engine.task import Task
from server.features.trakt._api import slug
from server.features.trakt.store import Account, AccountStore
from tests.support import Engine, titles
from tests.web_server import WebServer

Make = Callable[[str], Engine]

SHOW = {
    "title": "Night Ferry",
    "year": 2019,
    "ids": {"trakt": 5, "slug": "night-ferry", "tvdb": 70, "imdb": "tt0000009", "tmdb": 6, "tvrage": None},
}
MOVIE = {
    "title": "Glass Tower",
    "year": 2010,
    "ids": {"trakt": 4, "slug": "glass-tower-2010", "imdb": "tt0000001", "tmdb": 11},
}
EPISODE = {"season": 1, "number": 3, "title": "Harbour", "ids": {"trakt": 53, "tvdb": 703}}
ITEMS = [
    {"type": "show", "show": SHOW},
    {"type": "movie", "movie": MOVIE},
    {"type": "episode", "show": SHOW, "episode": EPISODE},
    {"type": "season", "show": SHOW, "season": {"number": 2, "ids": {"trakt": 50}}},
    {"type": "person", "person": {"name": "Ada Berg"}},
]


class Trakt:
    """The loopback server, and an engine with an account that may use it."""

    def __init__(self, web: WebServer, engine: Make) -> None:
        self.web, self._make = web, engine
        self.created = datetime.now(UTC)
        self.expires = self.created + timedelta(days=30)

    def put(self, path: str, data: Any, **more: Any) -> None:
        """Answer a path with JSON."""
        self.web.put(path, json.dumps(data), "application/json", **more)

    def run(self, task: str, secret: str = "secret: client-secret", **options: Any) -> Task:
        """Run a task of these lines."""
        lines = "\n".join(f"            {line}" for line in task.splitlines())
        made = self._make(f"""
        lookups:
          trakt: {{address: "{self.web.url("")}", key: client-id, {secret}}}
        tasks:
          t:
{lines}
""")
        made.db.store(AccountStore).put(Account("mine", "access", "again", self.created, self.expires))
        self.accounts = made.db.store(AccountStore)
        return made.run("t", **options)

    def sent(self, path: str) -> list[Any]:
        """The bodies that were posted to a path."""
        return [json.loads(asked.body) for asked in self.web.asked if asked.path == path and asked.method == "POST"]


@pytest.fixture
def trakt(web: WebServer, engine: Make) -> Trakt:
    return Trakt(web, engine)


# -- reading -----------------------------------------------------------------------------------------------------------


def test_a_list_gives_movies_shows_seasons_and_episodes(trakt: Trakt) -> None:
    trakt.put("/users/me/lists/my-list/items", ITEMS)
    entries = trakt.run("trakt_list: {account: mine, list: My List}").entries
    assert titles(entries) == [
        "Night Ferry (2019)",
        "Glass Tower (2010)",
        "Night Ferry (2019) S01E03 Harbour",
        "Night Ferry (2019) S02",
    ]
    show, movie, episode, _ = entries
    assert (show["series_name"], show["trakt_show_id"], show["tvdb_id"]) == ("Night Ferry (2019)", 5, 70)
    assert show["url"] == "https://trakt.tv/shows/night-ferry"
    assert (movie["movie_name"], movie["movie_year"], movie["imdb_id"]) == ("Glass Tower", 2010, "tt0000001")
    assert movie["url"] == "https://trakt.tv/movies/glass-tower-2010"
    assert (episode["series_id"], episode["trakt_ep_name"]) == ("S01E03", "Harbour")
    assert episode["url"] == "https://trakt.tv/shows/night-ferry/seasons/1/episodes/3"
    assert trakt.web.asked[0].headers["Authorization"] == "Bearer access"
    assert trakt.web.asked[0].headers["trakt-api-key"] == "client-id"


def test_years_are_left_out_and_types_are_chosen(trakt: Trakt) -> None:
    trakt.put("/users/somebody/lists/my-list/items", ITEMS)
    task = trakt.run("trakt_list: {username: somebody, list: My List, type: shows, strip_dates: yes}")
    assert titles(task.entries) == ["Night Ferry"]
    assert "Authorization" not in trakt.web.asked[0].headers


@pytest.mark.parametrize(
    ("config", "path", "rows"),
    [
        ("{account: mine, list: watchlist, type: movies}", "/sync/watchlist/movies", ITEMS[1:2]),
        ("{username: bob, list: watchlist}", "/users/bob/watchlist", ITEMS[1:2]),
        ("{username: bob, list: collection, type: movies}", "/users/bob/collection/movies", [{"movie": MOVIE}]),
        ("{list: trending, type: movies}", "/movies/trending", [{"watchers": 3, "movie": MOVIE}]),
        ("{list: popular, type: movies}", "/movies/popular", [MOVIE]),
    ],
)
def test_lists_of_trakt_itself_are_where_its_documentation_says(
    trakt: Trakt, config: str, path: str, rows: list[Any]
) -> None:
    trakt.put(path, rows)
    assert titles(trakt.run(f"trakt_list: {config}").entries) == ["Glass Tower (2010)"]


def test_episodes_of_a_collection_come_out_of_its_shows(trakt: Trakt) -> None:
    have = [{"show": SHOW, "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}]}]
    trakt.put("/users/bob/collection/shows", have)
    task = trakt.run("trakt_list: {username: bob, list: collection, type: episodes, strip_dates: yes}")
    assert titles(task.entries) == ["Night Ferry S01E01", "Night Ferry S01E02"]


def test_a_title_comes_in_the_wanted_language(trakt: Trakt) -> None:
    trakt.put("/movies/popular", [MOVIE])
    trakt.put("/movies/4/translations/de", [{"language": "de", "title": "Glasturm"}])
    task = trakt.run("trakt_list: {list: popular, type: movies, language: de}")
    assert titles(task.entries) == ["Glasturm (2010)"]


def test_a_list_that_is_not_there_ends_the_task_in_words(trakt: Trakt) -> None:
    result = trakt.run("trakt_list: {account: mine, list: nothing}").result  # type: ignore[attr-defined]
    assert result.aborted
    assert "Trakt knows nothing of it" in result.reason


def test_an_unknown_account_is_told_with_the_remedy(trakt: Trakt) -> None:
    result = trakt.run("trakt_list: {account: other, list: watchlist}").result  # type: ignore[attr-defined]
    assert "flexget trakt auth other" in result.reason


def test_a_token_is_renewed_before_it_runs_out(trakt: Trakt) -> None:
    trakt.created -= timedelta(days=90)
    trakt.expires = datetime.now(UTC) + timedelta(hours=1)
    trakt.put("/oauth/token", {"access_token": "new", "refresh_token": "newer", "expires_in": 7776000})
    trakt.put("/sync/watchlist", ITEMS)
    assert trakt.run("trakt_list: {account: mine, list: watchlist}").entries
    assert trakt.web.asked[-1].headers["Authorization"] == "Bearer new"
    assert trakt.sent("/oauth/token")[0] == {
        "client_id": "client-id",
        "client_secret": "client-secret",
        "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
        "refresh_token": "again",
        "grant_type": "refresh_token",
    }
    kept = trakt.accounts.get("mine")
    assert kept is not None
    assert (kept.access_token, kept.refresh_token) == ("new", "newer")


def test_a_token_that_is_renewed_in_a_test_run_is_kept(trakt: Trakt) -> None:
    trakt.expires = datetime.now(UTC) - timedelta(hours=1)
    trakt.put("/oauth/token", {"access_token": "new", "refresh_token": "newer", "expires_in": 7776000})
    trakt.put("/sync/watchlist", ITEMS[:1])
    trakt.run("trakt_list: {account: mine, list: watchlist}", test=True)
    kept = trakt.accounts.get("mine")
    assert kept is not None
    assert (kept.access_token, kept.refresh_token) == ("new", "newer")


def test_a_token_that_lasts_for_a_day_only_is_not_renewed_with_each_question(trakt: Trakt) -> None:
    trakt.expires = trakt.created + timedelta(days=1)
    trakt.put("/sync/watchlist", ITEMS[:1])
    assert titles(trakt.run("trakt_list: {account: mine, list: watchlist}").entries) == ["Night Ferry (2019)"]
    assert trakt.sent("/oauth/token") == []


def test_without_the_secret_a_token_cannot_be_renewed(trakt: Trakt) -> None:
    trakt.expires = datetime.now(UTC)
    result = trakt.run("trakt_list: {account: mine, list: watchlist}", "cache: 1 day").result  # type: ignore[attr-defined]
    assert "FLEXGET_TRAKT_SECRET" in result.reason


# -- as a managed list -------------------------------------------------------------------------------------------------

WANTED = """\
mock:
  - {title: Night Ferry, url: u1, series_name: Night Ferry, tvdb_id: 70}
  - {title: Glass Tower, url: u2, movie_name: Glass Tower, movie_year: 2010, imdb_id: tt0000001}
  - {title: Night Ferry S01E02, url: u3, series_name: Night Ferry, series_season: 1, series_episode: 2}
accept_all: yes
"""


def test_entries_are_put_on_a_list_in_one_request(trakt: Trakt) -> None:
    trakt.put("/users/me/lists/my-list/items", {"added": {"movies": 1, "shows": 1, "episodes": 1}}, status=201)
    task = trakt.run(WANTED + "list_add: [trakt_list: {account: mine, list: My List}]")
    assert len(task.accepted) == 3
    assert trakt.sent("/users/me/lists/my-list/items") == [
        {
            "shows": [
                {"ids": {"tvdb": 70}, "title": "Night Ferry"},
                {"ids": {}, "title": "Night Ferry", "seasons": [{"number": 1, "episodes": [{"number": 2}]}]},
            ],
            "movies": [{"ids": {"imdb": "tt0000001"}, "title": "Glass Tower", "year": 2010}],
        }
    ]


def test_entries_are_taken_off_a_watchlist(trakt: Trakt) -> None:
    trakt.put("/sync/watchlist/remove", {"deleted": {"movies": 1, "shows": 0}})
    trakt.run(WANTED + "list_remove: [trakt_list: {account: mine, list: watchlist, type: movies}]")
    sent = trakt.sent("/sync/watchlist/remove")
    assert [list(body) for body in sent] == [["movies"]]


def test_a_list_cannot_be_changed_without_an_account(trakt: Trakt) -> None:
    result = trakt.run(WANTED + "list_add: [trakt_list: {username: bob, list: My List}]").result  # type: ignore[attr-defined]
    assert "needs an `account`" in result.reason


def test_entries_match_by_identifiers_and_place(trakt: Trakt) -> None:
    trakt.put("/users/bob/lists/my-list/items", ITEMS[1:3])
    task = trakt.run("""\
mock:
  - {title: a, url: u1, imdb_id: tt0000001}
  - {title: b, url: u2, series_name: x, tvdb_id: 70, series_season: 1, series_episode: 3}
  - {title: c, url: u3, series_name: x, tvdb_id: 70, series_season: 1, series_episode: 4}
  - {title: Glass Tower (2010), url: u4}
list_match: {from: [trakt_list: {username: bob, list: My List}], remove_on_match: no}
""")
    assert titles(task.accepted) == ["a", "b"]
    assert task.accepted[0]["trakt_movie_id"] == 4


def test_names_of_lists_become_what_addresses_hold() -> None:
    assert slug("My List!") == "my-list"
    assert slug("Tom & Jerry's") == "tom-and-jerrys"


# -- calendars and what comes next -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "title"), [("shows", "Night Ferry (2019)"), ("episodes", "Night Ferry (2019) S01E03 Harbour")]
)
def test_the_calendar_gives_shows_or_episodes(trakt: Trakt, kind: str, title: str) -> None:
    row = {"first_aired": "2030-01-01T20:00:00.000Z", "show": {**SHOW, "status": "ended"}, "episode": EPISODE}
    today = datetime.now().astimezone()
    for day in (today - timedelta(days=1), today - timedelta(days=2)):  # should midnight come in between
        trakt.put(f"/calendars/my/shows/{day:%Y-%m-%d}/3", [row, row])
    entries = trakt.run(f"trakt_calendar: {{account: mine, type: {kind}, days: 3, start_day: -1}}").entries
    assert titles(entries) == [title]
    assert entries[0]["trakt_series_status"] == "ended"
    assert entries[0]["imdb_url"] == "https://www.imdb.com/title/tt0000009/"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("account: mine", "S01E03"),
        ("account: mine, position: last", "S01E02"),
        ("account: mine, context: collected", "S02E01"),
        ("account: mine, context: aired", "S03E01"),
        ("username: bob", "S01E03"),
        ("username: bob, position: last", "S01E02"),
        ("username: bob, context: collected", "S01E01"),
    ],
)
def test_the_next_episode_of_each_show_of_a_list(trakt: Trakt, options: str, found: str) -> None:
    for person in ("me", "bob"):
        trakt.put(f"/users/{person}/lists/shows/items", [*ITEMS[:1], ITEMS[2]])
    watched = {"completed": 2, "next_episode": EPISODE, "last_episode": {**EPISODE, "number": 2}}
    trakt.put("/shows/5/progress/watched", watched)
    trakt.put("/shows/5/progress/collection", {"completed": 8, "next_episode": {"season": 2, "number": 1}})
    trakt.put("/shows/5/next_episode", {"season": 3, "number": 1})
    saw = [{"show": SHOW, "seasons": [{"number": 1, "episodes": [{"number": 1}, {"number": 2}]}]}]
    trakt.put("/users/bob/watched/shows", saw)
    trakt.put("/users/bob/collection/shows", [])
    trakt.put("/shows/5/seasons/1/episodes/3", EPISODE)
    entries = trakt.run(f"next_trakt_episodes: {{{options}, list: shows, strip_dates: yes}}").entries
    assert titles(entries) == [f"Night Ferry {found}"]
    assert entries[0]["series_id"] == found
    assert entries[0]["trakt_list"] == "shows"


def test_a_show_that_was_never_watched_begins_with_its_first_episode(trakt: Trakt) -> None:
    trakt.put("/users/me/watchlist/shows", ITEMS[:1])
    trakt.put("/shows/5/progress/watched", {"completed": 0, "next_episode": None})
    assert titles(trakt.run("next_trakt_episodes: {account: mine, list: watchlist}").entries) == [
        "Night Ferry (2019) S01E01"
    ]
