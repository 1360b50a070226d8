"""Fields of episodes from titles of any show."""

from __future__ import annotations

CONFIG = """
tasks:
  a:
    mock:
      - {title: "Some.Show.S02E03.720p-GRP", url: "http://localhost/1"}
      - {title: "Some.Daily.2012.05.30.HDTV", url: "http://localhost/2"}
      - {title: "A film 2012 720p", url: "http://localhost/3"}
      - {title: "Known.S01E01", url: "http://localhost/4", series_name: Mine}
    metainfo_series: yes
    accept_all: yes
"""


def test_titles_that_look_like_episodes_get_their_fields(engine) -> None:
    show, daily, film, known = engine(CONFIG).run("a").entries
    assert (show["series_name"], show["series_id"], show["series_season"]) == ("Some Show", "S02E03", 2)
    assert show["series_guessed"] is True
    assert str(show["quality"]) == "720p"
    assert daily["series_date"].date().isoformat() == "2012-05-30"
    assert "series_name" not in film
    assert known["series_name"] == "Mine"


def test_it_can_be_switched_off(engine) -> None:
    task = engine(CONFIG.replace("metainfo_series: yes", "metainfo_series: no")).run("a")
    assert "series_name" not in task.entries[0]


def test_templates_may_ask_whether_an_episode_is_a_pack(engine) -> None:
    config = """
tasks:
  a:
    mock: [{title: Show.S01E02}, {title: Show.S02}]
    metainfo_series: yes
    set: {kind: '{{ season_pack }} {{ release_group }}'}
"""
    assert [entry["kind"] for entry in engine(config).run().entries] == ["None None", "True None"]
