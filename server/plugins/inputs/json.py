"""``json``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._source import decode, local_path, read_local


class Json(Plugin):
    """Entries from a JSON file: a list of objects, each with at least a title and a url.

    Example::

        json:
          file: entries.json
          encoding: utf-8
          field_map:
            title: name
            url: link
    """

    schema = {
        "type": "object",
        "properties": {
            "file": {
                "type": "string",
                "format": "file",
                "title": "File",
                "description": "The JSON file.",
                "examples": ["entries.json"],
            },
            "encoding": {
                "type": "string",
                "title": "Encoding",
                "description": "The file's character set; UTF-8 unless said otherwise.",
                "examples": ["utf-8"],
            },
            "field_map": {
                "type": "object",
                "title": "Field map",
                "description": "Entry field: key in the file. Keys that are not named here keep their names.",
                "additionalProperties": {"type": "string"},
                "examples": [{"title": "name", "url": "link"}],
            },
        },
        "required": ["file"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each object of the list."""
        import json

        path = local_path(task, config["file"])
        try:
            items = json.loads(decode(read_local(path), config.get("encoding")))
        except ValueError as error:
            raise PluginError(f"{path} is no valid JSON: {error}") from error
        if not isinstance(items, list):
            raise PluginError(f"{path} holds no list of objects")
        names: dict[str, str] = config.get("field_map") or {}
        for number, item in enumerate(items, 1):
            if not isinstance(item, dict):
                raise PluginError(f"item {number} of {path} is no object")
            own = {key: value for key, value in item.items() if key not in names.values()}
            entry = Entry(own | {field: item[key] for field, key in names.items() if key in item})
            if not entry.isvalid():
                raise PluginError(f"item {number} of {path} has no title or no url")
            yield entry
