"""Pieces of schemas that Trakt's plugins share."""

from __future__ import annotations

from typing import Any

ACCOUNT: dict[str, Any] = {
    "type": "string",
    "title": "Account",
    "description": "The name under which it was authorized, by `flexget trakt auth NAME`; needed for what is private.",
    "examples": ["mine"],
}
USERNAME: dict[str, Any] = {
    "type": "string",
    "title": "User name",
    "description": "Of somebody at Trakt; the account's owner where it is left out.",
    "examples": ["somebody"],
}
STRIP_DATES: dict[str, Any] = {
    "type": "boolean",
    "default": False,
    "title": "Strip dates",
    "description": "Leave the year out of titles.",
    "examples": [True],
}
WHO: list[dict[str, Any]] = [{"required": ["username"]}, {"required": ["account"]}]
