"""Checking data against a JSON schema, with findings that a person can act on.

::

    issues = validate(document.data, schema, document=document)
    for issue in issues:
        print(issue)    # config.yml:4:5 (tasks.tv.regexp): `acept` is not an option here. ... Did you mean `accept`?

All findings are told, ordered by line. Of the branches of an ``anyOf`` or ``oneOf`` only the one that was most likely
meant is explained. ``Issue.fact`` holds what the schema check says in its own terms.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from server.config.document import Document
from server.config.errors import Issue, KeyPath, sort_issues
from server.config.explain import explain
from server.config.formats import complaint, relative_to
from server.config.schema_check import Check, Resolve, Schema, UnsupportedSchema, compile_schema, is_type, unique

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


class SchemaValidator:
    """One schema, compiled when first used. Keep it: compiling costs more than checking."""

    def __init__(self, schema: Schema, resolve: Resolve | None = None) -> None:
        """``resolve`` finds the schema of a ``$ref`` that leads outside; it answers None for an unknown one."""
        self.schema = schema
        self.resolve = resolve
        self._check: Check | None = None
        self._full: Validator | None = None

    def fits(self, data: Any) -> bool:
        """Whether the data fits; the quick way."""
        try:
            if self._check is None:
                self._check = compile_schema(self.schema, self.resolve)
            return self._check(data)
        except UnsupportedSchema:
            self._check = self._fits_fully
            return self._check(data)

    def issues(self, data: Any, *, root_path: KeyPath = (), most: int | None = None) -> list[Issue]:
        """All findings, or those of the first ``most`` errors, without places.

        ``root_path`` is where the data stands in its document.
        """
        if self.fits(data):
            return []
        errors = islice(self._validator().iter_errors(_with_text_keys(data)), most)
        return [issue for error in errors for issue in explain(error, data, root_path)]

    def _fits_fully(self, data: Any) -> bool:
        return bool(self._validator().is_valid(_with_text_keys(data)))

    def _validator(self) -> Validator:
        if self._full is None:
            self._full = _full_validator(self.schema, self.resolve)
        return self._full


def validate(
    data: Any,
    schema: Schema | SchemaValidator,
    *,
    document: Document | None = None,
    root_path: KeyPath = (),
    resolve: Resolve | None = None,
) -> list[Issue]:
    """Check data against a schema; an empty list means that it fits.

    ``document`` gives the findings their file, line and column (``root_path`` says where in it the data stands).
    """
    validator = schema if isinstance(schema, SchemaValidator) else SchemaValidator(schema, resolve)
    folder = document.path.parent if document is not None and document.path is not None else None
    with relative_to(folder):
        issues = validator.issues(data, root_path=root_path)
    return sort_issues(place(issues, document))


def place(issues: Iterable[Issue], document: Document | None) -> list[Issue]:
    """The findings with their places in a document: a key that should not be there is pointed at itself."""
    if document is None:
        return list(issues)
    return [issue.at(document.position(issue.key_path, key=_points_at_key(issue))) for issue in issues]


def _points_at_key(issue: Issue) -> bool:
    keywords = ("additionalProperties", "propertyNames", "unevaluatedProperties", "required", "dependentRequired")
    return issue.fact is None or issue.fact.validator in keywords


def _full_validator(schema: Schema, resolve: Resolve | None) -> Validator:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.exceptions import FormatError, ValidationError
    from jsonschema.validators import extend
    from referencing import Registry, Resource
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT202012

    class Formats(FormatChecker):
        def check(self, instance: object, format: str) -> None:
            said = complaint(format, instance)
            if said is not None:
                raise FormatError(said)

    def retrieve(uri: str) -> Resource[Any]:
        found = resolve(uri) if resolve is not None else None
        if found is None:
            raise NoSuchResource(uri)
        return DRAFT202012.create_resource(found)

    def unique_items(_: Any, wanted: bool, instance: Any, __: Any) -> Iterator[ValidationError]:
        if wanted and isinstance(instance, list) and not unique(instance):
            yield ValidationError("the list holds the same value twice")

    registry: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]
    extended: Callable[..., Any] = extend
    types = Draft202012Validator.TYPE_CHECKER.redefine("number", lambda _, value: is_type(value, "number"))
    validator = extended(Draft202012Validator, {"uniqueItems": unique_items}, type_checker=types)
    return cast("Validator", validator(schema, registry=registry, format_checker=Formats(formats=())))


def _with_text_keys(data: Any) -> Any:
    """The data with every key as text, as JSON has it; the same object where nothing needs to change."""
    if isinstance(data, dict):
        below = {key: _with_text_keys(value) for key, value in data.items()}
        if all(isinstance(key, str) for key in data) and all(below[key] is data[key] for key in data):
            return data
        return {str(key): value for key, value in below.items()}
    if isinstance(data, list):
        items = [_with_text_keys(item) for item in data]
        return data if all(new is old for new, old in zip(items, data, strict=True)) else items
    return data


def fill_defaults(data: Any, schema: Schema, *, resolve: Resolve | None = None) -> Any:
    """A copy of valid data in which every option that was left out and has a ``default`` is filled in.

    Of ``anyOf`` and ``oneOf`` the first branch that the data fits counts. Only where the data has a mapping are its
    options filled; nothing is added in place of an absent mapping without a default of its own.
    """
    return _Defaults(schema, resolve).fill(data, schema)


def has_defaults(schema: Any) -> bool:
    """Whether filling in defaults by this schema can change anything."""
    if isinstance(schema, dict):
        outside = isinstance(schema.get("$ref"), str) and not schema["$ref"].startswith("#")
        return "default" in schema or outside or any(map(has_defaults, schema.values()))
    return isinstance(schema, list) and any(map(has_defaults, schema))


class _Defaults:
    def __init__(self, root: Schema, resolve: Resolve | None) -> None:
        self.root = root
        self.resolve = resolve
        self._checks: dict[int, Callable[[Any], bool]] = {}

    def fill(self, data: Any, schema: Schema) -> Any:
        if isinstance(schema, bool):
            return data
        for ref in self._outside(schema):
            target = self.resolve(ref) if self.resolve else None
            data = data if target is None else _Defaults(target, self.resolve).fill(data, target)
        for part in self._applying(data, schema):
            data = self._own(data, part)
        return data

    def _own(self, data: Any, schema: Schema) -> Any:
        if isinstance(schema, bool):
            return data
        if isinstance(data, dict):
            return self._mapping(data, schema)
        items = schema.get("items") if isinstance(data, list) else None
        return [self.fill(item, items) for item in data] if items else data

    def _mapping(self, data: dict[Any, Any], schema: Any) -> dict[Any, Any]:
        filled = dict(data)
        known = schema.get("properties", {})
        for name, below in known.items():
            if name in filled:
                filled[name] = self.fill(filled[name], below)
            elif isinstance(below, dict) and "default" in below:
                filled[name] = copy.deepcopy(below["default"])
        others = schema.get("additionalProperties")
        if isinstance(others, dict):
            filled.update({name: self.fill(filled[name], others) for name in data if name not in known})
        return filled

    def _applying(self, data: Any, schema: Any) -> Iterator[Schema]:
        """The schema itself and those below it that hold for the data at the same place."""
        yield schema
        if str(schema.get("$ref", "")).startswith("#"):
            target = self._target(schema["$ref"])
            if not isinstance(target, bool):
                yield from self._applying(data, target)
        for part in schema.get("allOf", ()):
            if not isinstance(part, bool):
                yield from self._applying(data, part)
        for word in ("anyOf", "oneOf"):
            chosen = next((part for part in schema.get(word, ()) if self._fits(data, part)), True)
            if not isinstance(chosen, bool):
                yield from self._applying(data, chosen)

    @staticmethod
    def _outside(schema: Any) -> list[str]:
        """The references to other schemas: of this one and of those that hold beside it."""
        parts = [schema, *(part for part in schema.get("allOf", ()) if isinstance(part, dict))]
        return [part["$ref"] for part in parts if not str(part.get("$ref", "#")).startswith("#")]

    def _target(self, ref: str) -> Schema:
        found: Any = self.root
        for part in [part for part in ref[1:].split("/") if part]:
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found  # type: ignore[no-any-return]

    def _fits(self, data: Any, schema: Schema) -> bool:
        if isinstance(schema, bool):
            return schema
        if id(schema) not in self._checks:
            rooted = {**schema, "$defs": {**_definitions(self.root), **schema.get("$defs", {})}}
            self._checks[id(schema)] = SchemaValidator(rooted, self.resolve).fits
        return self._checks[id(schema)](data)


def _definitions(root: Schema) -> dict[str, Any]:
    return {} if isinstance(root, bool) else dict(root.get("$defs", {}))
