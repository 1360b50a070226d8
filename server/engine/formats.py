"""The text formats of schemas that need the title parsers; registered once, parsers imported at first use."""

from __future__ import annotations

from server.config.formats import register_format


def _quality(value: str) -> None:
    from server.parsing.quality import Quality

    Quality.from_name(value)


def _requirements(value: str) -> None:
    from server.parsing.quality_requirements import Requirements

    Requirements(value)


def register() -> None:
    """Make the formats known."""
    register_format("quality", _quality, expected="a quality such as `720p hdtv`")
    register_format("quality_requirements", _requirements, expected="requirements such as `720p-1080p webdl+ !cam`")
