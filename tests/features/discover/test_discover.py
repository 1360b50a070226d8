"""``discover``, search plugins and estimators, against feeds on loopback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from server.engine.entry import Entry
from server.features.discover.store import DiscoverStore
from server.features.series.est_series_internal import _due
from server.plugins.estimators._base import Estimate, EstimatorPlugin
from server.plugins.search._newznab import _refine, queries, with_query
from server.plugins.search.torznab import Abilities
from tests.support import Engine, titles
from tests.web_server import WebServer

Make = Callable[[str], Engine]


def feed(*names: str, more: str = "") -> str:
    items = "".join(f"<item><title>{name}</title><link>http://localhost/{name}</link>{more}</item>" for name in names)
    namespace = 'xmlns:torznab="http://torznab.com/schemas/2015/feed"'
    return f'<rss version="2.0" {namespace}><channel><title>T</title>{items}</channel></rss>'


def discover(web: WebServer, what: str, options: str = "release_estimations: ignore") -> str:
    return f"""
        tasks:
          t:
            discover:
              what: [mock: [{what}]]
              from: [search_rss: '{web.url("/feed")}?q={{{{ search_term }}}}']
              {options}
            accept_all: yes
            seen: no
    """


def test_a_search_gives_what_it_finds_and_says_for_what_and_with_what(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A", "B"))
    task = engine(discover(web, "{title: 'Film & Co', url: 'http://localhost/w'}")).run()
    assert titles(task.entries) == ["A", "B"]
    assert {(entry["discovered_from"], entry["discovered_with"]) for entry in task.entries} == {
        ("Film & Co", "search_rss")
    }
    assert web.paths() == ["/feed?q=Film%20%26%20Co"]


def test_search_strings_are_looked_for_in_place_of_the_title_and_results_come_once(
    engine: Make, web: WebServer
) -> None:
    web.put("/feed", feed("A"))
    task = engine(discover(web, "{title: x, url: 'http://localhost/w', search_strings: [one, two]}")).run()
    assert web.paths() == ["/feed?q=one", "/feed?q=two"]
    assert titles(task.entries) == ["A"]


def test_a_title_is_looked_for_again_only_after_the_interval(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A"))
    made = engine(discover(web, "{title: x, url: 'http://localhost/w'}"))
    made.run()
    assert titles(made.run().entries) == []
    assert titles(made.run(discover_now=True).entries) == ["A"]
    assert len(web.asked) == 2


def test_a_test_run_does_not_count_as_a_search(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A"))
    made = engine(discover(web, "{title: x, url: 'http://localhost/w'}"))
    made.run(test=True)
    assert titles(made.run().entries) == ["A"]


def test_limit_is_for_the_results_of_each_search(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A", "B", "C"))
    what = "{title: x, url: 'http://localhost/1'}, {title: y, url: 'http://localhost/2'}"
    options = "release_estimations: ignore\n              limit: 2"
    assert titles(engine(discover(web, what, options)).run().entries) == ["A", "B", "A", "B"]
    assert web.paths() == ["/feed?q=x", "/feed?q=y"]


def test_a_title_that_several_inputs_list_is_looked_for_once(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A"))
    engine(discover(web, "{title: x, url: 'http://localhost/1'}, {title: x, url: 'http://localhost/2'}")).run()
    assert len(web.asked) == 1


def test_a_search_that_fails_leaves_the_others_alone(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("A"))
    task = engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{{title: x, url: 'http://localhost/w'}}]]
              from:
                - search_rss: '{web.url("/missing")}'
                - search_rss: '{web.url("/feed")}'
              release_estimations: ignore
    """).run()
    assert titles(task.entries) == ["A"]
    assert not task.aborted


FILMS = """{title: Old, url: 'http://localhost/1', movie_name: Old, movie_year: 2001},
                {title: Future, url: 'http://localhost/2', movie_name: Future, movie_year: 2099},
                {title: Plain, url: 'http://localhost/3'}"""


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("strict", ["Old"]),
        ("loose", ["Old", "Plain"]),
        ("smart", ["Old", "Plain"]),
        ("ignore", ["Old", "Future", "Plain"]),
        ("{optimistic: 40000 days}", ["Old", "Future"]),
    ],
)
def test_what_is_not_released_is_looked_for_as_the_mode_says(
    engine: Make, web: WebServer, mode: str, wanted: list[str]
) -> None:
    web.put("/feed", feed("A"))
    engine(discover(web, FILMS, f"release_estimations: {mode}")).run()
    assert [path.partition("=")[2] for path in web.paths()] == wanted


