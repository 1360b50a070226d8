"""Plugins that are parts of the program itself, by the names that configs know."""

from __future__ import annotations

import pytest

from server.config.errors import ConfigError
from server.engine.registry import Registry
from server.plugins.internal.change_warn import deprecated

NAMES = ["--try-regexp", "change_warn", "entry_operations", "estimate_release", "notification_framework"]


@pytest.mark.parametrize("name", NAMES)
def test_they_can_be_named_in_disable(engine, caplog, name: str) -> None:
    task = engine(f"tasks: {{t: {{mock: [{{title: A}}], accept_all: yes, disable: ['{name}']}}}}").run()
    assert len(task.accepted) == 1 and "There is no plugin" not in caplog.text


@pytest.mark.parametrize("name", ["--try-regexp", "estimate_release", "notification_framework"])
def test_they_are_listed_but_stand_in_no_task(engine, name: str) -> None:
    assert name in Registry().names() and Registry().get(name).name == name
    with pytest.raises(ConfigError, match="part of the program itself"):
        engine(f"tasks: {{t: {{mock: [{{title: A}}], '{name}': yes}}}}")


def test_a_plugin_of_an_older_flexget_is_told_with_the_remedy(engine) -> None:
    with pytest.raises(ConfigError, match="Use `filesystem`"):
        engine("tasks: {t: {listdir: /tmp}}")


def test_change_warn_tells_once_what_is_out_of_date(engine, caplog) -> None:
    task = "mock: [{title: A}], from_digest: {list: x, limit: 3}"
    made = engine(f"tasks: {{t: {{{task}}}, quiet: {{{task}, disable: change_warn}}}}")
    for name in ("t", "t", "quiet"):
        made.run(name)
    assert caplog.text.count("`from_digest.limit` is out of date: ") == 1
    assert "The plugin `limit` does the same" in caplog.text


def test_a_whole_plugin_can_be_out_of_date(engine, caplog) -> None:
    engine("tasks: {t: {mock: [{title: A}], pending_approval: yes}}").run()
    assert "`pending_approval` is out of date: use `pending_list`" in caplog.text


def test_what_is_out_of_date_is_found_in_lists_and_branches() -> None:
    old = {"properties": {"old": {"deprecated": True, "deprecationMessage": "use new"}}}
    schema = {"oneOf": [{"type": "string"}, {"type": "array", "items": old}]}
    assert list(deprecated(schema, [{}, {"old": 1}], "p")) == [("p[1].old", "use new")]
    assert list(deprecated(schema, "text", "p")) == []
