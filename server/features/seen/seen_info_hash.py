"""``seen_info_hash``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.seen.seen import learn, reject_known

FIELDS = ("torrent_info_hash",)


class SeenInfoHash(Plugin):
    """Rejects torrents whose info hash was accepted before, whatever their title and url.

    Example::

        seen_info_hash: local
    """

    schema = {
        "oneOf": [{"type": "boolean"}, {"type": "string", "enum": ["global", "local"]}],
        "title": "Seen info hash",
        "description": "`local`: only this task's own past counts. `no` switches it off.",
        "examples": ["local", False],
    }
    category = "filter"
    builtin = True

    @priority(180)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """By hashes that are known from the feed or a magnet."""
        entries = _with_hash(task.live)
        if entries:
            reject_known(task, entries, FIELDS, config == "local", remember=True)

    def on_task_modify(self, task: Task, config: Any) -> None:
        """By hashes of downloaded torrents; of two equal ones in this run the first stays."""
        entries = _with_hash(task.accepted)
        if not entries:
            return
        if reject_known(task, entries, FIELDS, config == "local", remember=True):
            task.rerun(self.name, "what was rejected may have an alternative")
        first: dict[str, Entry] = {}
        for entry in entries:
            other = first.setdefault(entry["torrent_info_hash"], entry) if entry.accepted else entry
            if other is not entry:
                entry.reject(f"{other['title']!r} in this run is the same torrent")

    def on_task_learn(self, task: Task, config: Any) -> None:
        """Remember the hashes of what is accepted."""
        learn(task, _with_hash(task.accepted), FIELDS, config == "local")


def _with_hash(entries: list[Entry]) -> list[Entry]:
    """Those that have a hash, which is made upper case."""
    found = []
    for entry in entries:
        value = entry.get("torrent_info_hash")
        if value:
            if not str(value).isupper():
                entry["torrent_info_hash"] = str(value).upper()
            found.append(entry)
    return found
