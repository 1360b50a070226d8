"""A schema's errors in plain words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from server.config.errors import Issue, KeyPath, SchemaFact, did_you_mean
from server.config.formats import get_format
from server.config.schema_check import is_type

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_TYPES = {
    "string": "text",
    "boolean": "yes or no",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping (`key: value` lines)",
    "array": "a list",
    "null": "nothing",
}
_SHOWN = 60


def explain(error: ValidationError, data: Any, root_path: KeyPath) -> list[Issue]:
    """The findings for one error of the schema check; ``data`` is what was checked, ``root_path`` where it stands."""
    best = _best_branch(error)
    if best is not None:
        return [issue for inner in best for issue in explain(inner, data, root_path)]
    if error.validator in ("additionalProperties", "unevaluatedProperties") and _value(error) is False:
        return _unknown_keys(error, data, root_path)
    words = _WORDS.get(str(error.validator), _other)
    message, expected, suggestion = words(error)
    return [_issue(error, data, root_path, message, expected, suggestion)]


def _got(error: ValidationError) -> Any:
    """The value that did not fit."""
    return error.instance


def _value(error: ValidationError) -> Any:
    """What the schema says at the keyword that was not met."""
    return error.validator_value


def _issue(
    error: ValidationError,
    data: Any,
    root_path: KeyPath,
    message: str,
    expected: str | None,
    suggestion: str | None,
    below: KeyPath = (),
) -> Issue:
    path = _original(data, (*error.absolute_path, *below))
    fact = SchemaFact(
        message=message,
        cause=None if error.cause is None else str(error.cause),
        validator=str(error.validator),
        validator_value=_value(error),
        path=(*root_path, *tuple(error.absolute_path)),
        schema_path=tuple(error.absolute_schema_path),
        parent=None if error.parent is None else error.parent.message,
    )
    return Issue(
        message,
        key_path=(*root_path, *path),
        expected=expected,
        suggestion=suggestion,
        fact=fact,
    )


def _original(data: Any, path: Iterable[str | int]) -> KeyPath:
    """The path with the keys as the data has them: the check sees all keys as text, YAML knows numbers and booleans."""
    real: list[str | int] = []
    for key in path:
        if isinstance(data, dict) and key not in data:
            key = next((known for known in data if str(known) == key), key)
        real.append(key)
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(real)


# --- branches ---------------------------------------------------------------------------------------------------------


def _best_branch(error: ValidationError) -> list[ValidationError] | None:
    """The errors of the branch that was most likely meant; None when no branch is nearer than the others."""
    if error.validator not in ("anyOf", "oneOf") or not error.context:
        return None
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context:
        if not inner.schema_path:  # the branch is `false`: nothing can be meant by it
            continue
        branches.setdefault(int(inner.schema_path[0]), []).append(inner)
    near = {index: errors for index, errors in branches.items() if not _other_kind(errors)}
    if not near:
        return None
    if len(near) == 1:
        return next(iter(near.values()))
    ranked = sorted(near.items(), key=lambda item: _distance(item[1]))
    if _distance(ranked[0][1]) == _distance(ranked[1][1]):
        return None
    return ranked[0][1]


def _other_kind(errors: list[ValidationError]) -> bool:
    """Whether a branch wants a wholly different kind of value, or one of a few fixed words."""
    for error in errors:
        if len(error.path) == 0 and error.validator in ("type", "const", "enum"):
            return True
        if len(error.path) == 0 and error.validator in ("anyOf", "oneOf") and _best_branch(error) is None:
            return True
    return False


def _distance(errors: list[ValidationError]) -> tuple[int, int]:
    """How far off a branch is: missing and unknown keys at its top count most, then the number of errors."""
    keys = ("required", "additionalProperties", "minProperties", "maxProperties")
    return sum(len(error.path) == 0 and error.validator in keys for error in errors), len(errors)


def _kinds(error: ValidationError) -> list[str]:
    """All that the branches of an ``anyOf`` or ``oneOf`` would take, in words."""
    words: list[str] = []
    for schema in _value(error):
        words.extend(word for word in _wanted(schema) if word not in words)
    return words


def _wanted(schema: Any) -> list[str]:
    if not isinstance(schema, dict):
        return []
    if "const" in schema:
        return [_show(schema["const"])]
    if "enum" in schema:
        return [_show(choice) for choice in schema["enum"]]
    known = get_format(str(schema.get("format")))
    if known is not None:
        return [known.expected]
    if "type" in schema:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return [_TYPES.get(name, name) for name in types]
    return [word for name in ("anyOf", "oneOf") for part in schema.get(name, ()) for word in _wanted(part)]


# --- words ------------------------------------------------------------------------------------------------------------

Words = tuple[str, str | None, str | None]


def _unknown_keys(error: ValidationError, data: Any, root_path: KeyPath) -> list[Issue]:
    import re

    schema = error.schema if isinstance(error.schema, dict) else {}
    known = list(schema.get("properties", {}))
    patterns = list(schema.get("patternProperties", {}))
    unknown = [
        key for key in _got(error) if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    ]
    expected = None
    if known:
        shown = ", ".join(f"`{name}`" for name in sorted(known)[:12])
        expected = ("one of " if len(known) > 1 else "") + shown + (" ..." if len(known) > 12 else "")
    issues = []
    for key in unknown:
        hint = _BOOLEAN_KEY if key in ("True", "False") else did_you_mean(key, known)
        issues.append(_issue(error, data, root_path, f"`{key}` is not an option here.", expected, hint, below=(key,)))
    return issues


_BOOLEAN_KEY = "YAML reads yes, no, on, off, true and false as such, as keys too; put the key in quotes."


def _type(error: ValidationError) -> Words:
    wanted = _value(error)
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    words = _or([_TYPES.get(name, name) for name in names])
    return f"Got {_show(_got(error))}{_kind_of(_got(error))}.", words, _yaml_hint(_got(error), names)


def _yaml_hint(value: Any, wanted: list[str]) -> str | None:
    """What YAML may have made of the text behind a value's back."""
    if "string" in wanted:
        if isinstance(value, bool):
            return "YAML reads yes, no, on, off, true and false as such; put the word in quotes if it is meant as text."
        if isinstance(value, (datetime.date, datetime.datetime)):
            return "YAML reads this as a date; put it in quotes."
        if is_type(value, "number"):
            return "Put the number in quotes."
        if isinstance(value, dict) and any(isinstance(key, str) and "{" in key for key in value):
            return "Put the value in quotes: `{` begins a mapping."
    if isinstance(value, str) and any(name in ("integer", "number") for name in wanted) and _is_number(value):
        return "Remove the quotes."
    if isinstance(value, str) and "boolean" in wanted:
        return did_you_mean(value, ("yes", "no"))
    if value is None:
        return "Nothing stands behind the colon: fill in a value or remove the key."
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _required(error: ValidationError) -> Words:
    missing = [name for name in _value(error) if name not in _got(error)]
    name = next((name for name in missing if f"'{name}'" in error.message), missing[0] if missing else "?")
    return f"The option `{name}` is missing.", f"`{name}:` with a value", did_you_mean(name, _got(error))


