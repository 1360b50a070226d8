"""A quick yes or no: does a value fit a JSON schema?

Schemas are compiled once to nested functions. A config that is right (nearly all of them, nearly always) is checked by
these alone, so that a start needs no import of ``jsonschema``; a value that does not fit is then explained by
:mod:`server.config.validate`, with ``jsonschema`` as the authority. Meaning as in draft 2020-12.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from server.config.formats import complaint

Check = Callable[[Any], bool]
Schema = Mapping[str, Any] | bool
Resolve = Callable[[str], Schema | None]
"""Finds the schema behind a ``$ref`` that does not begin with ``#``."""


class UnsupportedSchema(Exception):
    """A keyword that only the full validator understands."""


class BrokenSchema(Exception):
    """A schema that leads nowhere: the fault of the plugin that brought it, not of the data."""


_PASSIVE = frozenset(
    (
        "title",
        "description",
        "examples",
        "default",
        "deprecated",
        "deprecationMessage",
        "readOnly",
        "writeOnly",
        "$comment",
        "$schema",
    )
) | frozenset(("$id", "id", "$defs", "definitions", "$anchor", "contentMediaType", "contentEncoding"))


def compile_schema(schema: Schema, resolve: Resolve | None = None) -> Check:
    """A function that tells whether a value fits.

    It and the making of it raise :class:`UnsupportedSchema` for what they do not know, :class:`BrokenSchema` for a
    reference to nothing.
    """
    return _Compiler(schema, resolve).compile(schema)


def is_type(value: Any, name: str) -> bool:
    """Whether a value is of a JSON type; booleans are no numbers, nor is NaN, 1.0 is an integer."""
    match name:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, float) and value.is_integer()
            return (isinstance(value, int) and not isinstance(value, bool)) or whole
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "null":
            return value is None
    return False


