"""What a text with ``{{ fields }}`` looks like; light, so that nobody imports Jinja just to ask."""

from __future__ import annotations


def is_template(text: str) -> bool:
    """Whether there is anything to fill in."""
    return "{{" in text or "{%" in text or "{#" in text
