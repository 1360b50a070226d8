"""``series_remove``"""

from __future__ import annotations

import logging
from typing import Any

from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.series.store import EPISODE, SEASON, SeriesStore
from server.parsing.names import normalize_name

logger = logging.getLogger("series_remove")


class SeriesRemove(Plugin):
    """Forgets the accepted episodes, so that they may be downloaded again.

    Example::

        series_remove:
          forget: yes
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "forget": {
                        "type": "boolean",
                        "title": "Forget titles",
                        "description": "Whether `seen` forgets the titles too.",
                        "examples": [True],
                    }
                },
                "additionalProperties": False,
            },
        ],
        "title": "Remove from series",
        "description": "`yes`, or whether the titles are forgotten as well.",
        "examples": [True, {"forget": True}],
    }
    category = "output"

    def on_task_output(self, task: Task, config: Any) -> None:
        """By the fields ``series_name`` and ``series_id``; an unknown episode is no mistake."""
        if config is False:
            return
        wanted = [
            (normalize_name(str(entry["series_name"])), str(entry["series_id"]))
            for entry in task.accepted
            if entry.get("series_name") and entry.get("series_id")
        ]
        store = task.db.store(SeriesStore)
        shows = store.shows_by_name(name for name, _ in wanted)
        keys = [
            (shows[name].id, kind, identifier)
            for name, identifier in wanted
            if name in shows
            for kind in (EPISODE, SEASON)
        ]
        titles: list[str] = []
        with task.db.transaction():
            known = store.find_entities(keys)
            for (show_id, kind, _), entity in known.items():
                titles += store.remove_entities(show_id, [entity.id], kind)
            if isinstance(config, dict) and config.get("forget"):
                forget_titles(task, titles)
        logger.info("%d of %d episodes were known and are forgotten", len(known), len(set(wanted)))


def forget_titles(task: Task, titles: list[str]) -> None:
    """What was downloaded under these titles is new again for ``seen``."""
    from server.features.seen.store import SeenStore

    task.db.store(SeenStore).forget_values(titles)
