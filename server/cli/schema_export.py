"""The JSON schema of a whole config as one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.engine.registry import Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACE = "/schema/plugin/"
"""What references between plugins' schemas begin with."""


def whole_schema(registry: Registry) -> dict[str, Any]:
    """Top level, tasks and templates; the plugins' schemas are in ``$defs``."""
    from server.config.compose import OWN_KEYS

    plugins = {plugin.name: plugin for plugin in registry.all()}
    of_a_task = {name: {"$ref": f"#/$defs/{name}"} for name, plugin in plugins.items() if "task" in plugin.interfaces}
    task = {"type": ["object", "null"], "properties": of_a_task, "additionalProperties": False}
    tasks = {"type": ["object", "null"], "additionalProperties": {"$ref": "#/$defs/task"}}
    return {
        "$schema": DIALECT,
        "title": "FlexGet config",
        "type": "object",
        "properties": {**OWN_KEYS, "tasks": tasks, "templates": tasks, "schedules": {}, "database": {"type": "string"}},
        "$defs": {"task": task, **{name: _local(plugin.schema) for name, plugin in plugins.items()}},
    }


def _local(value: Any) -> Any:
    """The schema with its references turned to ``$defs``."""
    if isinstance(value, dict):
        return {
            key: f"#/$defs/{item.removeprefix(PLACE)}"
            if key == "$ref" and str(item).startswith(PLACE)
            else _local(item)
            for key, item in value.items()
        }
    return [_local(item) for item in value] if isinstance(value, list) else value