def _choice(error: ValidationError) -> Words:
    choices = _value(error) if error.validator == "enum" else [_value(error)]
    shown = [_show(choice) for choice in choices[:12]] + (["..."] if len(choices) > 12 else [])
    hint = did_you_mean(_got(error), choices) if isinstance(_got(error), str) else None
    return f"Got {_show(_got(error))}.", _or(shown), hint


def _any_of(error: ValidationError) -> Words:
    if not error.context:
        return f"Got {_show(_got(error))}, which fits more than one meaning.", _or(_kinds(error)), None
    choices = [choice for schema in _value(error) for choice in _choices(schema)]
    hint = did_you_mean(_got(error), choices) if isinstance(_got(error), str) else None
    return f"Got {_show(_got(error))}{_kind_of(_got(error))}.", _or(_kinds(error)) or None, hint


def _choices(schema: Any) -> list[Any]:
    if not isinstance(schema, dict):
        return []
    return list(schema.get("enum", [])) + ([schema["const"]] if "const" in schema else [])


def _format(error: ValidationError) -> Words:
    known = get_format(str(_value(error)))
    return error.message, known.expected if known else None, None


def _dependent(error: ValidationError) -> Words:
    for name, others in _value(error).items():
        missing = [other for other in others if other not in _got(error)]
        if name in _got(error) and missing:
            return f"`{name}` needs `{missing[0]}` beside it.", f"both `{name}` and `{missing[0]}`, or neither", None
    return _other(error)


def _limit(words: str) -> Callable[[ValidationError], Words]:
    def say(error: ValidationError) -> Words:
        return f"Got {_show(_got(error))}.", words.format(_value(error)), None

    return say


def _count(words: str) -> Callable[[ValidationError], Words]:
    def say(error: ValidationError) -> Words:
        number = len(_got(error))
        if number == 0:
            return "Nothing stands here.", words.format(_value(error)), None
        return f"There are {number} here.", words.format(_value(error)), None

    return say


def _other(error: ValidationError) -> Words:
    return f"{error.message[:300]}.", None, None


_WORDS: dict[str, Callable[[ValidationError], Words]] = {
    "type": _type,
    "required": _required,
    "enum": _choice,
    "const": _choice,
    "anyOf": _any_of,
    "oneOf": _any_of,
    "format": _format,
    "dependentRequired": _dependent,
    "minimum": _limit("{} or more"),
    "maximum": _limit("{} or less"),
    "exclusiveMinimum": _limit("more than {}"),
    "exclusiveMaximum": _limit("less than {}"),
    "minLength": _limit("text of at least {} characters"),
    "maxLength": _limit("text of at most {} characters"),
    "pattern": _limit("text that matches `{}`"),
    "multipleOf": _limit("a multiple of {}"),
    "minItems": _count("{} or more items"),
    "maxItems": _count("at most {} items"),
    "minProperties": _count("{} or more options"),
    "maxProperties": _count("at most {} options"),
    "uniqueItems": lambda error: ("The list holds the same value twice.", "every value once", None),
}


def _or(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def _show(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    text = str(value) if not isinstance(value, str) else value
    return f"`{text if len(text) <= _SHOWN else text[: _SHOWN - 3] + '...'}`"


def _kind_of(value: Any) -> str:
    for name in ("object", "array", "string", "number"):
        if is_type(value, name):
            return f" ({_TYPES[name].split(' (')[0]})"
    return " (a date)" if isinstance(value, datetime.date) else ""
