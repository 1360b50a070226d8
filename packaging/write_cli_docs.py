"""Writes ``docs/cli-reference.md``: every command with its arguments and options, from the commands themselves.

python packaging/write_cli_docs.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "cli-reference.md"

HEAD = """# Command line reference

<!-- Written by packaging/write_cli_docs.py from the commands: change it there. -->

How the commands are used is told in [the command line](cli.md).
"""


def text() -> str:
    """The page as it should be."""
    sys.path.insert(0, str(ROOT))
    from server.cli.main import cli

    lines = [HEAD]
    for name, command in commands(cli, "flexget"):
        lines += [f"## `{name}`", "", " ".join((command.help or "").split("\n\n")[0].split()), ""]
        rows = list(parameters(command))
        lines += [*rows, ""] if rows else []
    return "\n".join(lines).rstrip() + "\n"


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, with the words that call them."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from commands(below, f"{path} {name}")


def parameters(command: click.Command) -> Iterator[str]:
    """A line for each argument and option."""
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            yield f"- `{parameter.human_readable_name}`{'' if parameter.required else ' (optional)'}"
        elif isinstance(parameter, click.Option) and not parameter.hidden:
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            yield f"- {names}: {' '.join((parameter.help or '').split())}"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