def test_smart_leaves_out_what_has_data_but_no_date(engine: Make, web: WebServer) -> None:
    made = engine(discover(web, "{title: x, url: 'http://localhost/1'}", "release_estimations: smart"))

    class Knows(EstimatorPlugin):
        def estimate(self, task: object, entries: object) -> dict[Entry, Estimate]:
            return dict.fromkeys(entries, Estimate(known=True))  # type: ignore[call-overload, no-any-return]

    made.registry._plugins["est_released_movies"] = Knows()
    web.put("/feed", feed("A"))
    made.run()
    assert web.asked == []


def test_the_next_episode_is_due_after_the_usual_gap() -> None:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    season = [(number, first + timedelta(days=3 * (number - 1))) for number in (1, 2, 3)]
    assert _due(season, 2) == first + timedelta(days=3)
    assert _due(season, 4) == first + timedelta(days=9)
    assert _due(season[:1], 2) == first + timedelta(days=7)
    assert _due([], 1) is None


def test_searches_of_long_ago_are_forgotten(engine: Make, web: WebServer) -> None:
    store = engine(discover(web, "{title: x, url: 'http://localhost/1'}")).db.store(DiscoverStore)
    store.searched("t", ["x"])
    assert set(store.last("t", ["x", "y"])) == {"x"}
    assert store.last("other", ["x"]) == {}


CAPS = """<caps><searching>
  <search available="yes" supportedParams="q"/>
  <tv-search available="yes" supportedParams="q,season,ep,tvdbid"/>
  <movie-search available="no"/>
</searching></caps>"""


def test_torznab_asks_by_id_where_the_indexer_takes_it(engine: Make, web: WebServer) -> None:
    item = "".join(
        f'<torznab:attr name="{name}" value="{value}"/>'
        for name, value in (("seeders", 7), ("peers", 9), ("size", 1000), ("infohash", "AB"), ("imdbid", "123"))
    )
    what = """{title: Show S01E02, url: 'http://localhost/1', series_name: Show, series_season: 1, series_episode: 2,
                tvdb_id: 99}"""
    web.put("/x/api", CAPS)
    made = engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{what}]]
              from: [torznab: {{url: '{web.url("/x")}', apikey: k, searcher: tvsearch, categories: [5000, 5040]}}]
              release_estimations: ignore
    """)
    query = "extended=1&apikey=k&t=tvsearch&cat=5000%2C5040&tvdbid=99&season=1&ep=2&q=Show"
    web.put(f"/x/api?{query}", feed("Show.S01E02", more=item))
    task = made.run()
    assert web.paths() == ["/x/api?extended=1&apikey=k&t=caps", f"/x/api?{query}"]
    entry = task.entries[0]
    assert (entry["torrent_seeds"], entry["torrent_leeches"], entry["content_size"]) == (7, 2, 1000)
    assert (entry["torrent_info_hash"], entry["imdb_id"]) == ("AB", "tt0000123")


def test_torznab_tells_the_indexers_own_error(engine: Make, web: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    web.put("/api", '<error code="100" description="Invalid API Key"/>')
    task = engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{{title: x, url: 'http://localhost/1'}}]]
              from: [torznab: {{url: '{web.url("/api")}', apikey: s3cret}}]
              release_estimations: ignore
    """).run()
    assert task.entries == []
    assert "Invalid API Key" in caplog.text


def test_newznab_makes_its_address_of_the_site(engine: Make, web: WebServer) -> None:
    web.put("/api", feed("Film"))
    task = engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{{title: Film, url: 'http://localhost/1', imdb_id: tt0000007}}]]
              from: [newznab: {{website: '{web.url("/")}', apikey: k, category: movie}}]
              release_estimations: ignore
    """).run()
    assert titles(task.entries) == ["Film"]
    assert web.paths() == ["/api?t=movie&extended=1&apikey=k&imdbid=0000007"]


EPISODE = "t=tvsearch&extended=1&{}&ep=2&season=1"


@pytest.mark.parametrize(
    ("category", "what", "asked"),
    [
        ("movie", "title: Film", []),
        ("tv", "title: Show", []),
        ("tv", "title: S, series_name: S, series_season: 1, series_episode: 2", [EPISODE.format("q=S")]),
        (
            "tvsearch",
            "title: S, series_name: S, series_season: 1, series_episode: 2, tvdb_id: 5",
            [EPISODE.format("tvdbid=5")],
        ),
        ("all", "title: Any Thing, imdb_id: tt0000001", ["t=search&extended=1&q=Any+Thing"]),
        ("music", "title: Song", []),
    ],
)
def test_newznab_asks_for_films_by_id_and_for_episodes_by_show(
    engine: Make, web: WebServer, category: str, what: str, asked: list[str]
) -> None:
    engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{{{what}, url: 'http://localhost/1'}}]]
              from: [newznab: {{website: '{web.url("")}', category: {category}}}]
              release_estimations: ignore
    """).run()
    assert web.paths() == [f"/api?{query}" for query in asked]


