"""``timeframe``"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.backlog.store import BacklogStore
from server.features.timeframe.store import TimeframeStore, Wait
from server.parsing.timedelta import parse_timedelta
from server.plugins._grouping import AUTO, IDENTIFIED_BY, act, action, grouped
from server.plugins._quality import quality_of, requirements

logger = logging.getLogger("timeframe")


class Timeframe(Plugin):
    """Waits for a quality: what others have accepted is taken when it meets the target or the wait is over.

    Example::

        timeframe:
          target: 1080p
          wait: 12 hours
    """

    schema = {
        "type": "object",
        "properties": {
            "identified_by": {**IDENTIFIED_BY, "default": AUTO},
            "target": {
                "type": "string",
                "format": "quality_requirements",
                "title": "Target",
                "description": "The quality to wait for.",
                "examples": ["1080p"],
            },
            "wait": {
                "type": "string",
                "format": "interval",
                "title": "Wait",
                "description": "How long to wait from the first release on.",
                "examples": ["12 hours"],
            },
            "on_waiting": action("On waiting", "What to do while waiting.", "reject"),
            "on_reached": action("On reached", "What to do with the best when the wait is over.", "do_nothing"),
        },
        "required": ["target", "wait"],
        "additionalProperties": False,
    }
    category = "filter"

    @priority(-255)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """Looks at accepted entries only, and of these only at what was not taken in an earlier run."""
        groups = grouped(task.accepted, config.get("identified_by", AUTO))
        store = task.db.store(TimeframeStore)
        known = store.known(groups)
        target, wait = requirements(config["target"]), parse_timedelta(config["wait"])
        now = datetime.now(UTC)
        begun, waiting = [], []
        for name, members in groups.items():
            best, before = members[0], known.get(name)
            if before is None:
                begun.append(Wait(name, best["title"], str(quality_of(best))))
            if before and before.accepted:
                continue
            since = before.first_seen if before else now
            if target.allows(quality_of(best)):
                act(best, config.get("on_reached"), f"it meets the target {target}")
            elif now - since >= wait:
                act(best, config.get("on_reached"), f"it is the best after {config['wait']}")
            else:
                left = timedelta(seconds=round((wait - (now - since)).total_seconds()))
                logger.info("%s: waiting another %s for %s; the best is %s", name, left, target, best["title"])
                waiting += members
                for entry in members:
                    act(entry, config.get("on_waiting", "reject"), f"waiting another {left} for {target}")
        store.begin(begun)
        if waiting:
            task.db.store(BacklogStore).add(task.name, waiting, wait + timedelta(days=1))

    def on_task_learn(self, task: Task, config: dict[str, Any]) -> None:
        """What is accepted now was taken."""
        store = task.db.store(TimeframeStore)
        groups = grouped(task.accepted, config.get("identified_by", AUTO))
        store.accept([Wait(name, best["title"], str(quality_of(best))) for name, (best, *_) in groups.items()])
        store.purge()
