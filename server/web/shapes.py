"""JSON schemas with names: what bodies and answers look like.

A :class:`Shape` is a JSON schema (draft 2020-12) that the API documents list once under its name and refer to
everywhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]


class Shape(dict[str, Any]):
    """A JSON schema with a name of its own in the API documents."""

    def __init__(self, name: str, schema: Schema) -> None:
        super().__init__(schema)
        self.name = name


def obj(
    properties: Mapping[str, Any], *, required: Sequence[str] | None = None, extra: bool | Schema | None = None
) -> dict[str, Any]:
    """An object; all properties are required unless told otherwise, ``extra=False`` refuses unknown keys."""
    needed = list(properties) if required is None else list(required)
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if needed:
        schema["required"] = needed
    if extra is not None:
        schema["additionalProperties"] = extra
    return schema


def array(items: Schema, **more: Any) -> dict[str, Any]:
    """A list of ``items``."""
    return {"type": "array", "items": items, **more}


TEXT: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
TEXT_OR_NULL: dict[str, Any] = {"type": ["string", "null"]}
INTEGER_OR_NULL: dict[str, Any] = {"type": ["integer", "null"]}
ANY_OBJECT: dict[str, Any] = {"type": "object"}
DATE: dict[str, Any] = {"type": "string", "description": "RFC 1123, GMT: `Mon, 23 Nov 2026 15:26:09 GMT`"}
DATE_OR_NULL: dict[str, Any] = {**DATE, "type": ["string", "null"]}

SUCCESS = Shape("success", obj({"message": TEXT, "status": {"const": "success"}, "status_code": INTEGER}))
ERROR = Shape("error", obj({"message": TEXT, "status": {"const": "Error"}, "status_code": INTEGER}))
PLAIN_ERROR = Shape("plain_error", obj({"message": TEXT}))
QUERY_ERROR = Shape("query_error", obj({"message": TEXT, "errors": {"type": "object", "additionalProperties": TEXT}}))
VALIDATION_ERROR = Shape(
    "validation_error",
    obj(
        {
            "message": TEXT,
            "status": {"const": "Error"},
            "status_code": {"const": 422},
            "validation_errors": array(
                obj(
                    {
                        "message": TEXT,
                        "cause": TEXT,
                        "validator": TEXT,
                        "validator_value": TEXT,
                        "path": {"type": "array", "items": {}},
                        "schema_path": {"type": "array", "items": {}},
                        "parent": TEXT,
                    }
                ),
                minItems=1,
            ),
        }
    ),
)
NAMES = Shape("names", array(TEXT))