def found_at_newznab(engine: Make, web: WebServer) -> Entry:
    """The one entry that a search for a film gives."""
    task = engine(f"""
        tasks:
          t:
            discover:
              what: [mock: [{{title: Film, url: 'http://localhost/1'}}]]
              from: [newznab: {{website: '{web.url("")}', category: all}}]
              release_estimations: ignore
    """).run()
    (entry,) = task.entries
    return entry


def test_a_newznab_result_has_the_elements_of_its_item_and_the_size_of_its_enclosure(
    engine: Make, web: WebServer
) -> None:
    item = "<guid isPermaLink='false'>g</guid><enclosure url='http://x/e' length='77' type='application/x-nzb'/>"
    web.put("/api", feed("Film", more=item))
    entry = found_at_newznab(engine, web)
    assert (entry["content_size"], entry["id"], entry["guidislink"], entry["url"]) == (77, "g", False, entry["link"])


def test_torznab_asks_by_ids_and_words_that_the_indexer_takes() -> None:
    show = Entry(title="t", url="u", series_name="Show", series_season=1, series_episode=2, imdb_id="tt1")
    assert queries("tvsearch", show, {"q", "season", "ep"}) == [{"season": 1, "ep": 2, "q": "Show"}]
    film = Entry(title="t", url="u", movie_name="Film", movie_year=2001, imdb_id="tt1", tmdb_id=5)
    assert queries("movie", film, {"q", "imdbid"}) == [{"imdbid": "tt1", "q": "Film 2001"}]
    assert queries("search", show, {"q", "imdbid"}) == [{"q": "t"}]
    caps = Abilities({"movie": {"q"}}, [2000, 2010, 5000])
    assert (caps.categories_of("movie"), caps.categories_of("search")) == ([2000, 2010], [])
    assert with_query("http://h/api?a=1", {"q": "x y"}) == "http://h/api?a=1&q=x+y"
    assert with_query("http://h/api?cat=1&cat=2&q=z", {"q": "x"}) == "http://h/api?cat=1&cat=2&q=x"


def test_addresses_are_replaced_by_those_of_a_search_or_the_entry_is_rejected(engine: Make, web: WebServer) -> None:
    web.put("/feed", feed("Wanted"))
    task = engine(f"""
        tasks:
          t:
            mock:
              - {{title: Wanted, url: 'http://localhost/none'}}
              - {{title: Something else, url: 'http://localhost/none2'}}
            accept_all: yes
            urlrewrite_search: [search_rss: '{web.url("/feed")}']
    """).run()
    assert [(entry.state, entry["url"]) for entry in task.entries] == [
        ("accepted", "http://localhost/Wanted"),
        ("rejected", "http://localhost/none2"),
    ]


def test_an_indexer_cannot_say_where_things_are_saved(engine: Make, web: WebServer) -> None:
    item = "<path>/elsewhere</path><location>/a</location><x:to xmlns:x='move'>/b</x:to><comments>well</comments>"
    web.put("/api", feed("Film", more=item))
    entry = found_at_newznab(engine, web)
    assert entry.keys().isdisjoint({"path", "location", "move_to", "x_to", "to"})
    assert entry["comments"] == "well"


@pytest.mark.parametrize(
    ("told", "imdb_id"), [("tt0000000", None), ("0", None), ("133093", "tt0133093"), ("tt0133093", "tt0133093")]
)
def test_zeros_are_no_film_of_imdb(told: str, imdb_id: str | None) -> None:
    entry = Entry(title="t", url="u", imdbid=told)
    _refine(entry)
    assert entry.get("imdb_id") == imdb_id
