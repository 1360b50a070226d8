"""The output ``make_rss``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support import Engine

Make = Callable[[str], Engine]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Make]:
    made: list[Engine] = []

    def make(config: str) -> Engine:
        made.append(Engine(tmp_path, config))
        return made[-1]

    yield make
    for item in made:
        item.close()


def items(file: Path) -> list[tuple[str | None, str | None]]:
    return [(item.findtext("title"), item.findtext("link")) for item in ElementTree.parse(file).iter("item")]


def test_accepted_entries_become_items_and_older_ones_stay(engine: Make, tmp_path: Path) -> None:
    made = engine(
        """
        tasks:
          a: {mock: [{title: 'A & <b>', url: 'http://x/1?a=1&b=2'}], accept_all: yes, make_rss: out/feed.xml}
          b: {mock: [{title: B, url: 'http://x/2', imdb_url: 'http://i/2'}], accept_all: yes,
              make_rss: {file: out/feed.xml, link: [nope, imdb_url], title: '{{title}}!'}}
        """
    )
    made.run("a")
    made.run("b")
    file = tmp_path / "out" / "feed.xml"
    assert items(file) == [("B!", "http://i/2"), ("A & <b> (from a)", "http://x/1?a=1&b=2")]
    assert [path.name for path in file.parent.iterdir()] == ["feed.xml"]


def test_items_and_history_limit_what_is_kept(engine: Make, tmp_path: Path) -> None:
    made = engine(
        """
        tasks:
          a: {mock: [{title: A}], accept_all: yes, disable: seen, make_rss: {file: f.xml, items: 1}}
          b: {mock: [{title: B}], accept_all: yes, disable: seen, make_rss: {file: f.xml, history: no}}
        """
    )
    made.run("b")
    made.run("a")
    made.run("a")
    assert [title for title, _ in items(tmp_path / "f.xml")] == ["A (from a)"]


def test_test_mode_writes_nothing(engine: Make, tmp_path: Path) -> None:
    engine("tasks: {a: {mock: [{title: A}], accept_all: yes, make_rss: f.xml}}").run(test=True)
    assert not (tmp_path / "f.xml").exists()
