"""``/schema/``: the JSON schemas of the configuration, each under an address of its own.

``id`` and ``$ref`` are absolute addresses below ``/api/schema/``, and asking for one of them answers with that schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.registry import Registry
from server.web.call import Call
from server.web.endpoint import Resource, Shape, array, get, obj
from server.web.errors import NotFound
from server.web.shapes import ANY_OBJECT

SCHEMAS = Shape("schemas", obj({"schemas": array(ANY_OBJECT)}))
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Schemas(Resource):
    """All schemas."""

    tag = "schema"

    @get("All schemas of the configuration", returns=SCHEMAS, groups=("process",))
    def schemas(self, call: Call) -> dict[str, Any]:
        """One for each plugin, and those of the config as a whole."""
        start = call.at(f"{self.web.base}/api")
        return {"schemas": [placed(schema, path, start) for path, schema in all_schemas(self.services.registry)]}


class OneSchema(Resource):
    """One schema."""

    tag = "schema"

    @get("One schema", returns=ANY_OBJECT, errors=(404,), groups=("process",))
    def schema(self, call: Call, path: str) -> dict[str, Any]:
        """By its path, such as `plugin/rss`."""
        found = find(self.services.registry, path)
        if found is None:
            raise NotFound(f"there is no schema at /schema/{path}")
        return placed(found, f"/schema/{path}", call.at(f"{self.web.base}/api"))


def all_schemas(registry: Registry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and schema of each."""
    yield "/schema/plugins", plugins_schema(registry)
    for plugin in registry.all():
        yield f"/schema/plugin/{plugin.name}", plugin.schema


def find(registry: Registry, path: str) -> dict[str, Any] | None:
    """The schema at a path below ``/schema/``."""
    if path == "plugins":
        return plugins_schema(registry)
    kind, _, name = path.partition("/")
    return registry.schema(name) if kind == "plugin" else None


def plugins_schema(registry: Registry) -> dict[str, Any]:
    """What may stand in a task: a key for each plugin of the ``task`` interface."""
    names = [plugin.name for plugin in registry.all() if "task" in plugin.interfaces]
    return {
        "type": "object",
        "properties": {name: {"$ref": f"/schema/plugin/{name}"} for name in names},
        "additionalProperties": False,
    }


def placed(schema: dict[str, Any], path: str, start: str) -> dict[str, Any]:
    """The schema with its address, and absolute addresses where it refers to others."""
    return {"$schema": DIALECT, "id": f"{start}{path}", **_absolute(schema, start)}


def _absolute(value: Any, start: str) -> Any:
    if isinstance(value, dict):
        return {
            key: f"{start}{item}" if key == "$ref" and str(item).startswith("/schema/") else _absolute(item, start)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_absolute(item, start) for item in value]
    return value
