"""``/schema/``: the JSON schemas of the configuration, each under an address of its own.

``id`` and ``$ref`` are absolute addresses below the ``/api/schema/`` that was asked (FlexGet's own web UI has one at an
address of its own, and looks no further), and asking for one of them answers with that schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from server.engine.config_schema import (
    CONFIG,
    DIALECT,
    PLUGINS,
    config_schema,
    find_schema,
    plugins_schema,
    sections,
    with_references,
)
from server.engine.registry import BrokenPlugin, Registry
from server.web.call import Call
from server.web.endpoint import Resource, Shape, Text, array, get, obj
from server.web.errors import NotFound
from server.web.shapes import ANY_OBJECT

SCHEMAS = Shape("schemas", obj({"schemas": array(ANY_OBJECT)}))


class Schemas(Resource):
    """All schemas."""

    tag = "schema"

    @get("All schemas of the configuration", returns=SCHEMAS, groups=("process",))
    def schemas(self, call: Call) -> dict[str, Any]:
        """One for each plugin, and those of the config as a whole."""
        start = call.at(self.web.router.start_of(call.path))
        return {"schemas": [placed(schema, path, start) for path, schema in all_schemas(self.services.registry)]}


class OneSchema(Resource):
    """One schema."""

    tag = "schema"

    @get(
        "One schema",
        query=[
            Text("interface", "of `plugins`: only those of an interface, such as `list`"),
            Text("phase", "of `plugins`: only those that work in a phase, such as `input`"),
        ],
        returns=ANY_OBJECT,
        errors=(404,),
        groups=("process",),
    )
    def schema(self, call: Call, path: str, interface: str | None, phase: str | None) -> dict[str, Any]:
        """By its path, such as `config`, `plugin/rss` or `plugins`."""
        # an editor that takes an address apart and puts it together again encodes the `=` as well
        given = (
            {"interface": interface, "phase": phase} if interface or phase else dict(parse_qsl(unquote(call.raw_query)))
        )
        wanted = {name: value for name in ("interface", "phase") if (value := given.get(name))}
        address = f"/schema/{path}" + (f"?{urlencode(wanted)}" if path == "plugins" and wanted else "")
        try:
            found = find_schema(self.services.registry, address)
        except BrokenPlugin as error:
            raise NotFound(str(error)) from None
        if found is None:
            raise NotFound(f"there is no schema at /schema/{path}")
        return placed(found, address, call.at(self.web.router.start_of(call.path)))


def all_schemas(registry: Registry) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and schema of each."""
    yield PLUGINS, plugins_schema(registry)
    yield CONFIG, config_schema()
    for key, schema in sections().items():
        yield f"{CONFIG}/{key}", schema
    for plugin in registry.all():
        yield f"/schema/plugin/{plugin.name}", plugin.schema


def placed(schema: dict[str, Any], address: str, start: str) -> dict[str, Any]:
    """The schema with its address, and absolute addresses where it refers to others."""
    return {"$schema": DIALECT, "id": f"{start}{address}", **with_references(schema, lambda other: f"{start}{other}")}
