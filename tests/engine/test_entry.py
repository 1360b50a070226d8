"""What an entry remembers and who may decide about it."""

from __future__ import annotations

import pytest

from server.engine.context import CURRENT, Step
from server.engine.entry import Entry
from server.engine.errors import EntryUnicodeError, PluginError


def entry(**fields: object) -> Entry:
    return Entry(title="Some Title", url="http://localhost/1", **fields)


def test_the_titles_first_value_is_kept() -> None:
    item = entry()
    item["title"] = "Another"
    item["url"] = "http://localhost/2"
    assert (item["original_title"], item["original_url"]) == ("Some Title", "http://localhost/1")


def test_a_later_decision_does_not_undo_a_rejection_or_failure() -> None:
    item = entry()
    assert item.reject("too small")
    assert not item.accept("nice")
    assert item.state == "rejected"
    assert item["reason"] == "too small"
    assert item.fail("broken")
    assert not item.reject("again")
    assert item.state == "failed"
    assert [step.verb for step in item.trace] == ["created", "reject", "ignored", "fail", "ignored"]


def test_an_accepted_entry_can_still_be_rejected() -> None:
    item = entry()
    item.accept()
    assert item.reject("no")
    assert item.rejected


def test_an_immortal_entry_is_not_rejected() -> None:
    item = entry(immortal=True)
    assert not item.reject("no")
    assert item.undecided
    assert item.trace[-1].verb == "ignored"


def test_the_trace_names_phase_plugin_field_and_reason() -> None:
    item = entry()
    CURRENT.step = Step("filter", "regexp")
    try:
        item["path"] = "/x"
        item.accept("matched")
    finally:
        CURRENT.step = Step(None, None)
    assert [(s.step.phase, s.step.plugin, s.verb, s.field, s.value, s.reason) for s in item.trace[1:]] == [
        ("filter", "regexp", "set", "path", "/x", None),
        ("filter", "regexp", "accept", None, None, "matched"),
    ]
    assert item["accepted_by"] == "regexp"


def test_a_lazy_field_is_looked_up_once_and_only_when_asked_for() -> None:
    calls: list[str] = []

    def look_up(item: Entry) -> None:
        calls.append(item["title"])
        item["score"] = 7

    item = entry()
    item.register_lazy(["score", "votes"], look_up)
    assert "score" in item
    assert item.is_lazy("score")
    assert item.get("score", eval_lazy=False) is None
    assert not calls
    assert item["score"] == 7
    assert item.get("votes", "none") == "none"
    assert calls == ["Some Title"]
    assert "votes" not in item


def test_a_lazy_field_that_cannot_be_found_is_missing() -> None:
    def fails(item: Entry) -> None:
        raise PluginError("no such movie")

    item = entry()
    item.register_lazy(["score"], fails)
    with pytest.raises(KeyError):
        item["score"]
    assert item.get("score", 0) == 0


def test_a_second_source_is_asked_where_the_first_does_not_know() -> None:
    item = entry()
    item.register_lazy(["score"], lambda item: None)
    item.register_lazy(["score"], lambda item: item.__setitem__("score", 5))
    assert item["score"] == 5


def test_a_set_field_is_not_lazy_any_more() -> None:
    item = entry()
    item.register_lazy(["score"], lambda item: item.__setitem__("score", 5))
    item["score"] = 1
    assert item["score"] == 1
    assert not item.is_lazy("score")


def test_text_fields_refuse_bytes() -> None:
    with pytest.raises(EntryUnicodeError):
        Entry(title=b"x", url="http://localhost/1")


def test_entries_of_equal_fields_are_two_entries() -> None:
    first, second = entry(), entry()
    assert first != second
    assert len({first, second}) == 2


def test_hooks_are_called_with_the_reason() -> None:
    item = entry()
    heard: list[str | None] = []
    item.on("reject", lambda item, reason, **details: heard.append(reason))
    item.reject("no")
    assert heard == ["no"]
