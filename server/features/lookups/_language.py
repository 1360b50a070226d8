"""The configuration of lookups whose texts come in several languages: a switch, or the language."""

from __future__ import annotations

from typing import Any

LANGUAGE = "en"


def language_schema(site: str, what: str) -> dict[str, Any]:
    """Its schema. ``what``: of which texts it is the language."""
    return {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "language": {
                        "type": "string",
                        "default": LANGUAGE,
                        "title": "Language",
                        "description": f"Of {what} and texts, by ISO 639-1.",
                        "examples": ["de"],
                    }
                },
                "additionalProperties": False,
            },
        ],
        "title": site,
        "description": f"Whether entries get the fields of {site}, or in which language.",
        "examples": [True],
    }


def language_of(config: Any) -> str:
    """The language that it asks for."""
    return str(config.get("language", LANGUAGE)) if isinstance(config, dict) else LANGUAGE
