"""What the API tells of the config, its findings and its versions."""

from __future__ import annotations

from typing import Any

from server.web.shapes import (
    ANY_OBJECT,
    BOOLEAN,
    DATE,
    INTEGER_OR_NULL,
    TEXT,
    TEXT_OR_NULL,
    Shape,
    array,
    obj,
)

KEY_PATH: dict[str, Any] = array(
    {"type": ["string", "integer"]}, description="keys and list positions from the root to the value"
)
PLACE: dict[str, Any] = {
    "file": TEXT_OR_NULL,
    "line": {**INTEGER_OR_NULL, "description": "from 1"},
    "column": {**INTEGER_OR_NULL, "description": "from 1"},
}

ISSUE = Shape(
    "config_issue",
    obj(
        {
            "message": TEXT,
            **PLACE,
            "key_path": KEY_PATH,
            "expected": TEXT_OR_NULL,
            "suggestion": {**TEXT_OR_NULL, "description": "what to do"},
            "severity": {"type": "string", "enum": ["error", "warning"]},
        }
    ),
)
CHECKED = Shape("config_checked", obj({"valid": BOOLEAN, "errors": array(ISSUE), "warnings": array(ISSUE)}))

ORIGIN = Shape(
    "config_origin",
    obj(
        {
            "key_path": KEY_PATH,
            "kind": {"type": "string", "enum": ["task", "template", "include", "default"]},
            "name": {**TEXT_OR_NULL, "description": "of the task, the template or the included file"},
            **PLACE,
            "variables": array(TEXT, description="names of those that were put in here"),
        }
    ),
)
EFFECTIVE = Shape(
    "effective_task",
    obj(
        {
            "name": TEXT,
            "config": ANY_OBJECT,
            "templates": array(TEXT, description="in the order in which they were merged"),
            "files": array(TEXT, description="included files"),
            "origins": array(ORIGIN, description="of every key, list item and value of the config"),
            "errors": array(ISSUE),
        }
    ),
)

_VERSION = {
    "id": TEXT,
    "saved": DATE,
    "hash": {"type": "string", "description": "the begin of the text's SHA-256"},
    "size": {"type": "integer", "description": "bytes"},
}
VERSION = Shape("config_version", obj(_VERSION))
VERSION_TEXT = Shape("config_version_text", obj({**_VERSION, "config": TEXT}))
DIFF = Shape("config_diff", obj({"diff": {"type": "string", "description": "unified diff"}}))
