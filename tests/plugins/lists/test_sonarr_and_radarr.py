"""``sonarr_list``, ``radarr_list`` and ``next_sonarr_episodes``, on a loopback server that speaks their API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from server.engine.task import Task
from server.plugins.lists._arr import _base
from tests.support import Engine, titles
from tests.web_server import WebServer

SHOWS = [
    {
        "id": 1,
        "title": "Night Ferry",
        "status": "continuing",
        "monitored": True,
        "path": "/tv/Night Ferry",
        "qualityProfileId": 1,
        "tvdbId": 70,
        "tvMazeId": 7,
        "imdbId": "tt0000009",
        "titleSlug": "night-ferry",
    },
    {"id": 2, "title": "Old Show", "status": "ended", "monitored": True, "qualityProfileId": 2, "tvdbId": 80},
    {"id": 3, "title": "Unwatched", "status": "continuing", "monitored": False, "qualityProfileId": 1, "tvdbId": 90},
]
MOVIES = [
    {
        "id": 1,
        "title": "Glass Tower",
        "year": 2010,
        "monitored": True,
        "tmdbId": 11,
        "imdbId": "tt0000001",
        "qualityProfileId": 1,
    },
    {"id": 2, "title": "Second Film", "year": 1999, "monitored": False, "tmdbId": 12, "qualityProfileId": 2},
]


def quality(number: int, name: str, *, allowed: bool = True) -> dict[str, Any]:
    """A quality of a profile."""
    return {"quality": {"id": number, "name": name}, "items": [], "allowed": allowed}


PROFILES = [
    {
        "id": 1,
        "cutoff": 1001,
        "items": [
            quality(1, "SDTV", allowed=False),
            quality(4, "HDTV-720p"),
            {
                "id": 1001,
                "name": "WEB 720p",
                "items": [quality(14, "WEBRip-720p"), quality(5, "WEBDL-720p")],
                "allowed": True,
            },
            quality(30, "Remux-1080p"),
            quality(0, "Unknown"),
        ],
    },
    {"id": 2, "cutoff": 1, "items": [quality(1, "SDTV")]},
]


class Arr:
    """The loopback server in the place of both, and tasks that use it."""

    def __init__(self, web: WebServer, engine: Callable[[str], Engine]) -> None:
        self.web, self._make = web, engine
        for path, data in (
            ("series", SHOWS),
            ("movie", MOVIES),
            ("qualityprofile", PROFILES),
            ("rootfolder", [{"id": 1, "path": "/media"}]),
        ):
            self.put(path, data)

    def put(self, path: str, data: Any, **more: Any) -> None:
        """Answer a path of the API with JSON."""
        self.web.put(f"/api/v3/{path}", json.dumps(data), "application/json", **more)

    def where(self, more: str = "") -> str:
        """The settings of a list."""
        return f"{{base_url: 'http://127.0.0.1', port: {self.web.port}, api_key: the-key, {more}}}"

    def run(self, *lines: str) -> Task:
        """Run a task of these lines."""
        body = "\n".join(f"    {line}" for line in lines)
        return self._make(f"tasks:\n  t:\n{body}\n").run("t")

    def asked(self, method: str) -> list[str]:
        """What was asked with a method."""
        return [asked.path for asked in self.web.asked if asked.method == method]

    def sent(self, path: str) -> list[Any]:
        """The bodies that were posted to a path of the API."""
        found = [asked for asked in self.web.asked if asked.method == "POST" and asked.path == f"/api/v3/{path}"]
        return [json.loads(asked.body) for asked in found]


@pytest.fixture
def arr(web: WebServer, engine: Callable[[str], Engine]) -> Arr:
    return Arr(web, engine)


# -- Sonarr ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", ["Night Ferry", "Old Show"]),
        ("include_ended: no", ["Night Ferry"]),
        ("only_monitored: no", ["Night Ferry", "Old Show", "Unwatched"]),
    ],
)
def test_shows_of_sonarr_are_chosen(arr: Arr, options: str, found: list[str]) -> None:
    entries = arr.run(f"sonarr_list: {arr.where(options)}").entries
    assert titles(entries) == found
    assert (entries[0]["tvdb_id"], entries[0]["sonarr_id"], entries[0]["series_name"]) == (70, 1, "Night Ferry")
    assert arr.web.asked[0].headers["X-Api-Key"] == "the-key"
    assert "configure_series_path" not in entries[0]


def test_shows_of_sonarr_bring_settings_for_configure_series(arr: Arr) -> None:
    first, second = arr.run(f"sonarr_list: {arr.where('include_data: yes')}").entries
    assert first["configure_series_path"] == "/tv/Night Ferry"
    assert first["configure_series_qualities"] == ["hdtv 720p", "webrip 720p", "webdl 720p", "remux 1080p"]
    assert first["configure_series_target"] == "webdl 720p"
    assert (second["configure_series_quality"], second["configure_series_target"]) == ("sdtv", "sdtv")


NEW_SHOW = "mock: [{title: n, url: u1, series_name: New Show, tvdb_id: 99}, {title: k, url: u2, tvdb_id: 70}]"


def test_a_show_is_added_to_sonarr_once(arr: Arr) -> None:
    arr.put("series/lookup", [{"title": "New Show", "tvdbId": 99, "titleSlug": "new-show", "seasons": []}])
    arr.web.put("/api/v3/tag", json.dumps([{"id": 3, "label": "flexget"}]))
    where = arr.where("series_type: anime, profile_id: 2, tags: [FlexGet]")
    arr.run(NEW_SHOW, "accept_all: yes", f"list_add: [sonarr_list: {where}]")
    [sent] = arr.sent("series")
    assert (sent["tvdbId"], sent["qualityProfileId"], sent["seriesType"], sent["tags"]) == (99, 2, "anime", [3])
    assert sent["rootFolderPath"] == "/media"
    assert sent["addOptions"]["searchForMissingEpisodes"] is True
    assert "/api/v3/series/lookup?term=tvdb%3A99" in arr.asked("GET")


def test_a_show_that_is_only_called_something_like_it_is_not_added(arr: Arr) -> None:
    arr.put("series/lookup", [{"title": "Newer Show", "tvdbId": 99}])
    task = arr.run(
        "mock: [{title: New Show, url: u1}]",
        "accept_all: yes",
        "max_reruns: 0",
        f"list_add: [sonarr_list: {arr.where()}]",
    )
    assert titles(task.failed) == ["New Show"]
    assert arr.sent("series") == []


def test_what_sonarr_refuses_fails_with_its_words(arr: Arr) -> None:
    arr.put("series/lookup", [{"title": "New Show", "tvdbId": 99}])
    arr.put("rootfolder", [{"errorMessage": "the path does not exist"}], status=400)
    task = arr.run(NEW_SHOW, "accept_all: yes", "max_reruns: 0", f"list_add: [sonarr_list: {arr.where()}]")
    assert titles(task.failed) == ["n"]
    assert "the path does not exist" in task.failed[0]["reason"]


def test_shows_are_matched_and_removed_by_identifiers(arr: Arr) -> None:
    arr.put("series/1", {})
    task = arr.run(
        "mock: [{title: a, url: u1, tvdb_id: 70}, {title: Night Ferry, url: u2}]",
        f"list_match: {{from: [sonarr_list: {arr.where()}]}}",
    )
    assert titles(task.accepted) == ["a"]
    assert arr.asked("DELETE") == ["/api/v3/series/1"]


def test_the_first_missing_episode_of_each_show(arr: Arr) -> None:
    missing = [
        {"seriesId": 1, "seasonNumber": 2, "episodeNumber": 1},
        {"seriesId": 1, "seasonNumber": 1, "episodeNumber": 9},
        {"seriesId": 2, "seasonNumber": 4, "episodeNumber": 1},
        {"seriesId": 3, "seasonNumber": 1, "episodeNumber": 1},
    ]
    sort = "sortKey=series.title&sortDirection=ascending"
    for page in (1, 2):
        records = missing[(page - 1) * 2 : page * 2]
        arr.put(f"wanted/missing?page={page}&pageSize=2&{sort}", {"totalRecords": 4, "records": records})
    entries = arr.run(f"next_sonarr_episodes: {arr.where('page_size: 2')}").entries
    assert titles(entries) == ["Night Ferry S01E09", "Old Show S04E01"]
    assert (entries[0]["series_name"], entries[0]["series_id"], entries[0]["tvdb_id"]) == ("Night Ferry", "S01E09", 70)
    ended = arr.run(f"next_sonarr_episodes: {arr.where('page_size: 2, include_ended: no')}")
    assert titles(ended.entries) == ["Night Ferry S01E09"]


# -- Radarr ------------------------------------------------------------------------------------------------------------


def test_movies_of_radarr_with_their_qualities(arr: Arr) -> None:
    [entry] = arr.run(f"radarr_list: {arr.where('include_data: yes')}").entries
    assert (entry["movie_name"], entry["movie_year"], entry["tmdb_id"]) == ("Glass Tower", 2010, 11)
    assert entry["quality_req"] == ["hdtv 720p", "webrip 720p", "webdl 720p", "remux 1080p"]
    options = "only_monitored: no, include_data: yes, only_use_cutoff_quality: yes"
    entries = arr.run(f"radarr_list: {arr.where(options)}").entries
    assert [entry["quality_req"] for entry in entries] == [["webdl 720p"], ["sdtv"]]


def test_movies_are_added_to_radarr_by_what_is_known_of_them(arr: Arr) -> None:
    movie = {"title": "New Film", "year": 2022, "tmdbId": 99, "titleSlug": "new-film", "images": []}
    arr.put("movie/lookup/tmdb", movie)
    arr.put("movie/lookup/imdb", {**movie, "tmdbId": 98})
    arr.put("movie/lookup", [{**movie, "tmdbId": 97}])
    arr.put("tag", [{"id": 7, "label": "x"}])
    arr.run(
        "mock: [{title: a, url: u1, tmdb_id: 99}, {title: b, url: u2, imdb_id: tt0000098}, {title: c, url: u3},"
        " {title: there, url: u4, imdb_id: tt0000001}]",
        "accept_all: yes",
        f"list_add: [radarr_list: {arr.where('profile_id: 2, tags: [7, 8]')}]",
    )
    sent = arr.sent("movie")
    assert [body["tmdbId"] for body in sent] == [99, 98, 97]
    assert (sent[0]["qualityProfileId"], sent[0]["rootFolderPath"], sent[0]["tags"]) == (2, "/media", [7])


def test_movies_are_removed_from_radarr(arr: Arr) -> None:
    arr.put("movie/1", {})
    arr.run(
        "mock: [{title: a, url: u1, imdb_id: tt0000001}, {title: b, url: u2}]",
        "accept_all: yes",
        f"list_remove: [radarr_list: {arr.where()}]",
    )
    assert arr.asked("DELETE") == ["/api/v3/movie/1"]


# -- where they are ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({"status": 401}, "refuses the `api_key`"),
        ({"status": 503}, "answered with an error"),
        ({"status": 200, "body": "<html>"}, "something else than JSON"),
    ],
)
def test_trouble_ends_the_task_in_words(arr: Arr, page: dict[str, Any], words: str) -> None:
    arr.web.put("/api/v3/series", page.pop("body", ""), **page)
    result = arr.run(f"sonarr_list: {arr.where()}").result  # type: ignore[attr-defined]
    assert words in result.reason
    assert "the-key" not in result.reason


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ({"base_url": "http://nas", "port": 8989}, "http://nas:8989"),
        ({"base_url": "http://nas:1234/", "port": 8989}, "http://nas:1234"),
        ({"base_url": "https://nas/sonarr", "base_path": ""}, "https://nas:443/sonarr"),
        ({"base_path": "/tv/"}, "http://localhost:80/tv"),
        ({"base_url": "http://[::1]", "port": 7878}, "http://[::1]:7878"),
    ],
)
def test_addresses_are_put_together(config: dict[str, Any], address: str) -> None:
    assert _base(config) == address
