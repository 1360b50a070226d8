"""The output ``make_rss``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from tests.support import Engine

Make = Callable[[str], Engine]


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


def test_the_newest_and_so_many_more_are_kept_and_history_begins_anew(engine: Make, tmp_path: Path) -> None:
    made = engine(
        """
        tasks:
          a: {mock: [{title: A}, {title: B}, {title: C}], accept_all: yes, disable: seen,
              make_rss: {file: f.xml, items: 1, title: '{{title}}'}}
          b: {mock: [{title: D}], accept_all: yes, disable: seen, make_rss: {file: f.xml, title: D, history: no}}
        """
    )
    made.run("a")
    assert [title for title, _ in items(tmp_path / "f.xml")] == ["C", "B"]
    made.run("b")
    assert [title for title, _ in items(tmp_path / "f.xml")] == ["D"]
    made.run("a")
    assert [title for title, _ in items(tmp_path / "f.xml")] == ["C", "B"]


def test_links_prefer_the_movies_page_and_age_goes_by_the_feeds_date(engine: Make, tmp_path: Path) -> None:
    engine(
        """
        tasks:
          a:
            mock:
              - {title: Old, url: 'http://x/1', rss_pubdate: 2020-01-02}
              - {title: Film, url: 'http://x/2', imdb_url: 'http://i/2', input_url: 'http://in/2'}
              - {title: Other, url: 'http://x/3', input_url: 'http://in/3'}
            accept_all: yes
            make_rss: {file: f.xml, title: '{{title}}', timestamp: yes}
        """
    ).run()
    assert items(tmp_path / "f.xml") == [("Other", "http://in/3"), ("Film", "http://i/2")]


def test_items_may_be_of_any_age(engine: Make, tmp_path: Path) -> None:
    config = "tasks: {a: {mock: [{title: A}], accept_all: yes, make_rss: {file: f.xml, title: A, days: 99999999999}}}"
    assert not engine(config).run().aborted
    assert [title for title, _ in items(tmp_path / "f.xml")] == ["A"]


def test_a_missing_template_leaves_the_feed_and_the_task_alone(engine: Make, tmp_path: Path) -> None:
    task = engine("tasks: {a: {mock: [{title: A}], accept_all: yes, make_rss: {file: f.xml, template: none}}}").run()
    assert not task.abort_reason and len(task.accepted) == 1
    assert not (tmp_path / "f.xml").exists()


def test_test_mode_writes_nothing(engine: Make, tmp_path: Path) -> None:
    engine("tasks: {a: {mock: [{title: A}], accept_all: yes, make_rss: f.xml}}").run(test=True)
    assert not (tmp_path / "f.xml").exists()
