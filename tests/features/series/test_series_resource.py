"""``/series/`` and all that is below it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from server.features.seen.store import SeenStore
from server.features.seen.store import Sighting as Seen
from server.features.series.store import EPISODE, SEASON, SeriesStore, Sighting
from tests.web.support import Server

ALPHA, BETA, GAMMA, DELTA = 1, 2, 3, 4


def sighting(show: int, season: int, number: int | None, title: str) -> Sighting:
    kind = SEASON if number is None else EPISODE
    identifier = f"S{season:02}" + ("" if number is None else f"E{number:02}")
    return Sighting(show, kind, identifier, "ep", season, number, title, "720p hdtv", 0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    store = made.engine.db.store(SeriesStore)
    store.add_shows([("Alpha Show", "alpha show"), ("Beta", "beta"), ("Gamma", "gamma"), ("Delta", "delta")])
    store.set_task("tv", [ALPHA, BETA, GAMMA])
    found = store.remember(
        [
            sighting(ALPHA, 1, 1, "Alpha Show S01E01"),
            sighting(ALPHA, 1, 1, "Alpha Show S01E01 PROPER"),
            sighting(ALPHA, 1, 2, "Alpha Show S01E02"),
            sighting(ALPHA, 2, 1, "Alpha Show S02E01"),
            sighting(BETA, 3, None, "Beta S03"),
            Sighting(GAMMA, EPISODE, "2026-01-02", "date", 2026, 0, "Gamma 2026-01-02", "720p", 0),
            Sighting(DELTA, EPISODE, "7", "sequence", 0, 7, "Delta 7", "720p", 1),
        ]
    )
    ids = {title: release.id for (_, _, _, title), release in found.items()}
    store.mark_downloaded([ids[title] for title in ("Alpha Show S01E01", "Alpha Show S01E02", "Beta S03")])
    made.engine.db.store(SeenStore).learn([Seen("Alpha Show S01E01", "tv", {"title": "Alpha Show S01E01"})])
    yield made
    made.close()


def names(server: Server, query: str = "") -> list[str]:
    reply = server.get(f"series/?{query}")
    assert reply.status == 200, reply.body
    return [show["name"] for show in reply.json]


# -- shows -------------------------------------------------------------------------------------------------------------


def test_shows_of_the_config_come_by_name_from_the_end(server: Server) -> None:
    assert names(server) == ["Gamma", "Beta", "Alpha Show"]
    assert names(server, "order=asc&in_config=all") == ["Alpha Show", "Beta", "Delta", "Gamma"]
    assert names(server, "in_config=unconfigured") == ["Delta"]
    assert server.get("series/?in_config=some").status == 400


def test_shows_are_sorted_as_people_read_their_names(server: Server) -> None:
    for name in ("epsilon", "_Coda", "Über"):
        server.post("series/", {"name": name})
    up = ["Alpha Show", "Beta", "_Coda", "Delta", "epsilon", "Gamma", "Über"]
    assert names(server, "order=asc&in_config=all") == up
    assert names(server, "in_config=all") == up[::-1]


def test_a_show_tells_its_newest_download_with_its_release(server: Server) -> None:
    show = server.get(f"series/{ALPHA}/").json
    assert list(show) == ["id", "name", "alternate_names", "in_tasks", "begin_episode", "latest_entity"]
    assert (show["in_tasks"], show["begin_episode"]) == (["tv"], None)
    latest = show["latest_entity"]
    release = latest.pop("latest_release")
    assert latest == {
        "id": 2,
        "identifier": "S01E02",
        "identified_by": "ep",
        "season": 1,
        "number": 2,
        "number_of_releases": 1,
        "first_seen": release["first_seen"],
        "series_id": ALPHA,
        "premiere": False,
    }
    assert {**release, "first_seen": None, "id": 0} == {
        "id": 0,
        "title": "Alpha Show S01E02",
        "downloaded": True,
        "quality": "720p hdtv",
        "proper_count": 0,
        "first_seen": None,
        "episode_id": 2,
    }


def test_a_season_pack_counts_as_newest_download_too(server: Server) -> None:
    latest = server.get(f"series/{BETA}/").json["latest_entity"]
    assert (latest["identifier"], latest["latest_release"]["season_id"]) == ("S03", latest["id"])
    assert "number" not in latest
    assert server.get(f"series/{GAMMA}/").json["latest_entity"] is None


def test_begin_and_newest_download_can_be_left_out(server: Server) -> None:
    for path in ("series/", "series/search/alpha/", f"series/{ALPHA}/"):
        found = server.get(f"{path}?begin=false&latest=false").json
        show = found if isinstance(found, dict) else found[0]
        assert list(show) == ["id", "name", "alternate_names", "in_tasks"]


def test_shows_are_found_by_a_part_of_their_normalized_name(server: Server) -> None:
    assert names(server, "query=PHA.sh") == ["Alpha Show"]
    assert names(server, "query=delta") == []
    assert [show["name"] for show in server.get("series/search/ELT/").json] == ["Delta"]
    assert server.get("series/search/nothing/").json == []


def test_shows_are_found_by_their_alternate_names(server: Server) -> None:
    server.put(f"series/{DELTA}/", {"alternate_names": ["The Fourth"]})
    assert [show["name"] for show in server.get("series/search/fourth/").json] == ["Delta"]


def test_premieres_are_shows_with_nothing_but_first_episodes(server: Server) -> None:
    assert names(server, "premieres=true&in_config=all") == ["Alpha Show"]


def test_shows_are_sorted_by_their_last_download(server: Server) -> None:
    down = names(server, "sort_by=last_download_date&in_config=all")
    assert set(down[2:]) == {"Gamma", "Delta"}
    assert names(server, "sort_by=last_download_date&in_config=all&order=asc") == down[::-1]


def test_a_page_of_shows_costs_a_handful_of_queries_and_nothing_while_it_stays(server: Server) -> None:
    store = server.engine.db.store(SeriesStore)
    shows = store.add_shows([(f"Show {number}", f"show {number}") for number in range(120)])
    ids = [show.id for show in shows.values()]
    store.remember([sighting(show_id, 1, number, f"{show_id} {number}") for show_id in ids for number in range(3)])
    counted: list[str] = []
    event.listen(store.db._connection().engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    assert server.get("series/?in_config=all&per_page=100").headers["Total-Count"] == "124"
    assert 0 < len(counted) <= 8
    counted.clear()
    assert server.get("series/?in_config=all&per_page=100").status == 200
    assert counted == []


# -- adding and changing -----------------------------------------------------------------------------------------------


def test_a_show_is_added_and_tells_its_begin_only_when_it_was_given(server: Server) -> None:
    reply = server.post("series/", {"name": "New One", "unknown": 1})
    assert reply.status == 201
    assert reply.json == {"id": 5, "name": "New One", "alternate_names": [], "in_tasks": []}
    again = server.post("series/", {"name": "new.ONE"})
    assert (again.status, again.json["status"]) == (409, "Error")


@pytest.mark.parametrize(
    ("begin", "identifier", "identified_by", "season", "number"),
    [
        ("S02E05", "S02E05", "ep", 2, 5),
        ("s02", "S02E01", "ep", 2, 1),
        (5, "5", "sequence", 0, 5),
        ("12", "12", "sequence", 0, 12),
        ("2026-1-5", "2026-01-05", "date", None, None),
    ],
)
def test_a_begin_is_an_episode_a_season_a_number_or_a_date(
    server: Server, begin: str | int, identifier: str, identified_by: str, season: int | None, number: int | None
) -> None:
    reply = server.post("series/", {"name": "New", "begin_episode": begin, "alternate_names": ["N"]})
    assert reply.status == 201
    first = reply.json["begin_episode"]
    assert {**first, "id": 0} == {
        "id": 0,
        "identifier": identifier,
        "identified_by": identified_by,
        "season": season,
        "number": number,
        "number_of_releases": 0,
        "first_seen": None,
        "series_id": reply.json["id"],
        "premiere": "Season Premiere" if number == 1 else False,
    }
    assert reply.json["alternate_names"] == ["N"]
    assert server.get(f"series/{reply.json['id']}/").json["begin_episode"] == first


@pytest.mark.parametrize(
    ("begin", "premiere"),
    [
        ("S01E01", "Series Premiere"),
        ("S01E00", "Series Premiere"),
        ("S03E00", "Season Premiere"),
        ("S00E01", "Season Premiere"),
        ("S01E02", False),
    ],
)
def test_pilots_are_premieres_and_specials_begin_no_series(server: Server, begin: str, premiere: str | bool) -> None:
    reply = server.post("series/", {"name": "New", "begin_episode": begin})
    assert reply.json["begin_episode"]["premiere"] == premiere


@pytest.mark.parametrize("begin", ["soon", -3, 0, "0", "2026-13-40", 10**12, []])
def test_what_is_no_begin_is_refused_and_the_show_is_not_added(server: Server, begin: object) -> None:
    reply = server.post("series/", {"name": "New", "begin_episode": begin})
    assert reply.status == 422
    assert reply.json["validation_errors"][0]["path"] == ["begin_episode"]
    assert server.get("series/search/new/").json == []


def test_a_show_without_a_name_is_refused(server: Server) -> None:
    assert server.post("series/", {"name": " . "}).status == 400
    assert server.post("series/", {}).status == 422


def test_a_begin_of_another_kind_is_refused_and_nothing_changes(server: Server) -> None:
    assert server.put(f"series/{ALPHA}/", {"begin_episode": "S01E02"}).json["begin_episode"]["id"] == 2
    reply = server.put(f"series/{ALPHA}/", {"begin_episode": 7, "alternate_names": ["A"]})
    assert (reply.status, reply.json["status"]) == (409, "Error")
    assert "ep" in reply.json["message"]
    show = server.get(f"series/{ALPHA}/").json
    assert (show["begin_episode"]["id"], show["alternate_names"]) == (2, [])
    assert server.get(f"series/{ALPHA}/episodes/").headers["Total-Count"] == "3"


def test_alternate_names_are_replaced_and_an_empty_list_clears_them(server: Server) -> None:
    reply = server.put(f"series/{ALPHA}/", {"alternate_names": ["One", "Two"]})
    assert reply.json == {"id": ALPHA, "name": "Alpha Show", "alternate_names": ["One", "Two"], "in_tasks": ["tv"]}
    assert server.put(f"series/{BETA}/", {"alternate_names": ["two"]}).status == 409
    assert server.put(f"series/{BETA}/", {"alternate_names": [""]}).status == 400
    assert server.put(f"series/{ALPHA}/", {"alternate_names": []}).json["alternate_names"] == []
    assert server.put(f"series/{ALPHA}/", {}).status == 422
    assert server.put("series/99/", {"alternate_names": []}).status == 404


def test_a_show_is_removed_with_all_that_is_below_it(server: Server) -> None:
    assert server.delete(f"series/{ALPHA}/").status == 200
    assert server.get(f"series/{ALPHA}/").status == server.delete(f"series/{ALPHA}/").status == 404
    assert server.get(f"series/{ALPHA}/episodes/").status == 404
    assert len(server.get("seen/").json) == 1


def test_forget_also_forgets_the_downloaded_titles_in_seen(server: Server) -> None:
    assert server.delete(f"series/{ALPHA}/?forget=true").status == 200
    assert server.get("seen/").json == []


# -- episodes and seasons ----------------------------------------------------------------------------------------------


def test_episodes_come_by_season_and_number_with_the_show_in_the_headers(server: Server) -> None:
    reply = server.get(f"series/{ALPHA}/episodes/?per_page=2")
    assert [row["identifier"] for row in reply.json] == ["S02E01", "S01E02"]
    assert [row["premiere"] for row in reply.json] == ["Season Premiere", False]
    assert (reply.headers["Series-ID"], reply.headers["Total-Count"]) == ("1", "3")
    rest = server.get(f"series/{ALPHA}/episodes/?per_page=2&page=2").json
    assert (rest[0]["premiere"], rest[0]["number_of_releases"]) == ("Series Premiere", 2)
    up = server.get(f"series/{ALPHA}/episodes/?order=asc").json
    assert [row["identifier"] for row in up] == ["S01E01", "S01E02", "S02E01"]


def test_dates_and_numbers_are_told_as_they_are(server: Server) -> None:
    date = server.get(f"series/{GAMMA}/episodes/").json[0]
    assert (date["identifier"], date["season"], date["number"], date["premiere"]) == ("2026-01-02", None, None, False)
    number = server.get(f"series/{DELTA}/episodes/").json[0]
    assert (number["identifier"], number["season"], number["identified_by"]) == ("7", 0, "sequence")


def test_seasons_are_listed_apart(server: Server) -> None:
    reply = server.get(f"series/{BETA}/seasons/")
    season = reply.json[0]
    assert list(season) == [
        "id",
        "identifier",
        "identified_by",
        "season",
        "number_of_releases",
        "first_seen",
        "series_id",
    ]
    assert server.get(f"series/{BETA}/seasons/{season['id']}/").json == season
    assert server.get(f"series/{BETA}/episodes/{season['id']}/").status == 404
    assert (server.get(f"series/{BETA}/episodes/").json, reply.headers["Series-ID"]) == ([], "2")


def test_what_is_not_there_is_404_and_what_belongs_elsewhere_400(server: Server) -> None:
    assert server.get(f"series/{ALPHA}/episodes/1/").headers["Series-ID"] == "1"
    assert server.get("series/99/episodes/1/").status == 404
    assert server.get(f"series/{ALPHA}/episodes/99/").status == 404
    assert server.get(f"series/{BETA}/episodes/1/").status == 400
    assert server.get(f"series/{BETA}/episodes/1/releases/1/").status == 400
    assert server.get(f"series/{BETA}/episodes/1/releases/99/").status == 404
    assert server.get(f"series/{ALPHA}/episodes/1/releases/99/").status == 404
    assert server.get(f"series/{ALPHA}/episodes/1/releases/3/").status == 400


def test_one_episode_or_all_are_removed(server: Server) -> None:
    assert server.delete(f"series/{BETA}/episodes/1/").status == 400
    assert server.delete(f"series/{ALPHA}/episodes/1/?forget=1").status == 200
    assert server.get("seen/").json == []
    assert server.get(f"series/{ALPHA}/episodes/").headers["Total-Count"] == "2"
    assert server.delete(f"series/{ALPHA}/episodes/").status == 200
    assert server.get(f"series/{ALPHA}/episodes/").json == []
    assert server.get(f"series/{ALPHA}/").json["latest_entity"] is None


def test_after_its_last_episode_is_removed_a_show_may_begin_at_another_kind(server: Server) -> None:
    assert server.put(f"series/{ALPHA}/", {"begin_episode": "S01E02"}).status == 200
    assert server.put(f"series/{ALPHA}/", {"begin_episode": 7}).status == 409
    assert server.delete(f"series/{ALPHA}/seasons/").status == server.delete(f"series/{ALPHA}/episodes/").status == 200
    assert server.put(f"series/{ALPHA}/", {"begin_episode": 7}).status == 200


def test_removing_seasons_leaves_episodes_alone(server: Server) -> None:
    assert server.delete(f"series/{ALPHA}/seasons/").status == server.delete(f"series/{BETA}/seasons/").status == 200
    assert server.get(f"series/{ALPHA}/episodes/").headers["Total-Count"] == "3"
    assert server.get(f"series/{BETA}/seasons/").json == []


# -- releases ----------------------------------------------------------------------------------------------------------


def releases(server: Server, query: str = "") -> list[str]:
    return [row["title"] for row in server.get(f"series/{ALPHA}/episodes/1/releases/?{query}").json]


def test_releases_are_filtered_and_sorted(server: Server) -> None:
    reply = server.get(f"series/{ALPHA}/episodes/1/releases/")
    assert (reply.headers["Series-ID"], reply.headers["Episode-ID"], reply.headers["Count"]) == ("1", "1", "2")
    assert releases(server, "downloaded=true") == ["Alpha Show S01E01"]
    assert releases(server, "downloaded=false") == ["Alpha Show S01E01 PROPER"]
    for key in ("first_seen", "downloaded", "proper_count", "title"):
        assert releases(server, f"sort_by={key}") == releases(server, f"sort_by={key}&order=asc")[::-1]


def test_a_release_is_marked_as_not_downloaded_once(server: Server) -> None:
    path = f"series/{ALPHA}/episodes/1/releases/1/"
    reply = server.put(path)
    assert (reply.status, reply.json["downloaded"], reply.headers["Episode-ID"]) == (200, False, "1")
    assert server.get(path).json == reply.json
    assert server.put(path).status == 400


def test_all_releases_are_marked_as_not_downloaded(server: Server) -> None:
    for _ in range(2):
        reply = server.put(f"series/{ALPHA}/episodes/1/releases/")
        assert (reply.status, reply.json["status"]) == (200, "success")
    assert releases(server, "downloaded=true") == []
    assert server.get(f"series/{ALPHA}/").json["latest_entity"]["identifier"] == "S01E02"


def test_releases_are_removed_one_or_those_that_were_downloaded(server: Server) -> None:
    path = f"series/{ALPHA}/episodes/1/releases/"
    assert server.delete(f"{path}?downloaded=true&forget=true").status == 200
    assert server.get("seen/").json == []
    assert releases(server) == ["Alpha Show S01E01 PROPER"]
    assert server.delete(f"{path}2/").status == 200
    assert server.delete(f"{path}2/").status == 404
    assert releases(server) == []


def test_releases_of_a_season_name_their_season(server: Server) -> None:
    season = server.get(f"series/{BETA}/seasons/").json[0]["id"]
    path = f"series/{BETA}/seasons/{season}/releases/"
    reply = server.get(path)
    release = reply.json[0]
    assert (release["season_id"], reply.headers["Season-ID"]) == (season, str(season))
    one = server.get(f"{path}{release['id']}/")
    assert (one.json, one.headers["Season-ID"]) == (release, str(season))
    assert server.put(f"{path}{release['id']}/").json["downloaded"] is False
    assert server.put(path).status == 200
    assert server.delete(f"{path}{release['id']}/?forget=false").status == 200
    assert server.delete(path).status == 200
    assert server.get(path).json == []
