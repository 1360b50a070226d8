"""``reorder_quality``."""

from __future__ import annotations

import threading

import pytest

from server.parsing.quality import Quality, QualityError, reorder
from server.parsing.quality_requirements import Requirements

TASK = """
mock:
  - {title: x.720p.hdtv}
  - {title: x.720p.webrip}
  - {title: x.1080p.bluray}
  - {title: x.720p.bluray}
  - {title: x.480p.webdl}
sort_by: {field: quality, reverse: yes}
accept_all: yes
seen: no
"""


def config(*lines: str) -> str:
    task = "\n".join(f"    {line}" for line in [*TASK.strip().splitlines(), *lines])
    return f"tasks:\n  t:\n{task}\n"


def names(task) -> list[str]:
    return [entry["title"].removeprefix("x.") for entry in task.entries]


USUAL = ["1080p.bluray", "720p.bluray", "720p.hdtv", "720p.webrip", "480p.webdl"]


@pytest.mark.parametrize(
    ("moves", "wanted"),
    [
        ("webrip: {above: hdtv}", ["1080p.bluray", "720p.bluray", "720p.webrip", "720p.hdtv", "480p.webdl"]),
        ("bluray: {below: hdtv}", ["1080p.bluray", "720p.hdtv", "720p.bluray", "720p.webrip", "480p.webdl"]),
        ("720p: {above: 1080p}", ["720p.bluray", "720p.hdtv", "720p.webrip", "1080p.bluray", "480p.webdl"]),
        ("480p: {above: 1080p}", ["480p.webdl", "1080p.bluray", "720p.bluray", "720p.hdtv", "720p.webrip"]),
        (
            "480p: {above: 1080p}, webrip: {above: bluray}",
            ["480p.webdl", "1080p.bluray", "720p.webrip", "720p.bluray", "720p.hdtv"],
        ),
        ("hdtv: {above: webrip}", USUAL),
        ("720p: {above: 720p}", USUAL),
        ("{}", USUAL),
    ],
)
def test_a_part_stands_elsewhere(engine, moves: str, wanted: list[str]) -> None:
    line = f"reorder_quality: {{{moves}}}" if moves != "{}" else "reorder_quality: {}"
    assert names(engine(config(line)).run()) == wanted


def test_requirements_follow(engine) -> None:
    task = engine(config("reorder_quality: {webrip: {above: bluray}}", "quality: bluray+")).run()
    assert {entry["title"] for entry in task.accepted} == {"x.1080p.bluray", "x.720p.webrip", "x.720p.bluray"}


@pytest.mark.parametrize("more", [(), ("abort_if_exists: {regexp: x, field: title}",)])
def test_it_ends_with_the_task_also_when_that_is_aborted(engine, more: tuple[str, ...]) -> None:
    made = engine(config("reorder_quality: {webrip: {above: bluray}}", *more))
    made.run()
    made.configure(config())
    assert names(made.run()) == USUAL


@pytest.mark.parametrize(
    ("moves", "reason"), [("nonsense: {above: hdtv}", "nonsense"), ("720p: {above: hdtv}", "resolution")]
)
def test_what_cannot_be_ordered_ends_the_task(engine, moves: str, reason: str) -> None:
    task = engine(config(f"reorder_quality: {{{moves}}}")).run()
    assert task.aborted and reason in task.abort_reason


def test_other_threads_see_the_usual_order() -> None:
    webrip, hdtv = Quality.parse("720p webrip"), Quality.parse("720p hdtv")
    wanted = Requirements("hdtv+")
    seen: list[object] = []

    def look() -> None:
        seen.extend(
            [webrip < hdtv, webrip.source < hdtv.source, wanted.allows(webrip), "webrip" in wanted.explain(webrip)]
        )

    try:
        reorder([("webrip", True, "hdtv")])
        assert webrip > hdtv and webrip.source > "hdtv" and wanted.allows(webrip) and not wanted.explain(webrip)
        meanwhile = Requirements("hdtv+")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    finally:
        reorder(())
    assert seen == [True, True, False, True]
    assert not meanwhile.allows(webrip)  # made while the other order held


def test_a_broken_order_changes_nothing() -> None:
    with pytest.raises(QualityError):
        reorder([("webrip", True, "hdtv"), ("720p", True, "hdtv")])
    assert Quality.parse("webrip") < Quality.parse("hdtv")
