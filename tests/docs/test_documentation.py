"""What is there is documented: plugins, endpoints, commands, settings."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from server.engine.config_schema import TOP_LEVEL

ROOT = Path(__file__).resolve().parents[2]


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_plugin_has_a_page_and_it_is_current() -> None:
    wanted = runpy.run_path(str(ROOT / "packaging" / "write_plugin_docs.py"))["pages"]()
    folder = ROOT / "docs" / "plugins"
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    assert there == wanted, "run python packaging/write_plugin_docs.py"


def test_every_plugin_has_an_example() -> None:
    without = [file.name for file in (ROOT / "docs" / "plugins").glob("*.md") if "## Example" not in file.read_text()]
    assert without == ["README.md"]


def test_every_endpoint_is_in_the_api_reference() -> None:
    wanted = runpy.run_path(str(ROOT / "packaging" / "write_api_docs.py"))["text"]()
    assert text("api-reference.md") == wanted, "run python packaging/write_api_docs.py"


def test_every_command_and_option_is_in_the_reference_of_the_command_line() -> None:
    wanted = runpy.run_path(str(ROOT / "packaging" / "write_cli_docs.py"))["text"]()
    assert text("cli-reference.md") == wanted, "run python packaging/write_cli_docs.py"


@pytest.mark.parametrize("key", sorted(TOP_LEVEL))
def test_every_key_of_the_config_is_documented(key: str) -> None:
    assert f"`{key}" in text("configuration.md"), f"docs/configuration.md does not tell of `{key}`"
