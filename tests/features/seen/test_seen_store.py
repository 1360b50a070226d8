"""What is remembered as seen, and how it is found and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from server.features.seen.store import SORT_KEYS, SeenStore, Sighting
from server.storage.database import Database, sqlite_url


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[SeenStore]:
    db = Database(sqlite_url(tmp_path / "db.sqlite"))
    yield db.store(SeenStore)
    db.close()


def sighting(title: str, task: str = "tv", *, local: bool = False, **fields: str) -> Sighting:
    return Sighting(title, task, {"title": title, **fields}, None, local)


def test_a_value_is_known_whichever_field_it_was_learned_in(seen: SeenStore) -> None:
    seen.learn([sighting("One", url="http://h/1")])
    found = seen.known(["http://h/1", "One", "Two"], "other")
    assert {value: (known.task, known.field) for value, known in found.items()} == {
        "http://h/1": ("tv", "url"),
        "One": ("tv", "title"),
    }


def test_what_was_learned_locally_is_known_in_its_own_task_only(seen: SeenStore) -> None:
    seen.learn([sighting("One", local=True)])
    assert "One" in seen.known(["One"], "tv")
    assert seen.known(["One"], "other") == {}
    seen.learn([sighting("Two")])
    assert seen.known(["Two"], "other", local=True) == {}


def test_fields_with_the_same_value_are_kept_once_and_empty_ones_not_at_all(seen: SeenStore) -> None:
    seen.learn([sighting("One", url="http://h/1", original_url="http://h/1", imdb_id="")])
    (entry,), total = seen.page()
    assert total == 1
    assert [(field.field, field.value) for field in entry.fields] == [("title", "One"), ("url", "http://h/1")]
    assert seen.get(entry.id) == entry


def test_pages_filter_by_part_of_any_value_without_case(seen: SeenStore) -> None:
    seen.learn([sighting("One", url="http://h/alpha"), sighting("Two", local=True), sighting("100%", url="http://h/3")])
    assert [item.title for item in seen.page(value="ALPHA")[0]] == ["One"]
    assert [item.title for item in seen.page(value="%")[0]] == ["100%"]
    assert [item.title for item in seen.page(local=True)[0]] == ["Two"]
    assert [item.title for item in seen.page(descending=False, limit=1, offset=1)[0]] == ["One"]


@pytest.mark.parametrize("key", SORT_KEYS)
def test_every_sorting_is_answered_by_an_index(seen: SeenStore, key: str) -> None:
    seen.learn([sighting("One")])
    statements: list[str] = []
    engine = seen.db._db.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    seen.page(sort_by=key)
    query = next(text for text in statements if "ORDER BY" in text)
    plan = seen.db._connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (50, 0)).fetchall()
    assert not any("TEMP B-TREE" in str(row) for row in plan), plan


def test_forgetting_by_value_title_or_id_takes_the_fields_along(seen: SeenStore) -> None:
    seen.learn([sighting("One", url="u1"), sighting("Two", url="u2"), sighting("Three", url="u3")])
    assert seen.forget_value("u1") == 2
    assert seen.forget_values(["Two", "nothing"]) == 1
    (left,), _ = seen.page()
    assert seen.forget(left.id)
    assert not seen.forget(left.id)
    assert seen.known(["One", "u1", "u2", "u3"], "tv") == {}


def test_forgetting_what_fits_leaves_the_rest(seen: SeenStore) -> None:
    seen.learn([sighting("One"), sighting("Two", local=True)])
    assert seen.forget_fitting(local=True) == 1
    assert [item.title for item in seen.search("o")] == ["One"]
    assert seen.forget_fitting() == 1


def test_ten_thousand_values_cost_a_handful_of_queries(seen: SeenStore) -> None:
    seen.learn([sighting(f"Title {number}", url=f"http://h/{number}") for number in range(3000)])
    statements: list[str] = []
    event.listen(seen.db._db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found = seen.known((f"http://h/{number}" for number in range(10_000)), "tv")
    assert len(found) == 3000
    assert len(statements) <= 5


def test_a_look_up_begins_at_the_values_whatever_else_is_asked(seen: SeenStore) -> None:
    seen.learn([sighting("One"), sighting("Two", local=True)])
    statements: list[str] = []
    event.listen(seen.db._db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    seen.known(["One", "Two"], "tv")
    plan = seen.db._connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statements[-1]}", ("One", "Two")).fetchall()
    assert "ix_seen_fields_value" in str(plan[0]), plan
