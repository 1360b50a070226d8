"""A loopback server that answers as the public sites do, with small answers of our own making."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SHOW = {
    "id": 7,
    "url": "http://localhost/shows/7",
    "name": "Night Ferry",
    "type": "Scripted",
    "language": "English",
    "genres": ["Drama"],
    "status": "Running",
    "runtime": 45,
    "premiered": "2019-03-02",
    "schedule": {"time": "20:00", "days": ["Tuesday"]},
    "rating": {"average": 7.5},
    "weight": 9,
    "network": {"name": "Canal Two"},
    "webChannel": None,
    "externals": {"tvrage": None, "thetvdb": 70},
    "image": None,
    "summary": "<p>A ferry.</p>",
    "updated": 1_600_000_000,
}
EPISODE = {
    "id": 71,
    "url": "http://localhost/episodes/71",
    "name": "Harbour",
    "season": 1,
    "number": 2,
    "airdate": "2019-03-09",
    "airstamp": "2019-03-09T20:00:00-04:00",
    "runtime": 45,
    "image": {"medium": "http://localhost/m.jpg", "original": "http://localhost/o.jpg"},
    "summary": None,
}
IMDB = {
    "d": [
        {"id": "tt0000002", "l": "Glass Tower II", "qid": "movie", "y": 2012},
        {"id": "tt0000001", "l": "Glass Tower", "qid": "movie", "y": 2010, "i": {"imageUrl": "http://localhost/p.jpg"}},
        {"id": "tt0000003", "l": "Glass Tower", "qid": "tvSeries", "y": 2011},
        {"id": "nm0000001", "l": "Glass Tower"},
    ]
}
MOVIE = {
    "id": 11,
    "imdb_id": "tt0000001",
    "title": "Glass Tower",
    "original_title": "Glasturm",
    "alternative_titles": {"titles": [{"title": "The Tower"}]},
    "release_date": "2010-05-06",
    "runtime": 100,
    "original_language": "de",
    "overview": "A tower.",
    "tagline": None,
    "vote_average": 6.5,
    "vote_count": 12,
    "popularity": 1.5,
    "adult": False,
    "budget": 0,
    "revenue": 0,
    "homepage": "",
    "genres": [{"id": 1, "name": "Drama"}],
}
PICTURE = {
    "file_path": "/a.jpg",
    "width": 10,
    "height": 20,
    "aspect_ratio": 0.5,
    "vote_average": 5,
    "vote_count": 2,
    "iso_639_1": None,
}
IDS = {"trakt": 5, "slug": "night-ferry", "tmdb": 6, "imdb": "tt0000009", "tvdb": 70, "tvrage": None}
TRAKT = {
    "title": "Night Ferry",
    "year": 2019,
    "ids": IDS,
    "overview": "A ferry.",
    "runtime": 45,
    "rating": 7.25,
    "votes": 3,
    "language": "en",
    "genres": ["drama"],
    "homepage": None,
    "updated_at": "2020-01-02T03:04:05.000Z",
    "tagline": "All aboard",
    "released": "2019-03-02",
    "trailer": None,
    "first_aired": "2019-03-02T20:00:00.000Z",
    "airs": {"day": "Tuesday", "time": "20:00", "timezone": "Europe/Oslo"},
    "certification": None,
    "network": "Canal Two",
    "country": "no",
    "status": "ended",
    "aired_episodes": 8,
}
PERSON = {"name": "Ada Berg", "ids": {"trakt": 51, "slug": "ada-berg", "imdb": None, "tmdb": 52}, "birthday": None}
TVDB = {
    "id": 70,
    "seriesName": "Night Ferry",
    "aliases": ["Nattferje"],
    "banner": "graphical/70.jpg",
    "firstAired": "2019-03-02",
    "network": "Canal Two",
    "status": "Ended",
    "overview": None,
    "runtime": "45",
    "genre": ["Drama"],
    "lastUpdated": 1_600_000_000,
    "airsDayOfWeek": "Tuesday",
    "airsTime": "20:00",
    "rating": "TV-14",
    "imdbId": "tt0000009",
    "zap2itId": "",
    "siteRating": 8,
}
TVDB_EPISODE = {
    "id": 701,
    "airedSeason": 1,
    "airedEpisodeNumber": 2,
    "absoluteNumber": None,
    "episodeName": "Harbour",
    "overview": None,
    "director": "Ada Berg",
    "siteRating": 7.5,
    "filename": "episodes/70/701.jpg",
    "firstAired": "2019-03-09",
    "lastUpdated": 1_600_000_000,
}
TRAKT_ROWS = [
    {"type": "movie", "movie": {"title": "The Night Ferry", "ids": {"trakt": 4}}},
    {"type": "movie", "movie": {"title": "Night Ferry", "ids": IDS}},
    {"type": "show", "show": {"title": "Night Ferry", "ids": IDS}},
]

V4_SHOW = {
    "id": 70,
    "name": "Nattferje",
    "aliases": [{"language": "eng", "name": "Night Boat"}],
    "nameTranslations": ["eng"],
    "image": "http://localhost/banner.jpg",
    "firstAired": "2019-03-02",
    "averageRuntime": 45,
    "airsTime": "20:00",
    "airsDays": {"tuesday": True, "friday": True, "sunday": False},
    "status": {"name": "Ended"},
    "latestNetwork": {"name": "Canal Two"},
    "genres": [{"name": "Drama"}],
    "remoteIds": [{"id": "tt0000009", "sourceName": "IMDB"}],
    "contentRatings": [{"name": "12", "country": "nor"}, {"name": "TV-14", "country": "usa"}],
    "lastUpdated": "2020-09-13 12:26:40",
    "characters": [
        {"personName": "Bo Dahl", "peopleType": "Actor", "sort": 2},
        {"personName": "Ada Berg", "peopleType": "Actor", "sort": 1},
        {"personName": "Cy Eng", "peopleType": "Director", "sort": 0},
    ],
}
V4_EPISODE = {
    "id": 701,
    "name": "Harbour",
    "seasonNumber": 1,
    "number": 2,
    "aired": "2019-03-09",
    "image": "http://localhost/e.jpg",
    "characters": [{"personName": "Cy Eng", "peopleType": "Director"}],
}
FILM = {
    "titleText": {"text": "Glass Tower"},
    "originalTitleText": {"text": "Glasturm"},
    "releaseYear": {"year": 2010},
    "ratingsSummary": {"aggregateRating": 6.5, "voteCount": 1200},
    "metacritic": {"metascore": {"score": 61}},
    "certificate": {"rating": "PG-13"},
    "primaryImage": {"url": "http://localhost/p.jpg"},
    "plot": {"plotText": {"plainText": "A tower."}},
    "titleGenres": {"genres": [{"genre": {"text": "Drama"}}, {"genre": {"text": "Crime"}}]},
    "spokenLanguages": {"spokenLanguages": [{"text": "German"}, {"text": "English"}]},
    "countriesOfOrigin": {"countries": [{"text": "Germany"}]},
    "keywords": {"edges": [{"node": {"keyword": {"text": {"text": "Glass"}}}}]},
    "principalCredits": [
        {"category": {"text": "Director"}, "credits": [{"name": {"id": "nm3", "nameText": {"text": "Dora Falk"}}}]}
    ],
    "credits": {
        "edges": [{"node": {"category": {"text": "Actor"}, "name": {"id": "nm1", "nameText": {"text": "Ada Berg"}}}}]
    },
}
TITLES = {"tt0000001": FILM}

ANSWERS: dict[str, Any] = {
    "/suggestion/titles/x/glass%20tower.json": IMDB,
    "/singlesearch/shows?q=night ferry": SHOW,
    "/shows/7/episodebynumber?season=1&number=2": EPISODE,
    "/shows/7/episodesbydate?date=2019-03-09": [EPISODE],
    "/configuration": {"images": {"secure_base_url": "https://img/", "poster_sizes": ["w92"], "backdrop_sizes": []}},
    "/search/movie?query=glass tower": {"results": [{"id": 10, "title": "The Glass Tower"}, MOVIE]},
    "/find/tt0000001?external_source=imdb_id": {"movie_results": [MOVIE]},
    "/find/tt0000404?external_source=imdb_id": {"movie_results": []},
    "/movie/11": MOVIE,
    "/movie/11/images": {"posters": [PICTURE], "backdrops": []},
    "/search?query=night ferry&type=movie": TRAKT_ROWS,
    "/search?query=night ferry&type=show": TRAKT_ROWS,
    "/search?query=nothing&type=movie": [],
    "/search?id_type=tvdb&id=70": TRAKT_ROWS,
    "/movies/5": TRAKT,
    "/movies/5/people": {"cast": [{"person": PERSON}]},
    "/movies/5/translations": [{"language": "no", "title": "Nattferja", "overview": None, "tagline": ""}],
    "/shows/5": TRAKT,
    "/shows/night-ferry": TRAKT,
    "/search/series?name=nattferje": {"data": [{**TVDB, "id": 69, "aliases": []}, TVDB]},
    "/search/series?imdbId=tt0000009": {"data": [TVDB]},
    "/series/70": {"data": TVDB},
    "/series/70/images/query": {"data": [{"fileName": "posters/70-1.jpg"}]},
    "/series/70/actors": {"data": [{"name": "Ada Berg"}]},
    "/series/70/episodes/query?airedEpisode=2&airedSeason=1": {"data": [TVDB_EPISODE]},
    "/series/70/episodes/query?firstAired=2019-03-09": {"data": [TVDB_EPISODE]},
    "/series/70/episodes/query?absoluteNumber=99": {"data": []},
    "/episodes/701": {"data": TVDB_EPISODE},
    "/shows/7": SHOW,
    "/lookup/shows?thetvdb=70": SHOW,
    "/shows/7/episodes": [EPISODE],
    "/shows/5/seasons/1/episodes/2/": {
        "season": 1,
        "number": 2,
        "title": "Harbour",
        "ids": {"trakt": 52, "imdb": "tt0000052", "tmdb": 53, "tvdb": 701},
        "first_aired": "2019-03-09T20:00:00.000Z",
    },
    "/shows/5/seasons/": [{"number": 1, "title": "Season 1", "episode_count": 8, "ids": {"trakt": 50}}],
    "/shows/5/people": {"cast": [{"person": PERSON}]},
    "/users/somebody/collection/shows?limit=1000&page=1": [
        {"show": {"ids": IDS}, "seasons": [{"number": 1, "episodes": [{"number": 2}]}]}
    ],
    "/users/somebody/watched/shows?limit=1000&page=1": [
        {"show": {"ids": IDS}, "seasons": [{"number": 1, "episodes": [{"number": 1}]}]}
    ],
    "/users/somebody/ratings/shows?limit=1000&page=1": [{"rating": 9, "show": {"ids": IDS}}],
    "/users/somebody/ratings/episodes?limit=1000&page=1": [],
    "/v4/search?query=nattferje&type=series": {
        "data": [
            {"tvdb_id": "69", "name": "Ferje", "aliases": []},
            {
                "tvdb_id": "70",
                "name": "Nattferje",
                "translations": {"eng": "Night Ferry"},
                "first_air_time": "2019-03-02",
            },
        ]
    },
    "/v4/search/remoteid/tt0000009": {"data": [{"series": {"id": 70, "name": "Nattferje"}}]},
    "/v4/series/70/extended": {"data": V4_SHOW},
    "/v4/series/70/translations/eng": {"data": {"name": "Night Ferry", "overview": "A ferry."}},
    "/v4/series/70/artworks?type=2": {"data": {"artworks": [{"type": 2, "image": "http://localhost/poster.jpg"}]}},
    "/v4/series/70/episodes/default?page=0&season=1&episodeNumber=2": {"data": {"episodes": [{"id": 701}]}},
    "/v4/series/70/episodes/default?page=0&airDate=2019-03-09": {"data": {"episodes": [{"id": 701}]}},
    "/v4/series/70/episodes/absolute?page=0&season=1&episodeNumber=9": {"data": {"episodes": []}},
    "/v4/episodes/701/extended": {"data": V4_EPISODE},
    "/singlesearch/shows?q=not json": b"<html>",
    "/singlesearch/shows?q=odd": ["neither", "object"],
}
IGNORED = {"embed", "extended", "api_key", "append_to_response", "language", "includeVideos", "keyType"}


@dataclass
class PublicSites:
    """``address`` stands for all sites; ``asked`` lists what came in; ``status`` answers all with that status."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 0
    token: str = "first"


