"""``parameterize``"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning, RenderError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._nested import INPUT_SCHEMA, entries_of

logger = logging.getLogger("parameterize")


class Parameterize(Plugin):
    """Runs an input once for each entry of another, whose fields fill in the templates of its configuration.

    Example::

        parameterize:
          plugin:
            rss: "{{ url }}"
          using:
            csv: {url: file:///feeds.csv, values: {title: 1, url: 2}}
    """

    schema = {
        "type": "object",
        "properties": {
            "plugin": {**INPUT_SCHEMA, "title": "Plugin", "examples": [{"rss": "{{ url }}"}]},
            "using": {**INPUT_SCHEMA, "title": "Using", "examples": [{"mock": [{"title": "a"}]}]},
        },
        "required": ["plugin", "using"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """All of their entries, one input after the other; one that cannot be read is logged."""
        for parameters in entries_of(task, config["using"]):
            try:
                filled = _filled(config["plugin"], parameters)
            except RenderError as error:
                raise PluginError(f"the configuration cannot be made from {parameters['title']!r}: {error}") from error
            try:
                yield from entries_of(task, filled)
            except (PluginError, PluginWarning, requests.RequestException, OSError) as error:
                logger.error("%s failed for %s: %s", ", ".join(filled), parameters["title"], error)


def _filled(config: Any, parameters: Entry) -> Any:
    """The configuration with every template in it filled in."""
    if isinstance(config, str):
        return parameters.render(config)
    if isinstance(config, dict):
        return {name: _filled(value, parameters) for name, value in config.items()}
    if isinstance(config, list):
        return [_filled(value, parameters) for value in config]
    return config
