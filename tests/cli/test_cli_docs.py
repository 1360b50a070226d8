"""What the command line can do stands in docs/cli.md."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from server.cli.main import COMMANDS, cli

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str):
    assert name in TEXT


@pytest.mark.parametrize("name", ["execute", "inject"])
def test_every_option_of_a_run_is_documented(name: str):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.opts[-1] in TEXT or parameter.opts[0] in TEXT, parameter.name
