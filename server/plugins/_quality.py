"""Quality requirements as the configs of several plugins hold them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from server.config.formats import register_format
from server.engine.entry import Entry
from server.parsing.quality import Quality
from server.parsing.quality_requirements import Requirements


@lru_cache(maxsize=512)
def requirements(text: str) -> Requirements:
    """The requirements that a text tells; raises ``QualityError``."""
    return Requirements(text)


def quality_of(entry: Entry) -> Quality:
    """The entry's quality; nothing is known where it has none."""
    value = entry.get("quality")
    return value if isinstance(value, Quality) else Quality.parse(str(value or ""))


def fits(quality: Quality, wanted: Iterable[Requirements]) -> bool:
    """Whether one of the requirements is met."""
    return any(item.allows(quality) for item in wanted)


def _requirements(value: str) -> None:
    requirements(value)


def _quality(value: str) -> None:
    Quality.from_name(value)


register_format("quality_requirements", _requirements, expected="quality requirements such as `720p+ hdtv`")
register_format("quality", _quality, expected="a quality such as `720p hdtv`")
