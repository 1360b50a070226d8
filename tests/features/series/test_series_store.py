"""Shows, their episodes and releases in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.features.series.store import EPISODE, RELEASES, SEASON, SeriesError, SeriesStore, Sighting
from server.storage.database import Database, sqlite_url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SeriesStore]:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    yield db.store(SeriesStore)
    db.close()


def sighting(show_id: int, season: int, number: int, title: str, quality: str = "720p") -> Sighting:
    return Sighting(show_id, EPISODE, f"S{season:02}E{number:02}", "ep", season, number, title, quality, 0)


def test_a_show_is_added_once_and_found_by_each_of_its_names(store: SeriesStore) -> None:
    (show,) = store.add_shows([("The Show", "the show")]).values()
    assert store.add_shows([("The Show", "the show")])["the show"].id == show.id
    store.set_alternate_names(show.id, [("TS", "ts")])
    assert store.shows_by_name(["ts", "the show", "other"]).keys() == {"ts", "the show"}
    assert store.alternate_names([show.id]) == {show.id: ["TS"]}
    store.set_alternate_names(show.id, [])
    assert store.alternate_names([show.id]) == {}


def test_an_alternate_name_of_another_show_is_refused(store: SeriesStore) -> None:
    shows = store.add_shows([("A", "a"), ("B", "b")])
    store.set_alternate_names(shows["a"].id, [("X", "x")])
    with pytest.raises(SeriesError, match="belongs to the show 'A'"):
        store.set_alternate_names(shows["b"].id, [("X", "x")])


def test_sightings_are_remembered_once_and_the_latest_download_is_known(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    items = [
        sighting(show.id, 1, 9, "A.S01E09"),
        sighting(show.id, 1, 10, "A.S01E10"),
        sighting(show.id, 1, 10, "A.S01E10.b"),
    ]
    found = store.remember(items)
    assert store.remember(items).keys() == found.keys()
    assert len(found) == 3
    assert store.latest([show.id]) == {}
    store.mark_downloaded(
        [found[show.id, EPISODE, "S01E09", "A.S01E09"].id, found[show.id, EPISODE, "S01E10", "A.S01E10"].id]
    )
    entity, release = store.latest([show.id])[show.id]
    assert (entity.identifier, release.title) == ("S01E10", "A.S01E10")
    assert store.show(show.id).last_download is not None
    assert store.release_counts([entity.id])[entity.id][0] == 2


def test_a_show_begins_only_at_an_episode_of_its_own_kind(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    store.set_begin(show.id, store.add_entity(show.id, EPISODE, "S02E01", "ep", 2, 1))
    assert store.show(show.id).identified_by == "ep"
    dated = store.add_entity(show.id, EPISODE, "2020-01-01", "date", None, None)
    with pytest.raises(SeriesError, match="identified by ep"):
        store.set_begin(show.id, dated)
    store.set_begin(show.id, None)
    assert store.show(show.id).begin_id is None


def test_removing_gives_back_the_downloaded_titles(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    found = store.remember(
        [sighting(show.id, 1, 1, "one"), sighting(show.id, 1, 2, "two"), sighting(show.id, 1, 3, "three")]
    )
    store.mark_downloaded(release.id for release in found.values())
    first = found[show.id, EPISODE, "S01E01", "one"]
    assert store.remove_entities(show.id, [first.entity_id], EPISODE) == ["one"]
    assert store.remove_releases(found[show.id, EPISODE, "S01E02", "two"].entity_id, None, None) == ["two"]
    assert store.remove_show(show.id) == ["three"]
    assert store.show(show.id) is None
    assert store.latest([show.id]) == {}


def test_what_nobody_downloaded_for_long_is_dropped_but_not_where_a_show_begins(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    store.set_begin(show.id, store.add_entity(show.id, EPISODE, "S01E01", "ep", 1, 1))
    old = [sighting(show.id, 1, number, f"A.S01E0{number}") for number in (2, 3)]
    taken = store.remember(old)[show.id, EPISODE, "S01E02", "A.S01E02"]
    store.mark_downloaded([taken.id])
    store.db.execute(RELEASES.update().values(first_seen=datetime.now(UTC) - timedelta(days=121)))
    store.remember([sighting(show.id, 1, 2, "A.S01E02.new"), sighting(show.id, 1, 4, "A.S01E04")])
    assert store.purge() == 2
    left = store.entities_of([show.id])[show.id]
    assert [entity.identifier for entity in left] == ["S01E01", "S01E02", "S01E04"]
    titles = [release.title for releases in store.releases_of(e.id for e in left).values() for release in releases]
    assert titles == ["A.S01E02", "A.S01E02.new", "A.S01E04"]
    assert store.purge() == 0


def test_shows_are_paged_by_name_or_latest_download_and_by_being_configured(store: SeriesStore) -> None:
    shows = store.add_shows([(name, name.lower()) for name in "ABC"])
    store.set_task("tv", [shows["a"].id, shows["b"].id])
    store.mark_downloaded([r.id for r in store.remember([sighting(shows["b"].id, 1, 1, "b")]).values()])
    names = lambda **options: [show.name for show in store.page(**options)[0]]  # noqa: E731
    assert names() == ["B", "A"]
    assert names(configured=None, descending=False) == ["A", "B", "C"]
    assert names(configured=False) == ["C"]
    assert names(sort_by="last_download_date") == ["B", "A"]
    assert names(premieres=True) == ["B"]
    assert names(configured=None, query="c") == ["C"]
    store.mark_downloaded([r.id for r in store.remember([sighting(shows["b"].id, 1, 3, "b3")]).values()])
    assert names(premieres=True) == []
    store.set_task("tv", [shows["c"].id])
    assert names() == ["C"]
    assert store.tasks([shows["c"].id]) == {shows["c"].id: ["tv"]}


def test_episodes_and_seasons_are_kept_apart_and_sorted(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    store.add_entity(show.id, SEASON, "S01", "ep", 1, None)
    for number in (2, 10, 1):
        store.add_entity(show.id, EPISODE, f"S01E{number:02}", "ep", 1, number)
    rows, total = store.page_of_entities(show.id, EPISODE, descending=True, limit=2, offset=0)
    assert ([row.number for row in rows], total) == ([10, 2], 3)
    assert rows[0].premiere is False
    assert store.find_entities([(show.id, EPISODE, "S01E01")])[show.id, EPISODE, "S01E01"].premiere == "Series Premiere"
    assert store.page_of_entities(show.id, SEASON, descending=True, limit=5, offset=0)[1] == 1


def test_releases_are_paged_and_filtered(store: SeriesStore) -> None:
    show = store.add_shows([("A", "a")])["a"]
    found = list(store.remember([sighting(show.id, 1, 1, title) for title in ("x", "y", "z")]).values())
    store.mark_downloaded([found[1].id])
    entity = found[0].entity_id
    rows, total = store.page_of_releases(entity, sort_by="title", descending=False)
    assert ([row.title for row in rows], total) == (["x", "y", "z"], 3)
    assert [row.title for row in store.page_of_releases(entity, downloaded=True)[0]] == ["y"]
    store.mark_downloaded([found[1].id], downloaded=False)
    assert store.show(show.id).last_download is None
