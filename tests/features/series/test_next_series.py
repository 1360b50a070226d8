"""Which episodes and seasons come next."""

from __future__ import annotations

import pytest


def titles(task) -> list[str]:
    return [entry["title"] for entry in task.entries]


def emitted(runs, series, options=True, plugin="next_series_episodes"):
    """What the plugin gives, one pass only."""
    return titles(runs.task([], series=series, **{plugin: options}))


def test_the_first_episode_is_where_a_show_begins(runs) -> None:
    assert emitted(runs, [{"Show": {"begin": "S02E03"}}, "Unknown"]) == ["Show S02E03"]


def test_the_next_episode_follows_the_latest_download(runs) -> None:
    series = ["Show"]
    runs(["Show.S02E03", "Show.S02E04"], series=series)
    assert emitted(runs, series) == ["Show S02E05"]


def test_numbered_shows_go_on_by_number(runs) -> None:
    series = [{"Show": {"identified_by": "sequence"}}, {"New": {"begin": 7}}]
    runs(["Show.9"], series=series)
    assert emitted(runs, series) == ["Show 10", "New 7"]


def test_backfill_finds_gaps_and_earlier_seasons(runs) -> None:
    runs(["Show.S01E01", "Show.S01E04", "Show.S02E02"], series=["Show"])
    wanted = ["Show S02E01", "Show S02E03", "Show S01E02", "Show S01E03", "Show S01E05"]
    only_read = [{"Show": {"parse_only": True}}]
    assert emitted(runs, only_read, {"backfill": True}) == wanted
    assert emitted(runs, only_read, {"backfill": True, "backfill_limit": 1}) == [
        "Show S02E01",
        "Show S02E03",
        "Show S01E05",
    ]


def test_a_huge_gap_is_left_alone_at_once(runs) -> None:
    show = [{"Show": {"identified_by": "sequence", "sequence_regexp": r"vol (\d+)"}}]
    runs(["Show vol 3", "Show vol 999999999"], series=show)
    assert emitted(runs, show, {"backfill": True}) == ["Show 1000000000"]


def test_of_a_season_that_nothing_was_seen_of_only_the_first_episode_is_wanted(runs) -> None:
    runs(["Show.S02E01", "Show.S02E02"], series=["Show"])  # it begins at S01E01 from now on
    wanted = ["Show S02E03", "Show S01E01"]
    assert emitted(runs, [{"Show": {"parse_only": True}}], {"backfill": True}) == wanted


def test_an_entry_knows_how_to_be_searched(runs) -> None:
    series = [{"Show": {"begin": "S01E02", "alternate_name": "Sh", "qualities": ["720p", "1080p"]}}]
    task = runs.task([], series=series, next_series_episodes=True)
    (entry,) = task.entries
    assert entry["url"] == ""
    assert entry["search_strings"][:5] == [
        "Show S01E02 1080p",
        "Show 1x02 1080p",
        "Sh S01E02 1080p",
        "Sh 1x02 1080p",
        "Show S01E02 720p",
    ]
    assert "Sh 1x02 720p" in entry["search_strings"]
    assert entry["series_alternate_names"] == ["Sh"]
    plain = runs.task([], series=series, next_series_episodes={"include_quality": False})
    assert plain.entries[0]["title"] == "Show S01E03"


def test_an_accepted_episode_is_followed_by_the_next_in_a_rerun(runs) -> None:
    series = [{"Show": {"begin": "S01E01"}}]
    task = runs.task([], series=series, next_series_episodes=True, accept_all=True, max_reruns=2)
    assert titles(task) == ["Show S01E03"]


def test_when_nobody_has_the_next_episode_the_next_season_is_tried(runs) -> None:
    series = ["Show"]
    runs(["Show.S02E03", "Show.S02E04"], series=series)
    reject = {"reject_excluding": ["S03"]}
    parsed = [{"Show": {"parse_only": True}}]
    task = runs.task([], series=parsed, next_series_episodes=True, regexp=reject, max_reruns=1)
    assert titles(task) == ["Show S03E01"]
    same = runs.task([], series=parsed, next_series_episodes={"only_same_season": True}, regexp=reject, max_reruns=1)
    assert titles(same) == ["Show S02E05"]


def test_the_next_season_follows_a_complete_one(runs) -> None:
    series = [{"Show": {"season_packs": True, "begin": "S01"}}, {"New": {"season_packs": True, "begin": "S03"}}]
    runs(["Show.S01.720p"], series=series)
    assert emitted(runs, series, plugin="next_series_seasons") == ["Show S02", "New S03"]


@pytest.mark.parametrize(("threshold", "wanted"), [(1, []), (2, ["Show S01"])])
def test_a_season_with_enough_episodes_is_left_alone(runs, threshold, wanted) -> None:
    series = [{"Show": {"season_packs": 5}}]
    runs(["Show.S01E01", "Show.S01E02"], series=series)
    assert emitted(runs, series, {"threshold": threshold}, "next_series_seasons") == wanted


def test_earlier_seasons_are_wanted_with_backfill(runs) -> None:
    series = [{"Show": {"season_packs": True, "begin": "S01"}}]
    runs(["Show.S03.720p"], series=series)
    assert emitted(runs, series, {"backfill": True}, "next_series_seasons") == ["Show S04", "Show S02", "Show S01"]


@pytest.mark.parametrize(
    ("quality", "searched"),
    [
        ("720p+ hdtv", ["720p hdtv"]),
        ("hdtv-webdl 720p+", ["720p webdl", "720p hdtv"]),
        ("720p h264|h265", ["720p h265", "720p h264"]),
        ("<=720p hdtv", [""]),
        ("!hdtv 720p", [""]),
    ],
)
def test_searches_name_the_qualities_that_are_asked_for(runs, quality, searched) -> None:
    series = [{"Show": {"begin": "S01E02", "quality": quality}}]
    (entry,) = runs.task([], series=series, next_series_episodes=True).entries
    found = [text for text in entry["search_strings"] if "S01E02" in text]
    assert found == [f"Show S01E02 {words}".strip() for words in searched]


def test_a_show_is_searched_without_its_year_too(runs) -> None:
    (entry,) = runs.task([], series=[{"Show (2010) (UK)": {"begin": "S01E01"}}], next_series_episodes=True).entries
    assert entry["series_alternate_names"] == ["Show"]
    assert "Show S01E01" in entry["search_strings"]


def test_after_specials_alone_comes_the_first_episode(runs) -> None:
    runs(["Show.S00E03"], series=[{"Show": {"identified_by": "ep"}}])
    assert emitted(runs, [{"Show": {"identified_by": "ep", "parse_only": True}}], True) == ["Show S01E01"]
