"""``web_server`` in all its forms, and its table in the docs."""

from pathlib import Path
from typing import Any

import pytest

from server.config.settings import SCHEMA, WebServerSettings, from_config, settings_table
from server.config.validate import validate

DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        (None, None),
        (False, None),
        (True, WebServerSettings()),
        (8080, WebServerSettings(port=8080)),
        (8080.0, WebServerSettings(port=8080)),
        ({"port": 8080.0}, WebServerSettings(port=8080)),
        ({}, WebServerSettings()),
        ({"bind": "127.0.0.1", "web_ui": False}, WebServerSettings(bind="127.0.0.1", web_ui=False)),
        ({"base_url": "flexget/"}, WebServerSettings(base_url="/flexget")),
        ({"base_url": "/"}, WebServerSettings()),
        ({"allowed_hosts": ["a", "b"]}, WebServerSettings(allowed_hosts=("a", "b"))),
    ],
)
def test_every_form_comes_to_settings(value: Any, settings: WebServerSettings | None) -> None:
    assert value is None or validate(value, SCHEMA) == []
    assert from_config(value) == settings
    assert settings is None or isinstance(from_config(value).port, int)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("maybe", "yes or no, a whole number or a mapping"),
        (70000, "65535 or less"),
        ({"bind": "::1"}, "IPv4"),
        ({"prot": 1}, "Did you mean `port`?"),
        ({"port": "80"}, "Remove the quotes"),
        ({"ssl_certificate": str(DOCS)}, "`ssl_certificate` needs `ssl_private_key`"),
        ({"ssl_certificate": "/no", "ssl_private_key": "/no"}, "`/no` does not exist"),
    ],
)
def test_what_cannot_be_is_refused(value: Any, words: str) -> None:
    assert words in str(validate(value, SCHEMA)[0])


def test_the_docs_hold_the_table_of_settings() -> None:
    assert settings_table() in DOCS.read_text(encoding="utf-8")
