"""``mock``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task


class Mock(Plugin):
    """Entries that are written in the config, for trying things out.

    Example::

        mock:
          - {title: foobar, url: "http://example.com/1"}
    """

    schema = {
        "type": "array",
        "title": "Entries",
        "description": "Each with its fields; a missing url is made up.",
        "items": {
            "oneOf": [
                {"type": "string", "title": "Title", "description": "An entry with this title and nothing else."},
                {
                    "type": "object",
                    "properties": {
                        "title": {"type": "string", "title": "Title", "description": "The entry's title."},
                        "url": {"type": "string", "title": "URL", "description": "The entry's address."},
                    },
                    "required": ["title"],
                },
            ],
        },
        "examples": [[{"title": "foobar", "url": "http://example.com/1"}]],
    }
    category = "input"

    def on_task_input(self, task: Task, config: list[str | dict[str, Any]]) -> Iterator[Entry]:
        """One entry for each item."""
        for item in config:
            fields: dict[str, Any] = {"title": item} if isinstance(item, str) else dict(item)
            if not fields.get("url"):
                fields["url"] = f"mock://localhost/mock/{crc32(str(fields['title']).encode('utf-8', 'replace'))}"
            yield Entry(fields)