def same(one: Any, two: Any) -> bool:
    """JSON equality: like Python's, but true is not 1."""
    if isinstance(one, bool) or isinstance(two, bool):
        return one is two
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(value, two[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(two, list):
        return len(one) == len(two) and all(map(same, one, two))
    return bool(one == two)


def unique(items: list[Any]) -> bool:
    """Whether no two of them are the :func:`same`; in one pass, as lists come from anywhere."""
    try:
        return len({_identity(item) for item in items}) == len(items)
    except TypeError:  # something that is not JSON and cannot be hashed
        return not any(same(item, other) for index, item in enumerate(items) for other in items[:index])


def _identity(value: Any) -> Any:
    """Something hashable that is equal for what is the :func:`same`, and for nothing else."""
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, dict):
        return dict, frozenset((key, _identity(item)) for key, item in value.items())
    if isinstance(value, list):
        return list, tuple(map(_identity, value))
    return value


class _Compiler:
    def __init__(self, root: Schema, resolve: Resolve | None) -> None:
        self.root = root
        self.resolve = resolve
        self.refs: dict[str, list[Check]] = {}

    def compile(self, schema: Schema) -> Check:
        if isinstance(schema, bool):
            return _always if schema else _never
        if not isinstance(schema, Mapping):
            raise BrokenSchema("it is no mapping")
        checks = [self.keyword(name, value, schema) for name, value in schema.items() if name not in _PASSIVE]
        wanted = [check for check in checks if check is not None]
        if len(wanted) == 1:
            return wanted[0]
        return lambda value: all(check(value) for check in wanted)

    def keyword(self, name: str, value: Any, schema: Mapping[str, Any]) -> Check | None:
        method = getattr(self, "kw_" + name.replace("$", ""), None)
        if method is None:
            raise UnsupportedSchema(name)
        try:
            check: Check | None = method(value, schema)
        except (re.error, AttributeError, TypeError) as error:
            raise BrokenSchema(f"`{name}` cannot be read: {error}") from error
        return check

    def kw_ref(self, ref: str, _: Mapping[str, Any]) -> Check:
        holder = self.refs.setdefault(ref, [])

        def check(value: Any) -> bool:
            if not holder:  # compiled at the first use: most of what a schema refers to is never met
                target = self.target(ref)
                # What a schema from outside calls `#` is its own root.
                compiler = self if ref.startswith("#") else _Compiler(target, self.resolve)
                holder.append(compiler.compile(target))
            return holder[0](value)

        return check

    def target(self, ref: str) -> Schema:
        if ref.startswith("#"):
            found: Any = self.root
            for part in ref[1:].strip("/").split("/") if ref[1:].strip("/") else []:
                name = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(found, Mapping) or name not in found:
                    raise BrokenSchema(f"`{ref}` is not there")
                found = found[name]
            return found  # type: ignore[no-any-return]
        schema = self.resolve(ref) if self.resolve else None
        if schema is None:
            raise BrokenSchema(f"`{ref}` is not there")
        return schema

    def kw_type(self, types: str | list[str], _: Mapping[str, Any]) -> Check:
        names = [types] if isinstance(types, str) else list(types)
        if len(names) == 1:
            only = names[0]
            return lambda value: is_type(value, only)
        return lambda value: any(is_type(value, name) for name in names)

    def kw_enum(self, choices: list[Any], _: Mapping[str, Any]) -> Check:
        return lambda value: any(same(value, choice) for choice in choices)

    def kw_const(self, wanted: Any, _: Mapping[str, Any]) -> Check:
        return lambda value: same(value, wanted)

    def kw_format(self, name: str, _: Mapping[str, Any]) -> Check:
        return lambda value: complaint(name, value) is None

    def kw_pattern(self, pattern: str, _: Mapping[str, Any]) -> Check:
        search = re.compile(pattern).search
        return lambda value: not isinstance(value, str) or search(value) is not None

    def kw_minLength(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, str) or len(value) >= limit

    def kw_maxLength(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, str) or len(value) <= limit

    def kw_minimum(self, limit: float, _: Mapping[str, Any]) -> Check:
        return lambda value: not is_type(value, "number") or value >= limit

    def kw_maximum(self, limit: float, _: Mapping[str, Any]) -> Check:
        return lambda value: not is_type(value, "number") or value <= limit

    def kw_exclusiveMinimum(self, limit: float, _: Mapping[str, Any]) -> Check:
        return lambda value: not is_type(value, "number") or value > limit

    def kw_exclusiveMaximum(self, limit: float, _: Mapping[str, Any]) -> Check:
        return lambda value: not is_type(value, "number") or value < limit

    def kw_minItems(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, list) or len(value) >= limit

    def kw_maxItems(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, list) or len(value) <= limit

    def kw_uniqueItems(self, wanted: bool, _: Mapping[str, Any]) -> Check | None:
        if not wanted:
            return None
        return lambda value: not isinstance(value, list) or unique(value)

    def kw_minProperties(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, dict) or len(value) >= limit

    def kw_maxProperties(self, limit: int, _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, dict) or len(value) <= limit

    def kw_required(self, names: list[str], _: Mapping[str, Any]) -> Check:
        return lambda value: not isinstance(value, dict) or all(name in value for name in names)

    def kw_dependentRequired(self, needs: dict[str, list[str]], _: Mapping[str, Any]) -> Check:
        return lambda value: (
            not isinstance(value, dict)
            or all(other in value for name, others in needs.items() if name in value for other in others)
        )

    def kw_items(self, schema: Schema, _: Mapping[str, Any]) -> Check:
        if isinstance(schema, list) or "prefixItems" in _:
            raise UnsupportedSchema("items")
        item = self.compile(schema)
        return lambda value: not isinstance(value, list) or all(map(item, value))

    def kw_properties(self, schemas: dict[str, Schema], _: Mapping[str, Any]) -> Check:
        checks = {name: self.compile(schema) for name, schema in schemas.items()}
        return lambda value: (
            not isinstance(value, dict) or all(checks[name](below) for name, below in value.items() if name in checks)
        )

    def kw_patternProperties(self, schemas: dict[str, Schema], _: Mapping[str, Any]) -> Check:
        checks = [(re.compile(pattern).search, self.compile(schema)) for pattern, schema in schemas.items()]
        return lambda value: (
            not isinstance(value, dict)
            or all(check(below) for name, below in value.items() for search, check in checks if search(str(name)))
        )

    def kw_additionalProperties(self, schema: Schema, around: Mapping[str, Any]) -> Check | None:
        if schema is True:
            return None
        known = frozenset(around.get("properties", ()))
        patterns = [re.compile(pattern).search for pattern in around.get("patternProperties", ())]
        check = self.compile(schema)
        return lambda value: (
            not isinstance(value, dict)
            or all(
                check(below)
                for name, below in value.items()
                if name not in known and not any(search(str(name)) for search in patterns)
            )
        )

    def kw_propertyNames(self, schema: Schema, _: Mapping[str, Any]) -> Check:
        check = self.compile(schema)
        return lambda value: not isinstance(value, dict) or all(map(check, value))

    def kw_anyOf(self, schemas: list[Schema], _: Mapping[str, Any]) -> Check:
        checks = [self.compile(schema) for schema in schemas]
        return lambda value: any(check(value) for check in checks)

    def kw_oneOf(self, schemas: list[Schema], _: Mapping[str, Any]) -> Check:
        checks = [self.compile(schema) for schema in schemas]
        return lambda value: sum(check(value) for check in checks) == 1

    def kw_allOf(self, schemas: list[Schema], _: Mapping[str, Any]) -> Check:
        checks = [self.compile(schema) for schema in schemas]
        return lambda value: all(check(value) for check in checks)

    def kw_not(self, schema: Schema, _: Mapping[str, Any]) -> Check:
        check = self.compile(schema)
        return lambda value: not check(value)


def _always(value: Any) -> bool:
    return True


def _never(value: Any) -> bool:
    return False
