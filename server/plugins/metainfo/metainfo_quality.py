"""``metainfo_quality``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task

_FIELDS = ("quality",)


class MetainfoQuality(Plugin):
    """Reads the quality (resolution, source, codec, ...) from the title.

    Example::

        metainfo_quality: no
    """

    schema = {
        "type": "boolean",
        "title": "Quality",
        "description": "Whether to read it.",
        "examples": [False],
    }
    category = "metainfo"
    builtin = True

    @priority(127)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """The title is read at the first look at the field."""
        for entry in task.entries:
            entry.register_lazy(_FIELDS, _read)


def _read(entry: Entry) -> None:
    from server.parsing.quality import Quality

    entry["quality"] = Quality.parse(entry["title"])
