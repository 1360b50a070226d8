"""Shows in the config: groups, settings, names that begin alike, names that stand twice."""

from __future__ import annotations

from server.features.series._config import read_shows, shows_of
from server.features.series._index import ShowIndex


def test_groups_hand_their_settings_to_their_shows() -> None:
    config = {
        "settings": {"hd": {"quality": "720p+", "set": {"a": 1, "b": 2}}},
        "hd": ["One", {"Two": {"quality": "1080p", "set": {"b": 3}}}],
    }
    assert dict(shows_of(config)) == {
        "One": {"quality": "720p+", "set": {"a": 1, "b": 2}},
        "Two": {"quality": "1080p", "set": {"a": 1, "b": 3}},
    }


def test_a_group_named_as_a_quality_has_it_as_its_target() -> None:
    assert dict(shows_of({"720p hdtv+": ["One"], "mine": ["Two"]})) == {"One": {"target": "720p hdtv+"}, "Two": {}}


def test_of_a_name_that_stands_twice_the_first_counts() -> None:
    config = [{"One": {"quality": "720p"}}, {"One": {"quality": "480p", "path": "/x"}}, {"one": {"exact": True}}]
    assert shows_of(config) == [("One", {"quality": "720p", "path": "/x"})]


def test_numbers_are_names_too() -> None:
    assert shows_of([24, {90210: {"exact": True}}]) == [("24", {}), ("90210", {"exact": True})]


def find(config: list, title: str) -> str | None:
    hit = ShowIndex(read_shows(config)).find(title)
    return hit[0].name if hit else None


def test_the_longer_of_two_names_is_tried_first() -> None:
    config = ["Some Long", "Some Long Show", "Name", "Name (US)"]
    assert find(config, "Some.Long.Show.S01E01") == "Some Long Show"
    assert find(config, "Some.Long.S01E01") == "Some Long"
    assert find(config, "Name.US.S01E01") == "Name (US)"


def test_a_name_that_another_begins_with_has_to_be_exact() -> None:
    assert find(["Some Long", "Some Long Show"], "Some.Long.Thing.S01E01") is None
    assert find([{"Some Long": {"exact": False}}, "Some Long Show"], "Some.Long.Thing.S01E01") == "Some Long"
    assert find(["Some Long"], "Some.Long.Thing.S01E01") == "Some Long"


def test_names_are_found_however_they_are_written() -> None:
    config = ["Law & Order", "Bob's Show", {"The Full Name": {"alternate_name": ["TFN"]}}, "M*A*S*H", "Ünï Show"]
    assert find(config, "Law.and.Order.S01E01") == "Law & Order"
    assert find(config, "bobs_show 1x01") == "Bob's Show"
    assert find(config, "TFN.S01E01") == "The Full Name"
    assert find(config, "M.A.S.H.S01E01") == "M*A*S*H"
    assert find(config, "Ünï.Show.S01E01") == "Ünï Show"
    assert find([{"Show": {"from_group": "grp", "identified_by": "sequence"}}], "[Grp] Show - 05 [720p]") == "Show"


def test_a_name_pattern_takes_the_place_of_the_name() -> None:
    assert find([{"Show": {"name_regexp": "^other.name"}}], "Other.Name.S01E01") == "Show"
    assert find([{"Show": {"name_regexp": "^other.name"}}], "Show.S01E01") is None


def test_own_patterns_find_episodes() -> None:
    config = [{"Show": {"ep_regexp": r"season.(\d+).folge.(\d+)"}}, {"Vols": {"sequence_regexp": r"vol(\d+)"}}]
    index = ShowIndex(read_shows(config))
    assert index.find("Show.Season.3.Folge.12")[1].identifier == "S03E12"  # type: ignore[index]
    assert index.find("Vols.vol7")[1].identifier == "7"  # type: ignore[index]


def test_many_shows_cost_hardly_more_than_few() -> None:
    shows = read_shows([f"Show Number {number} Of Many" for number in range(3000)])
    index = ShowIndex(shows)
    places = {id(show): number for number, show in enumerate(shows)}
    tried = [places[id(show)] for show in index._candidates("Show.Number.1234.Of.Many.S01E01")]
    assert [shows[place].name for place in tried] == ["Show Number 1234 Of Many"]
