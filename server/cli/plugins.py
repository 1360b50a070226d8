"""``flexget plugins``, ``doc``, ``export-schema``, ``jinja-filters``: what a config may hold."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.engine.plugin import ALL_PHASES
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options

if TYPE_CHECKING:
    from server.engine.plugin import Plugin
    from server.engine.registry import Registry


def _registry(session: Session) -> Registry:
    """The plugins, with the user's own ones where there is a config."""
    from server.config.errors import ConfigError
    from server.engine.registry import Registry

    try:
        return Registry(session.home / "plugins")
    except ConfigError:
        return Registry()


@click.command()
@click.option("--interface", help="Only plugins of this interface.")
@click.option("--phase", type=click.Choice(ALL_PHASES, case_sensitive=False), help="Only plugins of this phase.")
@click.option("--builtins", is_flag=True, help="Only those that are always active.")
@table_options
@current
def plugins(session: Session, /, interface: str | None, phase: str | None, builtins: bool, style: Style) -> None:
    """List the plugins."""
    registry = _registry(session)
    found = [
        plugin
        for plugin in registry.all()
        if (interface is None or interface.lower() in plugin.interfaces)
        and (phase is None or phase in plugin.handlers)
        and (plugin.builtin or not builtins)
    ]
    style.show(Table(("Keyword", "Interfaces", "Phases", "Flags"), [_row(plugin) for plugin in found]))
    for file, problem in registry.problems:
        click.echo(f"Warning: {file}: {problem}", err=True)


def _row(plugin: Plugin) -> tuple[str, str, str, str]:
    phases = [f"{phase}({plugin.priority_of(phase)})" for phase in ALL_PHASES if phase in plugin.handlers]
    flags = [*(["doc"] if type(plugin).__doc__ else []), *(["builtin"] if plugin.builtin else [])]
    return plugin.name, ", ".join(plugin.interfaces), ", ".join(phases), ", ".join(flags)


@click.command()
@click.argument("name")
@current
def doc(session: Session, /, name: str) -> None:
    """Tell what a plugin does, with an example."""
    from server.config.errors import did_you_mean

    registry = _registry(session)
    if name not in registry:
        hint = did_you_mean(name, registry.names())
        raise click.BadParameter(f"there is no plugin named {name!r}. {hint or ''}".rstrip(), param_hint="NAME")
    click.echo(inspect.cleandoc(type(registry.get(name)).__doc__ or "It has no description."))


@click.command("export-schema")
@click.option("-o", "--output-file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@current
def export_schema(session: Session, /, output_file: Path | None) -> None:
    """Print the JSON schema of the config, for editors."""
    from server.engine.config_schema import whole_schema

    text = json.dumps(whole_schema(_registry(session)), indent=2)
    if output_file is None:
        click.echo(text)
        return
    output_file.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"The schema was written to {output_file}")


@click.command("jinja-filters")
@click.option("--name", help="Only filters with this in their name.")
@table_options
def jinja_filters(name: str | None, style: Style) -> None:
    """List the filters that templates know beside Jinja's own."""
    from server.engine import template_filters

    prefix = "filter_"
    rows = [
        (known.removeprefix(prefix), (inspect.getdoc(function) or "").partition("\n")[0])
        for known, function in sorted(vars(template_filters).items())
        if known.startswith(prefix) and (name is None or name in known)
    ]
    style.show(Table(("Name", "Description"), rows))
