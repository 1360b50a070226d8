"""``configure_series``"""

from __future__ import annotations

import logging
from typing import Any

from server.config.validate import SchemaValidator
from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.series._config import shows_of, with_defaults
from server.features.series._schema import OPTION_NAMES, options_schema
from server.parsing.names import normalize_name
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of

logger = logging.getLogger("configure_series")

_PREFIX = "configure_series_"
_SCHEMAS = {name: SchemaValidator(schema) for name, schema in options_schema()["properties"].items()}
_IDS = ("tvdb_id", "tvmaze_series_id", "trakt_show_id")


class ConfigureSeries(Plugin):
    """Follows the shows that an input gives, as if ``series`` named them.

    An entry's field such as ``configure_series_quality`` is that show's own option.

    Example::

        configure_series:
          from:
            entry_list: shows
          settings:
            quality: 720p+
    """

    schema = {
        "type": "object",
        "properties": {
            "settings": {
                **options_schema(),
                "title": "Settings",
                "description": "Options that all shows get.",
                "examples": [{"quality": "720p+"}],
            },
            "from": {
                **INPUT_SCHEMA,
                "title": "From",
                "description": "The input whose titles are names of shows.",
                "examples": [{"entry_list": "shows"}],
            },
        },
        "required": ["from"],
        "additionalProperties": False,
        "title": "Configure series",
        "description": "Where the shows come from, and their options.",
        "examples": [{"from": {"entry_list": "shows"}}],
    }
    category = "operation"

    def on_task_prepare(self, task: Task, config: dict[str, Any]) -> None:
        """Add the shows to the task's ``series``. What stands there already keeps its own options."""
        shows: dict[str, dict[str, Any]] = {}
        for entry in entries_of(task, config["from"]):
            options = with_defaults(_own_options(entry), config.get("settings", {}))
            shows[str(entry["title"])] = _with_ids(options, entry)
        if not shows:
            logger.info("The input has no shows: nothing is added to series")
            return
        own = task.config.get("series")
        known = {normalize_name(name) for name in _names(own)}
        fresh = [{name: options} for name, options in shows.items() if normalize_name(name) not in known]
        if isinstance(own, dict):
            task.config["series"] = {**own, _group(own): fresh}
        else:
            task.config["series"] = [*(own or ()), *fresh]


def _own_options(entry: Entry) -> dict[str, Any]:
    """What the entry says of its show; what is no such option's value is left out with a warning."""
    options: dict[str, Any] = {}
    for name in OPTION_NAMES:
        value = entry.get(_PREFIX + name)
        if value is None:
            continue
        issues = _SCHEMAS[name].issues(value)
        if issues:
            logger.warning("%s: %s%s is left out: %s", entry["title"], _PREFIX, name, issues[0].message)
        else:
            options[name] = value
    return options


def _with_ids(options: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """Ids that the input knows of a show are fields of its episodes."""
    ids = {name: value for name in _IDS if (value := entry.get(name)) is not None}
    return {**options, "set": {**ids, **options.get("set", {})}} if ids else options


def _names(config: Any) -> list[str]:
    return [name for name, _ in shows_of(config or [])]


def _group(groups: dict[str, Any]) -> str:
    """A name for one more group, which none of the others has."""
    name = "configured"
    while name in groups or name in groups.get("settings", {}):
        name += " too"
    return name
