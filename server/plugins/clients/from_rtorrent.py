"""``from_rtorrent``"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.plugins._schema import text
from server.plugins.clients._base import Refused
from server.plugins.clients._rtorrent import WHERE, connect

FIELDS = {
    "hash": "d.hash",
    "name": "d.name",
    "up_total": "d.up.total",
    "down_total": "d.down.total",
    "down_rate": "d.down.rate",
    "is_open": "d.is_open",
    "is_active": "d.is_active",
    "custom1": "d.custom1",
    "custom2": "d.custom2",
    "custom3": "d.custom3",
    "custom4": "d.custom4",
    "custom5": "d.custom5",
    "state": "d.state",
    "complete": "d.complete",
    "bytes_done": "d.bytes_done",
    "down.rate": "d.down.rate",
    "left_bytes": "d.left_bytes",
    "ratio": "d.ratio",
    "base_path": "d.base_path",
    "load_date": "d.load_date",
    "timestamp_finished": "d.timestamp.finished",
}
USUAL = ("hash", "name", "base_path", "complete", "ratio", "state", "custom1", "timestamp_finished")


class FromRtorrent(Plugin):
    """Gives the torrents that rTorrent has.

    Fields: ``torrent_info_hash``, ``content_size`` (bytes), ``location``, and the chosen ``fields`` under their own
    names (a ``.`` becomes ``_``); ``ratio`` is in thousandths, as rTorrent has it.

    Example::

        from_rtorrent:
          uri: scgi://localhost:5000
          view: complete
          fields: [name, hash, custom1, complete]
    """

    schema = {
        "type": "object",
        "title": "From rTorrent",
        "description": "Gives the torrents that rTorrent has.",
        "examples": [{"uri": "scgi://localhost:5000", "view": "complete"}],
        "properties": {
            **WHERE,
            "view": text("View", "Which torrents come: a view of rTorrent.", "complete", default="main"),
            "fields": {
                **text_or_list(type="string", enum=list(FIELDS)),
                "title": "Fields",
                "description": "What to ask for.",
                "examples": [["name", "hash", "custom1"]],
            },
            "custom_fields": {
                "type": "array",
                "items": {"type": "string"},
                "title": "More fields",
                "description": "Fields of any name (`d.custom`).",
                "examples": [["addedby"]],
            },
        },
        "required": ["uri"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One request for all."""
        names = list(dict.fromkeys(as_list(config.get("fields")) or USUAL))
        own = config.get("custom_fields", [])
        commands = [f"{FIELDS[name]}=" for name in names] + [f"d.custom={name}" for name in own]
        always = ["d.hash=", "d.name=", "d.size_bytes=", "d.base_path="]
        client = connect(task, config)
        try:
            rows = client.call("d.multicall2", "", config.get("view", "main"), *always, *commands)
        except Refused as error:
            raise PluginError(f"rTorrent: {error}") from error
        for info_hash, name, size, base, *values in rows:
            fields = {key.replace(".", "_"): value for key, value in zip([*names, *own], values, strict=True)}
            yield Entry(
                {
                    **fields,
                    "title": name,
                    "url": f"magnet:?xt=urn:btih:{info_hash.lower()}",
                    "torrent_info_hash": info_hash.upper(),
                    "content_size": size,
                    "location": base,
                }
            )
