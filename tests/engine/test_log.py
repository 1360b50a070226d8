"""What is kept out of the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.engine.failures import write_crash_report
from server.engine.log import LogBuffer, flush, mask_addresses, setup


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
