"""What is kept out of the log."""

from __future__ import annotations

import pytest

from server.engine.log import mask_addresses


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
