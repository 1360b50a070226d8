"""Schemas of single options, in few words."""

from __future__ import annotations

from typing import Any


def text(title: str, description: str, *examples: Any, **more: Any) -> dict[str, Any]:
    """Schema of a text option."""
    return {"type": "string", "title": title, "description": description, "examples": list(examples), **more}


def number(title: str, description: str, *examples: Any, kind: str = "number", **more: Any) -> dict[str, Any]:
    """Schema of a number."""
    return {"type": kind, "title": title, "description": description, "examples": list(examples), **more}


def switch(title: str, description: str, *, default: bool = False) -> dict[str, Any]:
    """Schema of a yes or no."""
    return {"type": "boolean", "title": title, "description": description, "default": default}


def choice(title: str, description: str, *values: str) -> dict[str, Any]:
    """Schema of one of some words; the first is the default."""
    return {"enum": list(values), "type": "string", "title": title, "description": description, "default": values[0]}
