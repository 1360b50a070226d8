"""What the series plugin accepts: qualities, upgrades, propers, time frames, begins, packs, specials."""

from __future__ import annotations

import pytest

from server.engine.task import Task


def states(task: Task) -> dict[str, str]:
    return {entry["title"]: entry.state for entry in task.entries}


def test_an_episode_is_taken_once(runs, why) -> None:
    assert runs(["Show.S01E01.480p", "Show.S01E01.720p", "Show.S01E02"], series=["Show"]) == [
        "Show.S01E01.480p",
        "Show.S01E02",
    ]
    task = runs.task(["Show.S01E01.1080p"], series=["Show"])
    assert states(task) == {"Show.S01E01.1080p": "rejected"}
    assert why(task, "Show.S01E01.1080p") == "S01E01 was downloaded already, in 480p"


def test_what_two_searches_found_alike_is_one_release(runs) -> None:
    twice = [{"title": title, "url": title} for title in ("Show.S01E01", "Show.S01E02") for _ in range(2)]
    task = runs.task(twice, series=[{"Show": {"begin": "S01E02"}}])
    assert [entry.state for entry in task.entries] == ["rejected", "undecided", "accepted", "undecided"]


def test_titles_of_other_shows_are_left_alone(runs) -> None:
    task = runs.task(["Other.S01E01", "Showing.S01E01", "Show without an episode"], series=["Show"])
    assert set(states(task).values()) == {"undecided"}
    assert not any(entry.get("series_name") for entry in task.entries)


def test_the_fields_of_an_episode_are_set(runs) -> None:
    task = runs.task(
        ["Show.S02E03.PROPER.720p.HDTV-GRP"], series=[{"Show": {"path": "/tv/{{ series_name }}", "set": {"tag": "x"}}}]
    )
    (entry,) = task.entries
    wanted = {
        "series_name": "Show",
        "series_id": "S02E03",
        "series_id_type": "ep",
        "series_season": 2,
        "series_episode": 3,
        "series_identified_by": "auto",
        "proper_count": 1,
        "path": "/tv/Show",
        "tag": "x",
    }
    assert {name: entry[name] for name in wanted} == wanted
    assert str(entry["quality"]) == "720p hdtv"


def test_a_quality_that_does_not_fit_stays_undecided(runs, why) -> None:
    task = runs.task(["Show.S01E01.480p", "Show.S01E01.720p"], series=[{"Show": {"quality": "720p+"}}])
    assert states(task) == {"Show.S01E01.480p": "undecided", "Show.S01E01.720p": "accepted"}
    assert why(task, "Show.S01E01.720p") == "720p fits 720p+"


def test_a_better_release_is_an_upgrade_and_a_worse_one_is_not(runs, why) -> None:
    series = [{"Show": {"upgrade": True}}]
    runs(["Show.S01E01.480p"], series=series)
    task = runs.task(["Show.S01E01.HDTV", "Show.S01E01.720p", "Show.S01E01.1080p"], series=series)
    assert states(task) == {
        "Show.S01E01.HDTV": "rejected",
        "Show.S01E01.720p": "accepted",
        "Show.S01E01.1080p": "undecided",
    }
    assert why(task, "Show.S01E01.HDTV") == "hdtv is no upgrade of 480p, which was downloaded"


def test_one_release_is_taken_in_each_of_several_qualities(runs) -> None:
    series = [{"Show": {"qualities": ["480p", "1080p"]}}]
    assert runs(["Show.S01E01.480p", "Show.S01E01.720p"], series=series) == ["Show.S01E01.480p"]
    assert runs(["Show.S01E01.480p.x264", "Show.S01E01.1080p"], series=series) == ["Show.S01E01.1080p"]
    assert runs(["Show.S01E01.1080p.WEB-DL"], series=series) == []


def test_a_proper_replaces_what_was_downloaded_in_the_same_quality(runs, why) -> None:
    runs(["Show.S01E01.720p"], series=["Show"])
    task = runs.task(["Show.S01E01.1080p.PROPER", "Show.S01E01.PROPER.720p"], series=["Show"])
    assert states(task) == {"Show.S01E01.1080p.PROPER": "rejected", "Show.S01E01.PROPER.720p": "accepted"}
    assert why(task, "Show.S01E01.PROPER.720p") == "proper of the 720p that was downloaded"


