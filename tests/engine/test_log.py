"""What is kept out of the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.engine.context import CURRENT
from server.engine.failures import write_crash_report
from server.engine.log import LogBuffer, flush, mask_addresses, parse_line, setup


@pytest.fixture
def buffer(tmp_path: Path) -> Iterator[LogBuffer]:
    made = LogBuffer()
    root = logging.getLogger()
    level = root.level
    setup(file=tmp_path / "flexget.log", console=False, buffer=made)
    yield made
    setup(console=False)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("GET http://x/?apikey=abc&q=1 failed", "GET http://x/?apikey=***&q=1 failed"),
        ("`/rss?t=1&passkey=abc`", "`/rss?t=1&passkey=***`"),
        ("http://me:pa55@host/a", "http://me:***@host/a"),
        ("https://x/?Token=a'b", "https://x/?Token=***'b"),
    ],
)
def test_keys_and_passwords_of_addresses_are_not_logged(said: str, kept: str) -> None:
    assert mask_addresses(said) == kept


@pytest.mark.parametrize("said", ["http://host:80/a?page=2", "passed=3", "http://x/a@b", "one: two @ three"])
def test_other_text_stays_as_it_is(said: str) -> None:
    assert mask_addresses(said) == said


def test_a_traceback_is_logged_and_reported_without_the_keys_of_addresses(buffer: LogBuffer, tmp_path: Path) -> None:
    try:
        raise ValueError("no answer from http://x/?apikey=abcdef")
    except ValueError as error:
        logging.getLogger("rss").exception("it failed: %s", error)
        report = write_crash_report(tmp_path, "task tv", error)
    flush()
    assert report is not None
    for text in (buffer.lines()[-1].raw, (tmp_path / "flexget.log").read_text(), report.read_text()):
        assert "ValueError: no answer from http://x/?apikey=***" in text
        assert "abcdef" not in text


@pytest.mark.parametrize("plugin", ["task", "thirteenchars", "a_plugin_of_a_long_name"])
@pytest.mark.parametrize("task", ["", "tv", "exactly15chars_", "tv shows", "all the films that there are"])
def test_a_line_of_the_file_comes_apart_as_it_was_put_together(
    buffer: LogBuffer, monkeypatch: pytest.MonkeyPatch, plugin: str, task: str
) -> None:
    monkeypatch.setattr(CURRENT, "task", task)
    for message in ("films are told", "one", "a: b", ""):
        logging.getLogger(plugin).info("%s", message)
        made = buffer.lines()[-1]
        read = parse_line(made.raw, ["tv", "tv shows", "all the films that there are", "exactly15chars_"])
        assert read is not None
        assert (
            (read.plugin, read.task, read.message) == (plugin, task, message) == (made.plugin, made.task, made.message)
        )
