"""Inputs inside of other plugins (``inputs``, ``limit``, ``discover``): run one by its name and configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.context import CURRENT, Step
from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.registry import Registry, UnknownPlugin
from server.engine.task import Task

INPUT_SCHEMA: dict[str, Any] = {
    "title": "Input",
    "description": "One input plugin with its configuration.",
    "allOf": [{"$ref": "/schema/plugins?phase=input"}, {"minProperties": 1, "maxProperties": 1}],
    "error_maxProperties": "The options of an input must be indented two spaces more than the input's name.",
}
"""Schema of one ``{input: configuration}``."""


def entries_of(task: Task, config: dict[str, Any], registry: Registry | None = None) -> Iterator[Entry]:
    """The entries of ``{input: configuration}``, made in the name of that input.

    Raises what the input raises, and :class:`PluginError` where the plugin is unknown or no input.
    """
    for name, options in config.items():
        yield from _run(registry or task.services.registry, task, name, options)


def _run(registry: Registry, task: Task, name: str, options: Any) -> Iterator[Entry]:
    try:
        plugin = registry.get(name)
    except UnknownPlugin as error:
        raise PluginError(str(error)) from error
    handler = plugin.handlers.get("input")
    if handler is None:
        raise PluginError(f"{name} is no input")
    if options is False:
        return
    before = CURRENT.step
    step = Step("input", name)
    CURRENT.step = step
    try:
        for entry in handler(task, options) or ():
            CURRENT.step = before
            yield entry
            CURRENT.step = step
    finally:
        CURRENT.step = before


def run_inputs(registry: Registry, task: Task, items: list[dict[str, Any]]) -> Iterator[Entry]:
    """The entries of several ``{input: configuration}``, one after the other."""
    for item in items:
        yield from entries_of(task, item, registry)
