"""``flexget pending``"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cli.conftest import Home

CONFIG = """
tasks:
  films:
    mock:
      - {title: One, url: "http://localhost/1"}
      - {title: Two, url: "http://localhost/2"}
    accept_all: yes
    seen: no
    pending_approval: yes
"""


@pytest.fixture
def waiting(configured: Callable[[str], Home]) -> Home:
    home = configured(CONFIG)
    assert home.run("execute").code == 0
    return home


def listed(home: Home, *options: str) -> list[str]:
    lines = home.run("pending", "list", "--porcelain", *options).out.splitlines()
    return ["|".join(line.split("|")[:5]) for line in lines]


def test_they_are_listed_newest_first(waiting: Home) -> None:
    assert listed(waiting) == [
        "#|Task Name|Title|URL|Approved",
        "2|films|Two|http://localhost/2|No",
        "1|films|One|http://localhost/1|No",
    ]
    assert len(listed(waiting, "--task-name", "other")) == 1
    assert len(listed(waiting, "--approved")) == 1
    assert len(listed(waiting, "--pending")) == 3


def test_one_is_approved_and_passes_with_the_next_run(waiting: Home) -> None:
    result = waiting.run("pending", "approve", "1")
    assert (result.code, result.out) == (0, "Setting pending entry with ID 1 status to approved\n")
    assert listed(waiting, "--approved")[1:] == ["1|films|One|http://localhost/1|Yes"]
    assert waiting.run("execute").code == 0
    assert [line.split("|")[2] for line in listed(waiting)[1:]] == ["Two"]
    assert "One" in waiting.run("history").out


def test_all_are_decided_at_once(waiting: Home) -> None:
    assert waiting.run("pending", "approve", "all").out == "2 pending entries set to approved\n"
    assert waiting.run("pending", "reject", "all").out == "2 pending entries set to rejected\n"
    assert len(listed(waiting, "--pending")) == 3


@pytest.mark.parametrize(("words", "code"), [(("reject", "1"), 1), (("approve", "9"), 1), (("approve", "x"), 2)])
def test_what_cannot_be_is_refused(waiting: Home, words: tuple[str, ...], code: int) -> None:
    result = waiting.run("pending", *words)
    assert result.code == code
    assert "rror" in result.err


def test_they_are_dropped(waiting: Home) -> None:
    assert waiting.run("pending", "clear", "--task-name", "other").out == "Successfully deleted 0 pending entries\n"
    assert waiting.run("pending", "clear").out == "Successfully deleted 2 pending entries\n"
    assert listed(waiting) == ["#|Task Name|Title|URL|Approved"]