def _handler(sites: PublicSites) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if "variables" in sent:
                number = sent["variables"]["id"]
                sites.asked.append(f"title {number}")
                self.answer(sites.status or 200, {"data": {"title": TITLES.get(number)}})
                return
            sites.asked.append(" ".join(["login", *sent.values()]))
            self.answer(
                200, {"data": {"token": sites.token}} if self.path.startswith("/v4") else {"token": sites.token}
            )

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = "&".join(f"{key}={value}" for key, value in parse_qsl(parts.query) if key not in IGNORED)
            asked = f"{parts.path}?{query}" if query else parts.path
            sites.asked.append(asked)
            sites.headers.append({key.lower(): value for key, value in self.headers.items()})
            if sites.status:
                self.answer(sites.status, {})
            elif parts.path.startswith(("/series", "/episodes", "/v4")) and f"Bearer {sites.token}" != self.headers.get(
                "Authorization"
            ):
                self.answer(401, {"Error": "not authorized"})
            else:
                found = ANSWERS.get(asked)
                self.answer(404 if found is None else 200, found)

        def answer(self, status: int, data: Any) -> None:
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@contextmanager
def public_sites() -> Iterator[PublicSites]:
    """Serve them while this lasts."""
    sites = PublicSites()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _handler(sites))
    sites.address = f"http://127.0.0.1:{httpd.server_address[1]}"
    thread = threading.Thread(target=lambda: httpd.serve_forever(0.01))
    thread.start()
    try:
        yield sites
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