def test_what_a_proper_on_offer_corrects_is_rejected(runs, why) -> None:
    task = runs.task(["Show.S01E01.720p", "Show.S01E01.720p.REPACK"], series=["Show"])
    assert states(task) == {"Show.S01E01.720p": "rejected", "Show.S01E01.720p.REPACK": "accepted"}
    assert why(task, "Show.S01E01.720p") == "there is a proper of it in 720p"


@pytest.mark.parametrize(("setting", "taken"), [(True, True), (False, False), ("0 hours", False), ("2 days", True)])
def test_propers_are_taken_as_the_setting_says(runs, setting, taken) -> None:
    series = [{"Show": {"propers": setting}}]
    runs(["Show.S01E01.720p"], series=series)
    assert bool(runs(["Show.S01E01.720p.PROPER"], series=series)) is taken


def test_the_target_is_waited_for_until_the_time_is_over(runs) -> None:
    waiting = [{"Show": {"target": "1080p", "timeframe": "2 days"}}]
    assert runs(["Show.S01E01.480p"], series=waiting) == []
    assert runs(["Show.S01E01.480p", "Show.S01E01.1080p"], series=waiting) == ["Show.S01E01.1080p"]
    over = [{"Other": {"target": "1080p", "timeframe": "0 hours"}}]
    assert runs(["Other.S01E01.480p", "Other.S01E01.720p"], series=over) == ["Other.S01E01.480p"]


def test_a_target_without_a_time_is_waited_for_forever(runs) -> None:
    assert runs(["Show.S01E01.480p"], series=[{"Show": {"target": "720p"}}]) == []


def test_an_upgrade_with_a_target_ends_at_the_target(runs) -> None:
    series = [{"Show": {"target": "720p", "upgrade": True, "timeframe": "0 hours"}}]
    assert runs(["Show.S01E01.480p"], series=series) == ["Show.S01E01.480p"]
    assert runs(["Show.S01E01.720p"], series=series) == ["Show.S01E01.720p"]
    assert runs(["Show.S01E01.720p.BluRay"], series=series) == []


@pytest.mark.parametrize(
    ("begin", "before", "after"),
    [
        ("S02E03", "Show.S02E02", "Show.S02E03"),
        ("S02", "Show.S01E09", "Show.S02E01"),
        (5, "Show.04", "Show.05"),
        ("2012-03-04", "Show.2012.03.03", "Show.2012.03.14"),
    ],
)
def test_what_is_before_the_begin_is_rejected(runs, why, begin, before, after) -> None:
    task = runs.task([before, after], series=[{"Show": {"begin": begin}}])
    assert states(task) == {before: "rejected", after: "accepted"}
    assert "where Show begins" in why(task, before)


def test_a_begin_of_another_kind_than_the_show_ends_the_task(runs) -> None:
    with pytest.raises(AssertionError, match="Show: `begin: 5` is of the kind sequence, but `identified_by` says ep"):
        runs([], series=[{"Show": {"begin": 5, "identified_by": "ep"}}])


def test_a_show_whose_way_of_numbering_was_given_begins_anywhere(runs) -> None:
    runs(["Show.S02E01"], series=[{"Show": {"identified_by": "ep"}}])
    assert runs(["Show.S01E09", "Show.S02E02"], series=["Show"]) == ["Show.S01E09", "Show.S02E02"]


def test_a_begin_stays_when_the_config_names_it_no_more(runs) -> None:
    runs(["Show.S03E01"], series=[{"Show": {"begin": "S02E05"}}])
    assert runs(["Show.S02E04", "Show.S02E05"], series=["Show"]) == ["Show.S02E05"]


def test_a_show_begins_at_the_season_that_was_downloaded_first(runs, why) -> None:
    runs(["Show.S03E05"], series=["Show"])
    task = runs.task(["Show.S02E09", "Show.S03E01", "Show.S05E01"], series=["Show"])
    assert states(task) == {"Show.S02E09": "rejected", "Show.S03E01": "accepted", "Show.S05E01": "accepted"}
    assert why(task, "Show.S02E09") == "S02E09 is before S03E01, where Show begins"


@pytest.mark.parametrize("tracking", ["backfill", False])
def test_backfill_takes_earlier_seasons_too(runs, tracking) -> None:
    series = [{"Show": {"tracking": tracking}}]
    runs(["Show.S03E05"], series=series)
    assert runs(["Show.S02E09", "Show.S01E01"], series=series) == ["Show.S02E09", "Show.S01E01"]


def test_strict_tracking_takes_only_what_comes_next(runs) -> None:
    series = [{"Show": {"tracking": "strict"}}]
    runs(["Show.S03E05"], series=series)
    wanted = ["Show.S03E06", "Show.S04E01"]
    assert runs([*wanted, "Show.S03E09", "Show.S05E01"], series=series) == wanted


