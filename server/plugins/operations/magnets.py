"""``magnets``"""

from __future__ import annotations

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.torrent import is_magnet


class Magnets(Plugin):
    """Whether magnet links may be used: with ``no`` they are taken out of an entry's addresses.

    An entry that has nothing else is rejected.

    Example::

        magnets: no
    """

    schema = {
        "type": "boolean",
        "title": "Magnets",
        "description": "Whether magnet links are welcome.",
        "examples": [False],
    }
    category = "filter"
    runs_when_off = True

    @priority(0)
    def on_task_urlrewrite(self, task: Task, config: bool) -> None:
        """Take the magnets out."""
        if config:
            return
        for entry in task.accepted:
            urls = [url for url in entry.get("urls", None, False) or [] if not is_magnet(url)]
            if entry.get("urls", None, False):
                entry["urls"] = urls
            if not is_magnet(entry["url"]):
                continue
            if urls:
                entry["url"] = urls[0]
            else:
                entry.reject("magnet links are not allowed", remember=True)
