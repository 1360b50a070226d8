"""``flexget series``."""

from __future__ import annotations

import pytest

CONFIG = """
    tasks:
      tv:
        mock:
          - {title: Show.S01E01, url: "http://x/1"}
          - {title: Show.S01E02.720p, url: "http://x/2"}
          - {title: Other.S02E01, url: "http://x/3"}
        series: [Show, Other]
"""


@pytest.fixture
def ran(configured):
    home = configured(CONFIG)
    assert home.run("execute").code == 0
    return home


def test_shows_are_listed(ran):
    lines = ran.run("series", "list", "--porcelain").out.splitlines()
    assert lines[0] == "Name|Begin|Last Encountered|Age|Downloaded|Identified By"
    assert lines[1:] == ["Other|-|S02E01|0h|unknown|auto", "Show|S01E01|S01E02|0h|720p|ep"]
    assert len(ran.run("series", "list", "unconfigured", "--porcelain").out.splitlines()) == 1
    down = ran.run("series", "list", "all", "--sort-by", "name", "--descending", "--porcelain").out.splitlines()
    assert [line.split("|")[0] for line in down[1:]] == ["Show", "Other"]


def test_releases_are_shown(ran):
    out = ran.run("series", "show", "sho").out
    assert "Show.S01E02.720p *" in out
    assert "It begins at S01E01." in out
    assert "no show named nope" in ran.run("series", "show", "nope").out


def test_a_begin_is_set_and_forgotten(ran):
    assert ran.run("series", "begin", "Show", "S02").out == "Show begins at S02E01.\n"
    assert "cannot begin at 12" in ran.run("series", "begin", "Show", "12").out
    assert "is no episode" in ran.run("series", "begin", "Show", "what").out
    assert ran.run("series", "begin", "Show").code == 2
    assert ran.run("series", "begin", "Show", "--forget").out == "Show begins anywhere now.\n"


def test_a_forgotten_episode_is_taken_again(ran):
    assert ran.run("series", "forget", "Show", "S01E02").out == "Removed S01E02 of Show.\n"
    assert "ACCEPTED: `Show.S01E02.720p`" in ran.run("execute").err


def test_a_removed_show_stays_known_to_seen(ran):
    assert ran.run("series", "remove", "Show").out == "Removed Show with all of its episodes.\n"
    assert "no episode S09E09" in ran.run("series", "remove", "Other", "S09E09").out
    assert "ACCEPTED" not in ran.run("execute").err


def test_an_added_episode_is_not_taken_again(ran):
    assert (
        ran.run("series", "add", "Other", "S02E02", "S03", "--quality", "720p").out == "Added S02E02, S03 to Other.\n"
    )
    out = ran.run("series", "show", "Other").out
    assert "Other S02E02 720p *" in out
    assert "S03 " in out
    assert "is no episode" in ran.run("series", "add", "Other", "what").out
