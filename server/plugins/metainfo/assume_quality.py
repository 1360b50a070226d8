"""``assume_quality``"""

from __future__ import annotations

import re

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.quality import COMPONENTS, Quality
from server.parsing.quality_requirements import Requirements
from server.plugins._quality import quality_of, requirements

ANY = "any"


class AssumeQuality(Plugin):
    """Fills in what is not known of a quality, by what is.

    Example::

        assume_quality:
          hdtv: 720p
          720p hdtv: 10bit
          any: 720p h264
    """

    schema = {
        "oneOf": [
            {"type": "string", "format": "quality"},
            {"type": "object", "additionalProperties": {"type": "string", "format": "quality"}},
        ],
        "title": "Assumptions",
        "description": "A quality for all, or qualities by requirements. The most precise requirement comes first.",
        "examples": ["720p hdtv", {"hdtv": "720p", "any": "h264"}],
    }
    category = "metainfo"

    @priority(100)
    def on_task_metainfo(self, task: Task, config: str | dict[str, str]) -> None:
        """Every rule whose requirements are met at its turn fills in what is unknown still."""
        rules = _rules({ANY: config} if isinstance(config, str) else config)
        for entry in task.entries:
            _assume(entry, rules)


def _rules(config: dict[str, str]) -> list[tuple[Requirements, Quality]]:
    def precision(item: tuple[str, str]) -> int:
        return 0 if item[0].strip().lower() == ANY else len(_categories(item[0]))

    ordered = sorted(((str(key), value) for key, value in config.items()), key=precision, reverse=True)
    return [(requirements(text), Quality.from_name(value)) for text, value in ordered]


def _categories(text: str) -> set[str]:
    """The categories that requirements say something about."""
    words = (word for token in text.lower().split() for word in re.split(r"[|!<>=-]", token))
    found = (COMPONENTS.get(word) or COMPONENTS.get(word.rstrip("+")) for word in words)
    return {component.category for component in found if component}


def _assume(entry: Entry, rules: list[tuple[Requirements, Quality]]) -> None:
    quality = before = quality_of(entry)
    for wanted, assumed in rules:
        if wanted.allows(quality):
            parts = [
                known if known.rank else other
                for known, other in zip(quality.components, assumed.components, strict=True)
            ]
            quality = Quality(part for part in parts if part.rank)
    if quality.ranks != before.ranks:
        entry["quality"] = quality
        entry["assumed_quality"] = True
