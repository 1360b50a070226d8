"""The schema of the config as a whole: in parts that refer to each other, or as one document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from server.config.compose import OWN_KEYS
from server.engine.log_filter import SCHEMA as LOG_FILTER_SCHEMA
from server.engine.lookup_settings import LOOKUPS_SCHEMA
from server.engine.schedule_schema import SCHEDULES_SCHEMA

if TYPE_CHECKING:
    from server.engine.registry import Registry

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLACE = "/schema/"
"""What references between schemas begin with."""
PLUGINS = f"{PLACE}plugins"
CONFIG = f"{PLACE}config"

TOP_LEVEL: dict[str, dict[str, Any]] = {
    "schedules": SCHEDULES_SCHEMA,
    "database": {
        "type": "string",
        "format": "database_url",
        "title": "Database",
        "description": "URL of another database than the SQLite file beside the config.",
        "examples": ["postgresql+psycopg://user:password@host/name"],
    },
    "task_limit": {
        "title": "Task limit",
        "description": "How long a run of a task may take; 0 for no limit.",
        "oneOf": [{"type": "string", "format": "interval"}, {"type": "integer", "minimum": 0}],
        "default": "1 hour",
    },
    "log_filter": LOG_FILTER_SCHEMA,
    "lookups": LOOKUPS_SCHEMA,
    "irc": {"type": "object", "title": "IRC", "description": "Connections to IRC servers."},
    "metrics": {
        "enum": [False, True, "open"],
        "title": "Metrics",
        "description": "`/metrics` for Prometheus: `no`, `yes` (with the API's token), or `open`.",
        "default": False,
    },
}
"""Schemas of the keys beside ``tasks``, ``templates``, ``variables`` and ``web_server``."""


def config_schema() -> dict[str, Any]:
    """The config: each of its keys refers to a schema of its own."""
    return {
        "type": "object",
        "title": "FlexGet config",
        "properties": {key: {"$ref": f"{CONFIG}/{key}"} for key in sections()},
        "additionalProperties": False,
    }


def sections() -> dict[str, dict[str, Any]]:
    """What may stand under each key of the config."""
    own: dict[str, Any] = dict(OWN_KEYS)
    for key in ("tasks", "templates"):
        own[key] = {**own[key], "additionalProperties": {"$ref": PLUGINS}}
    return own | TOP_LEVEL


def plugins_schema(registry: Registry) -> dict[str, Any]:
    """What may stand in a task: a key for each plugin of the ``task`` interface."""
    names = [plugin.name for plugin in registry.all() if "task" in plugin.interfaces]
    return {
        "type": "object",
        "properties": {name: {"$ref": f"{PLACE}plugin/{name}"} for name in names},
        "additionalProperties": False,
    }


def find_schema(registry: Registry, address: str) -> dict[str, Any] | None:
    """The schema at an address such as ``/schema/config``, ``/schema/plugin/rss``, ``/schema/plugins?phase=input``."""
    if address in (PLUGINS, f"{PLUGINS}?interface=task"):
        return plugins_schema(registry)
    if address == CONFIG:
        return config_schema()
    return sections().get(address.removeprefix(f"{CONFIG}/")) or registry.resolve(address)


def with_references(value: Any, place: Callable[[str], str]) -> Any:
    """The schema, with ``place`` telling for each address that it refers to what stands there instead."""
    if isinstance(value, dict):
        return {
            key: place(item) if key == "$ref" and str(item).startswith(PLACE) else with_references(item, place)
            for key, item in value.items()
        }
    return [with_references(item, place) for item in value] if isinstance(value, list) else value


def whole_schema(registry: Registry) -> dict[str, Any]:
    """All of it as one document, with no reference to the outside."""
    found: dict[str, Any] = {}
    waiting = [CONFIG]

    def inside(address: str) -> str:
        waiting.append(address)
        return f"#/$defs/{_name(address)}"

    while waiting:
        address = waiting.pop()
        if _name(address) not in found:
            found[_name(address)] = {}  # it may refer to itself
            found[_name(address)] = with_references(find_schema(registry, address) or {}, inside)
    return {"$schema": DIALECT, **found.pop(_name(CONFIG)), "$defs": dict(sorted(found.items()))}


def _name(address: str) -> str:
    """``plugins.interface.list`` for ``/schema/plugins?interface=list``."""
    return re.sub(r"[/?&=]", ".", address.removeprefix(PLACE))
