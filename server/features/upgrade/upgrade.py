"""``upgrade``"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.upgrade.store import Best, Taken, UpgradeStore
from server.parsing.quality import Quality
from server.parsing.timedelta import parse_timedelta
from server.plugins._grouping import AUTO, IDENTIFIED_BY, act, action, grouped, proper_count
from server.plugins._quality import quality_of, requirements


class Upgrade(Plugin):
    """Accepts better releases of what was taken before.

    Example::

        upgrade:
          target: 1080p
          timeframe: 7 days
          propers: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "identified_by": IDENTIFIED_BY,
            "tracking": {
                "type": "boolean",
                "title": "Tracking",
                "description": "Remember what is accepted; alone it upgrades nothing.",
                "examples": [True],
            },
            "target": {
                "type": "string",
                "format": "quality_requirements",
                "title": "Target",
                "description": "The quality to upgrade to.",
                "examples": ["1080p"],
            },
            "on_lower": action("On lower", "What to do with what is no upgrade.", None),
            "timeframe": {
                "type": "string",
                "format": "interval",
                "title": "Timeframe",
                "description": "How long to look for upgrades after the first release.",
                "examples": ["7 days"],
            },
            "propers": {
                "type": "boolean",
                "title": "Propers",
                "description": "Take repaired releases of the same quality.",
                "examples": [True],
            },
        },
        "additionalProperties": False,
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """What was never taken before is left alone; without a target all is."""
        if not config.get("target"):
            return
        groups = grouped(task.live, config.get("identified_by", AUTO))
        known = task.db.store(UpgradeStore).known(groups)
        for name, best in known.items():
            if config.get("timeframe") and datetime.now(UTC) - best.first_seen > parse_timedelta(config["timeframe"]):
                continue
            _decide(groups[name], best, config)

    def on_task_learn(self, task: Task, config: dict[str, Any]) -> None:
        """Remember what is accepted."""
        taken = [
            Taken(name, members[0]["title"], str(quality_of(members[0])), proper_count(members[0]))
            for name, members in grouped(task.accepted, config.get("identified_by", AUTO)).items()
        ]
        task.db.store(UpgradeStore).learn(taken)


def _decide(entries: list[Entry], best: Best, config: dict[str, Any]) -> None:
    """``entries``: releases of the same, best first. The first that is an upgrade is accepted."""
    target = requirements(config["target"])
    have = Quality.parse(best.quality)
    done = False
    for entry in entries:
        quality = quality_of(entry)
        proper = bool(config.get("propers")) and quality == have and proper_count(entry) > best.proper_count
        if not target.allows(quality):
            reason = f"{quality} does not meet the target {target}"
        elif done or not (quality > have or proper):
            reason = f"{quality} is no upgrade of {best.title!r}"
        else:
            entry.accept(f"it upgrades {best.title!r} from {best.quality} to {quality}")
            done = True
            continue
        act(entry, config.get("on_lower"), reason)
