"""Bodies of requests: read strictly as JSON, then checked against the endpoint's schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from server.config.validate import SchemaValidator
from server.web.errors import BodyInvalid, not_json, not_json_type

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a body that are looked at; a longer one is a 413."""

MAX_DEPTH = 64
"""Levels of nesting; no configuration and no entry needs more."""

MOST_ERRORS = 500
"""Errors of a body that are told: a long list of wrong values shall not become an answer of many megabytes."""

_JSON_TYPE = re.compile(r"application/(?:json|[\w.!#$&^-]+\+json)$", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_json_type(content_type: str) -> bool:
    """Whether a ``Content-Type`` announces JSON (parameters like a charset aside)."""
    return _JSON_TYPE.fullmatch(content_type.partition(";")[0].strip()) is not None


def read_json(content_type: str, raw: bytes) -> Any:
    """The JSON value of a body.

    Refused besides broken JSON: other encodings than UTF-8, a key given twice, numbers that are none (``NaN``) or
    longer than 64 bits, NUL characters, lone surrogates, and nesting beyond :data:`MAX_DEPTH`.
    """
    if not is_json_type(content_type):
        raise not_json_type()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_json(f"byte {error.start} is not UTF-8") from None
    # counting is cheap and nearly always enough: the walk is for the rare body with that many brackets
    if text.count("[") + text.count("{") > MAX_DEPTH and _depth(text) > MAX_DEPTH:
        raise not_json(f"it is nested more than {MAX_DEPTH} levels deep")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise not_json(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    except _Refused as error:
        raise not_json(str(error)) from None
    if "\\u" in text:
        _refuse_odd_texts(value)
    return value


def with_integers(schema: Mapping[str, Any], value: Any) -> Any:
    """A body that fits ``schema``, with 2 for each ``2.0`` where an integer is asked for: JSON Schema takes it for one.

    Raises a 400 for those that are longer than 64 bits.
    """
    for word in _ALTERNATIVES:
        for below in schema.get(word, ()):
            value = with_integers(below, value)
    if isinstance(value, float):
        kinds = schema.get("type", ())
        if "integer" not in ([kinds] if isinstance(kinds, str) else kinds) or not value.is_integer():
            return value
        if not -(2.0**63) <= value < 2.0**63:
            raise not_json(f"the number {value:g} has more than 64 bits")
        return int(value)
    if isinstance(value, list) and isinstance(items := schema.get("items"), Mapping):
        return [with_integers(items, item) for item in value]
    if isinstance(value, dict) and isinstance(known := schema.get("properties"), Mapping):
        return {key: with_integers(known[key], item) if key in known else item for key, item in value.items()}
    return value


_ALTERNATIVES = ("anyOf", "oneOf", "allOf")


class _Refused(ValueError):
    """JSON by its syntax, but nothing that is taken."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _Refused(f"the key `{_shown(twice)}` is given twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (value := int(digits)) < 2**63:
        raise _Refused(f"the number {digits[:30]} has more than 64 bits")
    return value


def _number(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _Refused(f"the number {digits[:30]} is too large")
    return value


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is not JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_number, parse_constant=_constant
)


def _depth(text: str) -> int:
    deepest = depth = 0
    inside = False
    for token in re.finditer(r'[\[\]{}"]|\\.', text):
        sign = token[0]
        if inside:
            inside = sign != '"'
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _refuse_odd_texts(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise not_json("a text holds a NUL character")
        if _SURROGATE.search(value):
            raise not_json("a text holds half of a surrogate pair")
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_odd_texts(key)
            _refuse_odd_texts(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_odd_texts(item)


def _shown(text: str) -> str:
    return text[:60].encode("ascii", "backslashreplace").decode()


def schema_errors(schema: SchemaValidator, body: Any) -> BodyInvalid:
    """The errors of a body that does not fit, as clients know them. Slow at first: it imports jsonschema."""
    issues = schema.issues(body, most=MOST_ERRORS)
    return BodyInvalid([issue.fact.as_dict() for issue in issues if issue.fact is not None])
