"""The plugins around ``series``: all_series, series_premiere, configure_series and what sets or removes episodes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from server.engine.entry import Entry
from server.features.series.store import SeriesStore


def states(task) -> dict[str, str]:
    return {entry["title"]: entry.state for entry in task.entries}


def test_all_series_follows_whatever_looks_like_an_episode(runs) -> None:
    titles = ["New.Show.S01E01.720p", "New.Show.S01E01.480p", "Daily.2012.05.05", "Just something", "Numbers.12"]
    assert runs(titles, all_series=True) == ["New.Show.S01E01.720p", "Daily.2012.05.05"]
    assert runs(["New.Show.S01E01.1080p", "New.Show.S01E02.1080p"], all_series={"quality": "1080p"}) == [
        "New.Show.S01E02.1080p"
    ]


def test_all_series_leaves_configured_shows_to_series(runs) -> None:
    assert runs(["Mine.S01E01.480p"], all_series=True, series=[{"Mine": {"quality": "720p"}}]) == []


def test_a_premiere_is_the_first_episode_of_an_unknown_show(runs, why) -> None:
    titles = ["New.S01E01", "New.S01E02", "Old.S02E01", "Teaser.S01E00", "Pack.S01", "Part.Show.Part.1"]
    task = runs.task(titles, series_premiere=True)
    assert states(task) == {
        "New.S01E01": "accepted",
        "New.S01E02": "rejected",
        "Old.S02E01": "undecided",
        "Teaser.S01E00": "accepted",
        "Pack.S01": "undecided",
        "Part.Show.Part.1": "undecided",
    }
    assert why(task, "New.S01E02") == "S01E02 is no premiere of New"
    assert runs(["New.S01E01.1080p"], series_premiere=True) == []


def test_premieres_without_season_and_without_teasers(runs) -> None:
    options = {"allow_seasonless": True, "allow_teasers": False, "path": "/new"}
    titles = ["Part.Show.Part.1", "Other.1of4", "Teaser.S01E00"]
    task = runs.task(titles, series_premiere=options)
    assert [entry["title"] for entry in task.accepted] == ["Part.Show.Part.1", "Other.1of4"]
    assert task.accepted[0]["path"] == "/new"


def test_a_show_that_series_follows_has_no_premiere(runs) -> None:
    runs(["Known.S02E05.480p"], series=[{"Known": {"quality": "720p"}}])
    runs.engine.configure(
        "tasks: {own: {mock: [], series: [Known]}, new: {mock: [], series_premiere: yes}}",
    )
    runs.engine.run("own")
    injected = [
        Entry(title="Known.S01E01", url="http://localhost/1"),
        Entry(title="New.S01E01", url="http://localhost/2"),
    ]
    task = runs.engine.run("new", inject=injected)
    assert states(task) == {"Known.S01E01": "undecided", "New.S01E01": "accepted"}


def test_a_teaser_and_the_first_episode_are_premieres_together(runs) -> None:
    assert runs(["New.S01E00", "New.S01E01"], series_premiere=True) == ["New.S01E00", "New.S01E01"]


def test_an_option_of_a_listed_show_that_makes_no_sense_is_left_out(runs) -> None:
    source = [{"title": "Listed", "url": "http://localhost/a", "configure_series_quality": "nonsense"}]
    config = {"from": {"mock": source}, "settings": {"propers": False}}
    assert runs(["Listed.S01E01.480p"], configure_series=config) == ["Listed.S01E01.480p"]


def test_fields_of_a_listed_show_come_beside_those_of_the_settings(runs) -> None:
    source = [{"title": "Listed", "url": "http://localhost/a", "configure_series_set": {"own": 1, "both": "its"}}]
    config = {"from": {"mock": source}, "settings": {"set": {"shared": 2, "both": "all"}}}
    (entry,) = runs.task(["Listed.S01E01"], configure_series=config).accepted
    assert (entry["own"], entry["shared"], entry["both"]) == (1, 2, "its")


def test_configure_series_follows_the_titles_of_an_input(runs) -> None:
    source = [
        {"title": "My Show", "url": "http://localhost/a", "tvdb_id": 7},
        {"title": "Other", "url": "http://localhost/b", "configure_series_quality": "1080p"},
    ]
    config = {"from": {"mock": source}, "settings": {"quality": "720p"}}
    titles = ["My.Show.S01E01.720p", "My.Show.S01E02.480p", "Other.S01E01.720p", "Other.S01E02.1080p", "Mine.S01E01"]
    task = runs.task(titles, configure_series=config, series=["Mine"])
    accepted = [entry["title"] for entry in task.accepted]
    assert accepted == ["My.Show.S01E01.720p", "Other.S01E02.1080p", "Mine.S01E01"]
    assert task.accepted[0]["tvdb_id"] == 7
    assert runs(["Mine.S01E02", "My.Show.S01E03.720p"], configure_series=config, series={"480p": ["Mine"]}) == [
        "My.Show.S01E03.720p"
    ]


def test_an_accepted_entry_sets_the_begin(runs) -> None:
    runs(["Show.S02E03", "No episode"], metainfo_series=True, accept_all=True, set_series_begin=True)
    assert runs(["Show.S02E02", "Show.S02E04"], series=["Show"]) == ["Show.S02E04"]


@pytest.mark.parametrize(("options", "again"), [(True, []), ({"forget": True}, ["Show.S01E01"])])
def test_a_removed_episode_may_come_again(runs, options, again) -> None:
    runs(["Show.S01E01"], series=["Show"])
    runs(["Show.S01E01.gone"], metainfo_series=True, accept_all=True, series_remove=options)
    assert runs(["Show.S01E01"], series=["Show"]) == again
    assert len(runs(["Show.S01E01.720p"], series=["Show"])) == 1 - len(again)


def test_a_task_without_series_follows_no_shows(runs) -> None:
    runs(["Show.S01E01"], series=["Show"])
    store = runs.engine.db.store(SeriesStore)
    assert store.page(configured=True)[1] == 1
    runs(["Show.S01E01"], accept_all=True)
    assert store.page(configured=True)[1] == 0


def test_a_run_forgets_what_was_seen_long_ago_and_never_taken(runs) -> None:
    runs(["Some Show S01E01", "Some Show S01E02"], all_series={"quality": "1080p"})
    store = runs.engine.db.store(SeriesStore)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=200)):
        runs(["Other Show S01E01"], all_series=True)
    show = store.shows_by_name(["some show"])["some show"]
    assert [entity.identifier for entity in store.entities_of([show.id])[show.id]] == ["S01E01"]  # where it begins


def test_shows_of_a_task_that_is_gone_are_not_configured_any_more(runs) -> None:
    runs(["Some Show S01E01"], series=["Some Show"])
    runs.engine.configure("tasks: {other: {mock: [{title: x}]}}")
    runs.engine.run("other")
    store = runs.engine.db.store(SeriesStore)
    assert store.page(configured=True) == ([], 0)
    assert [show.name for show in store.page(configured=False)[0]] == ["Some Show"]


def test_two_shows_cannot_share_a_name(runs) -> None:
    runs([], series=[{"One": {"alternate_name": "X"}}])
    with pytest.raises(AssertionError, match="belongs to the show 'One'"):
        runs([], series=[{"Two": {"alternate_name": "X"}}])


def test_another_name_that_is_a_show_of_its_own_does_no_harm(runs) -> None:
    assert runs(["Two.S01E01"], series=[{"One": {"alternate_name": "Two"}}, "Two"]) == ["Two.S01E01"]
    assert runs(["Two.S01E02"], series=[{"One": {"alternate_name": "Two"}}, "Two"]) == ["Two.S01E02"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({}, ["Show.S01E03.720p", "Show.S01E04.720p.PROPER"]),
        ({"recursive": True}, ["Show.S01E04.720p.PROPER"]),
        ({"allow_different_qualities": True}, ["Show.S01E02.720p", "Show.S01E03.720p", "Show.S01E04.720p.PROPER"]),
        ({"allow_different_qualities": "better"}, ["Show.S01E02.720p", "Show.S01E03.720p", "Show.S01E04.720p.PROPER"]),
    ],
)
def test_episodes_that_are_in_a_folder_are_rejected(runs, tmp_path, options, wanted) -> None:
    for name in ("Show.S01E01.720p.mkv", "Show.S01E02.480p.mkv", "sub/Show.S01E03.720p.mkv", "Show.S01E04.720p.mkv"):
        file = tmp_path / "lib" / "Show" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    titles = ["Show.S01E01.720p", "Show.S01E02.720p", "Show.S01E03.720p", "Show.S01E04.720p.PROPER"]
    path = f"{tmp_path}/lib/{{{{ series_name }}}}"
    assert runs(titles, series=["Show"], exists_series={"path": path, **options}) == wanted


def test_a_missing_folder_holds_no_episodes(runs, tmp_path) -> None:
    assert runs(["Show.S01E01"], series=["Show"], exists_series=f"{tmp_path}/none") == ["Show.S01E01"]