def test_packs_are_refused_unless_they_are_wanted(runs, why) -> None:
    task = runs.task(["Show.S01.720p"], series=["Show"])
    assert why(task, "Show.S01.720p") == "S01 is a season pack; season_packs is off for Show"


def test_a_pack_makes_its_season_complete(runs, why) -> None:
    series = [{"Show": {"season_packs": True}}]
    task = runs.task(["Show.S01E01", "Show.S01.720p"], series=series)
    assert why(task, "Show.S01E01") == "a pack of season 1 was accepted in this run"
    task = runs.task(["Show.S01E02", "Show.S02E01"], series=series)
    assert states(task) == {"Show.S01E02": "rejected", "Show.S02E01": "accepted"}


@pytest.mark.parametrize(
    ("setting", "taken"),
    [(True, False), (1, False), (2, True), ("always", True), ({"threshold": 2, "reject_eps": False}, True)],
)
def test_a_pack_is_refused_when_enough_episodes_are_there(runs, setting, taken) -> None:
    runs(["Show.S01E01", "Show.S01E02"], series=["Show"])
    assert bool(runs(["Show.S01.720p"], series=[{"Show": {"season_packs": setting}}])) is taken


@pytest.mark.parametrize("setting", ["only", {"threshold": 0, "reject_eps": True}])
def test_single_episodes_are_refused_when_only_packs_are_wanted(runs, setting) -> None:
    assert runs(["Show.S01E01", "Show.S02"], series=[{"Show": {"season_packs": setting}}]) == ["Show.S02"]


def test_specials_can_be_left_alone(runs) -> None:
    assert runs(["Show.Xmas.Special"], series=["Show"]) == ["Show.Xmas.Special"]
    assert runs(["Other.Xmas.Special"], series=[{"Other": {"specials": False}}]) == []


def test_a_double_episode_counts_for_both(runs) -> None:
    runs(["Show.S01E01E02"], series=["Show"])
    assert runs(["Show.S01E02.720p", "Show.S01E03"], series=["Show"]) == ["Show.S01E03"]


def test_the_way_of_numbering_is_learned(runs) -> None:
    runs(["Show.S01E01", "Show.S01E02"], series=["Show"])
    assert runs(["Show.2012.05.05", "Show.17", "Show.S01E03"], series=["Show"]) == ["Show.S01E03"]


def test_different_ways_of_numbering_in_one_run_do_no_harm(runs) -> None:
    titles = ["Show.S01E01", "Show.2012.05.05", "Show.15"]
    assert sorted(runs(titles, series=["Show"])) == sorted(titles)


def test_only_reading_decides_nothing(runs) -> None:
    task = runs.task(["Show.S01E01"], series=[{"Show": {"parse_only": True}}], accept_all=True)
    assert task.entries[0]["accepted_by"] == "accept_all"
    assert task.entries[0]["series_id"] == "S01E01"


def test_what_another_filter_accepted_is_rejected_when_it_was_downloaded(runs) -> None:
    runs(["Show.S01E01"], series=["Show"])
    task = runs.task(["Show.S01E01.HDTV"], series=["Show"], regexp={"accept": ["HDTV"]})
    assert states(task) == {"Show.S01E01.HDTV": "rejected"}


def test_an_entry_that_fails_is_not_downloaded(runs) -> None:
    task = runs.task(["Show.S01E01"], series=["Show"], download="/nowhere/at/all")
    assert not task.accepted
    assert runs(["Show.S01E01.720p"], series=["Show"]) == ["Show.S01E01.720p"]


def test_waiting_can_be_ended_for_one_show(runs) -> None:
    series = [
        {"Show": {"target": "1080p", "timeframe": "2 days"}},
        {"Other": {"target": "1080p", "timeframe": "2 days"}},
    ]
    runs(["Show.S01E01.480p", "Other.S01E01.480p"], series=series)
    task = runs.engine.run("tv", stop_waiting="show")
    assert [entry["title"] for entry in task.accepted] == ["Show.S01E01.480p"]


def test_tracking_can_be_switched_off_for_one_run(runs) -> None:
    runs(["Show.S03E05"], series=["Show"])
    runs.engine.configure(
        """
        tasks:
          tv:
            mock: [{title: Show.S02E09, url: "http://localhost/1"}]
            series: [Show]
        """
    )
    assert len(runs.engine.run("tv", disable_tracking=True).accepted) == 1
