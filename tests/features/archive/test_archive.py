"""``archive``, ``flexget_archive`` and the store of both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.features.archive.store import ArchiveStore, Kept
from tests.support import Engine, titles

Make = Callable[[str], Engine]


CONFIG = """
    tasks:
      keep:
        mock:
          - {title: Some.Thing.720p, url: 'http://localhost/1', description: text}
          - {title: Some Thing 1080p, url: 'http://localhost/2'}
          - {title: Something, url: 'http://localhost/3'}
        regexp: {reject: [1080p]}
        archive: [Good]
      find:
        discover:
          what: [mock: [{title: some thing, url: 'http://localhost/9'}]]
          from: [flexget_archive: WANTED]
          release_estimations: ignore
"""


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("yes", ["Some Thing 1080p", "Some.Thing.720p"]),
        ("[good]", ["Some Thing 1080p", "Some.Thing.720p"]),
        ("[x]", []),
    ],
)
def test_all_entries_are_kept_and_found_by_their_words_newest_first(
    engine: Make, wanted: str, found: list[str]
) -> None:
    made = engine(CONFIG.replace("WANTED", wanted))
    made.run("keep")
    assert titles(made.run("find").entries) == found


def test_what_is_kept_twice_is_there_once_with_both_sources_and_tags(engine: Make) -> None:
    store = engine(CONFIG.replace("WANTED", "yes")).db.store(ArchiveStore)
    assert store.add([Kept("A b", "u", None, "one")] * 2) == 1
    assert store.add([Kept("A b", "u", "later", "two")], tags=["T"]) == 0
    assert [item.task for item in store.search("a b", sources=["two"])] == ["one"]
    assert len(store.search("a", tags=["t"])) == 1


def test_words_are_whole_and_in_order(engine: Make) -> None:
    store = engine(CONFIG.replace("WANTED", "yes")).db.store(ArchiveStore)
    store.add([Kept("Some_Thing.720p", "u", None, "t")])
    assert [len(store.search(text)) for text in ("some 720p", "720p some", "so", "%", "")] == [1, 0, 0, 0, 0]


def test_everything_of_a_task_can_be_tagged_later(engine: Make) -> None:
    store = engine(CONFIG.replace("WANTED", "yes")).db.store(ArchiveStore)
    store.add([Kept("A", "u1", None, "t"), Kept("A", "u2", None, "other")])
    assert store.tag_source("t", ["new"]) == 1
    assert [item.url for item in store.search("a", tags=["new"])] == ["u1"]


def test_what_fits_is_found_behind_many_that_nearly_do(engine: Make) -> None:
    store = engine(CONFIG.replace("WANTED", "yes")).db.store(ArchiveStore)
    store.add([Kept("Some Thing", "u", None, "t")])
    store.add([Kept("Thing Some", f"u{number}", None, "t") for number in range(1200)])
    assert [item.title for item in store.search("some thing")] == ["Some Thing"]


def test_a_title_of_the_same_word_again_and_again_is_looked_at_once(engine: Make) -> None:
    store = engine(CONFIG.replace("WANTED", "yes")).db.store(ArchiveStore)
    store.add([Kept("xb " + "a " * 100, "u", None, "t")])
    assert store.search("a " * 12 + "b") == []
    assert len(store.search("a " * 12)) == 1
