"""``/plugins/``: which plugins there are, and what each can do."""

from __future__ import annotations

from typing import Any

from server.engine.plugin import ALL_PHASES, Plugin
from server.engine.registry import BrokenPlugin, Registry, UnknownPlugin
from server.web.endpoint import Boolean, Page, PageQuery, Paginated, Resource, Shape, Text, array, get, obj
from server.web.errors import BadRequest, NotFound
from server.web.shapes import BOOLEAN, INTEGER, TEXT, TEXT_OR_NULL

PLUGIN = Shape(
    "plugin",
    obj(
        {
            "name": TEXT,
            "api_ver": INTEGER,
            "builtin": BOOLEAN,
            "category": TEXT_OR_NULL,
            "debug": BOOLEAN,
            "interfaces": array(TEXT),
            "phase_handlers": array(obj({"phase": TEXT, "priority": INTEGER})),
            "schema": {"description": "of its configuration; only with `include_schema`"},
        },
        required=["name", "api_ver", "builtin", "category", "debug", "interfaces", "phase_handlers"],
    ),
)

HOUR = 3600
INCLUDE_SCHEMA = Boolean("include_schema", "tell the schema of the configuration as well", default=False)


class Plugins(Resource):
    """All plugins."""

    tag = "plugins"

    @get(
        "List the plugins",
        query=[
            INCLUDE_SCHEMA,
            Text("interface", "only those that can be used as this (`task`, `search`, `list` ...)"),
            Text("phase", "only those that take part in this phase"),
        ],
        paginated=Paginated(ordered=False, link_when_empty=True),
        returns=array(PLUGIN),
        errors=(400,),
        groups=("process",),
        max_age=HOUR,
    )
    def plugins(self, page: PageQuery, include_schema: bool, interface: str | None, phase: str | None) -> Page:
        """By name. Interface and phase are looked for in any case."""
        if phase is not None and phase.lower() not in ALL_PHASES:
            raise BadRequest(f"there is no phase `{phase}`; there are {', '.join(ALL_PHASES)}")
        found = [
            plugin
            for plugin in self.services.registry.all()
            if (phase is None or phase.lower() in plugin.handlers)
            and (not interface or interface.lower() in plugin.interfaces)
        ]
        shown = found[page.offset : page.offset + page.limit]
        return Page([described(plugin, include_schema) for plugin in shown], len(found))


class OnePlugin(Resource):
    """One plugin."""

    tag = "plugins"

    @get("Show a plugin", query=[INCLUDE_SCHEMA], returns=PLUGIN, errors=(404,), groups=("process",), max_age=HOUR)
    def plugin(self, plugin_name: str, include_schema: bool) -> dict[str, Any]:
        """By its name in the config."""
        return described(find(self.services.registry, plugin_name), include_schema)


def find(registry: Registry, name: str) -> Plugin:
    """The plugin of that name, or a 404."""
    try:
        return registry.get(name)
    except (UnknownPlugin, BrokenPlugin) as error:
        raise NotFound(str(error)) from None


def described(plugin: Plugin, include_schema: bool) -> dict[str, Any]:
    """A plugin as the API tells it."""
    facts = {
        "name": plugin.name,
        "api_ver": 2,
        "builtin": plugin.builtin,
        "category": plugin.category,
        "debug": False,
        "interfaces": list(plugin.interfaces),
        "phase_handlers": [{"phase": phase, "priority": plugin.priority_of(phase)} for phase in plugin.handlers],
    }
    return facts | {"schema": plugin.schema} if include_schema else facts
