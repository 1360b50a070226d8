"""The API's documents, made from the declarations: Swagger 2.0 (as the reference has it) and OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from server.web.endpoint import Endpoint
from server.web.errors import reason
from server.web.parameters import LARGEST, Parameter
from server.web.router import Mounted
from server.web.security import API_VERSION
from server.web.shapes import ERROR, PLAIN_ERROR, QUERY_ERROR, VALIDATION_ERROR, Shape

TITLE = "FlexGet API"
DESCRIPTION = (
    "Sign in with `Authorization: Token <token>`, with Basic credentials, or with the cookie of `/auth/login/`."
)

_PLAIN = frozenset({401, 405, 413, 415})

_OF_NAMES = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
"""Keywords of JSON schema that hold schemas by name ..."""
_OF_SCHEMAS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
"""... lists of schemas ..."""
_OF_SCHEMA = frozenset({"items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"})
"""... and one schema."""

_SWAGGER_WORDS = frozenset(
    {"$ref", "additionalProperties", "allOf", "default", "description", "enum", "example", "format", "items"}
    | {"maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum"}
    | {"multipleOf", "pattern", "properties", "readOnly", "required", "title", "type", "uniqueItems", "x-nullable"}
)
"""What a schema may say in Swagger 2.0."""


def swagger(mounted: Sequence[Mounted], base: str) -> dict[str, Any]:
    """Swagger 2.0 of all routes that are not hidden."""
    return _Swagger().document(mounted, base)


def openapi(mounted: Sequence[Mounted], base: str) -> dict[str, Any]:
    """OpenAPI 3.1 of the same."""
    return _OpenApi().document(mounted, base)


class _Writer:
    refs = ""

    def __init__(self) -> None:
        self.shapes: dict[str, Any] = {}

    def document(self, mounted: Sequence[Mounted], base: str) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        tags: dict[str, None] = {}
        for item in mounted:
            resource = item.route.load()
            for declared in resource.endpoints.values():
                if declared.hidden:
                    continue
                tag = resource.tag or "other"
                tags[tag] = None
                operation = self.operation(item, declared, tag)
                paths.setdefault(template(item), {})[declared.method.lower()] = operation
        return self.frame(base, paths, [{"name": tag} for tag in tags])

    def frame(self, base: str, paths: dict[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
        raise NotImplementedError

    def operation(self, item: Mounted, declared: Endpoint, tag: str) -> dict[str, Any]:
        found: dict[str, Any] = {
            "operationId": f"{declared.method.lower()}{template(item).replace('/', '_')}".rstrip("_"),
            "tags": [tag],
            "summary": declared.summary,
            "responses": {str(status): self.response(declared, status) for status in declared.statuses},
        }
        if declared.description:
            found["description"] = declared.description
        if not declared.auth:
            found["security"] = []
        parameters = [self.parameter(name, "path", schema, True) for name, schema in _path_schemas(item)]
        parameters += [self.query_parameter(parameter) for parameter in declared.query]
        self.add_input(found, declared, parameters)
        return found

    def add_input(self, operation: dict[str, Any], declared: Endpoint, parameters: list[dict[str, Any]]) -> None:
        raise NotImplementedError

    def parameter(self, name: str, place: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
        raise NotImplementedError

    def query_parameter(self, parameter: Parameter) -> dict[str, Any]:
        found = self.parameter(parameter.name, "query", parameter.schema(), parameter.required)
        return found | ({"description": parameter.description} if parameter.description else {})

    def response(self, declared: Endpoint, status: int) -> dict[str, Any]:
        found: dict[str, Any] = {"description": reason(status)}
        schema = _schema_of(declared, status)
        if schema is not None:
            found |= self.content(schema, declared.content_type if status == declared.status else "application/json")
        names = _headers_of(declared) if status == declared.status else {}
        if names:
            found["headers"] = {name: self.header(text) for name, text in names.items()}
        return found

    def content(self, schema: dict[str, Any], content_type: str) -> dict[str, Any]:
        raise NotImplementedError

    def header(self, text: str) -> dict[str, Any]:
        raise NotImplementedError

    def schema(self, value: Any) -> Any:
        """The schema with a reference in the place of each named shape."""
        if isinstance(value, Shape):
            if value.name not in self.shapes:
                self.shapes[value.name] = {}
                self.shapes[value.name] = self.plain(dict(value))
            return {"$ref": f"{self.refs}{value.name}"}
        return self.plain(value)

    def plain(self, value: Any) -> Any:
        """The schema itself, with what is below it treated by :meth:`schema`; other values stay as they are."""
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for key, item in value.items():
            if key in _OF_NAMES and isinstance(item, dict):
                found[key] = {name: self.schema(below) for name, below in item.items()}
            elif key in _OF_SCHEMAS and isinstance(item, list):
                found[key] = [self.schema(below) for below in item]
            else:
                found[key] = self.schema(item) if key in _OF_SCHEMA else item
        return found


class _OpenApi(_Writer):
    refs = "#/components/schemas/"

    def frame(self, base: str, paths: dict[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "openapi": "3.1.0",
            "info": {"title": TITLE, "version": API_VERSION, "description": DESCRIPTION},
            "servers": [{"url": f"{base}/api"}],
            "security": [{"token": []}, {"basic": []}, {"cookie": []}],
            "tags": tags,
            "paths": paths,
            "components": {
                "schemas": self.shapes,
                "securitySchemes": {
                    "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
                    "basic": {"type": "http", "scheme": "basic"},
                    "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
                },
            },
        }

    def add_input(self, operation: dict[str, Any], declared: Endpoint, parameters: list[dict[str, Any]]) -> None:
        operation["parameters"] = parameters
        if declared.body is not None:
            content = {"application/json": {"schema": self.schema(declared.body)}}
            operation["requestBody"] = {"required": True, "content": content}

    def parameter(self, name: str, place: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
        return {"name": name, "in": place, "required": required, "schema": schema}

    def content(self, schema: dict[str, Any], content_type: str) -> dict[str, Any]:
        return {"content": {content_type: {"schema": self.schema(schema)}}}

    def header(self, text: str) -> dict[str, Any]:
        return {"description": text, "schema": {"type": "string"}}


class _Swagger(_Writer):
    refs = "#/definitions/"

    def frame(self, base: str, paths: dict[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "swagger": "2.0",
            "basePath": f"{base}/api",
            "info": {"title": TITLE, "version": API_VERSION, "description": DESCRIPTION},
            "produces": ["application/json"],
            "consumes": ["application/json"],
            "securityDefinitions": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
                "basic": {"type": "basic"},
            },
            "security": [{"token": []}, {"basic": []}],
            "tags": tags,
            "paths": paths,
            "definitions": self.shapes,
        }

    def add_input(self, operation: dict[str, Any], declared: Endpoint, parameters: list[dict[str, Any]]) -> None:
        if declared.body is not None:
            parameters.append({"name": "payload", "in": "body", "required": True, "schema": self.schema(declared.body)})
        if parameters:
            operation["parameters"] = parameters
        if declared.content_type != "application/json":
            operation["produces"] = [declared.content_type]

    def parameter(self, name: str, place: str, schema: dict[str, Any], required: bool) -> dict[str, Any]:
        several = {"collectionFormat": "multi"} if schema.get("type") == "array" else {}
        return {"name": name, "in": place, "required": required, **schema, **several}

    def content(self, schema: dict[str, Any], content_type: str) -> dict[str, Any]:
        return {"schema": self.schema(schema)}

    def header(self, text: str) -> dict[str, Any]:
        return {"description": text, "type": "string"}

    def plain(self, value: Any) -> Any:
        """JSON schema in the words of Swagger 2.0.

        One type, ``x-nullable``, ``enum`` for ``const``, no alternatives.
        """
        if isinstance(value, bool):
            return {}
        found = super().plain(value)
        kinds = found.get("type")
        if isinstance(kinds, list):
            real = [kind for kind in kinds if kind != "null"]
            found["type"] = real[0] if len(real) == 1 else None
            found["x-nullable"] = len(real) < len(kinds)
        if "const" in found:
            found["enum"] = [found["const"]]
        if found.get("examples"):
            found["example"] = found["examples"][0]
        if found.get("type") == "array":
            found.setdefault("items", {})
        if isinstance(value.get("additionalProperties"), bool):
            found["additionalProperties"] = value["additionalProperties"]
        return {key: item for key, item in found.items() if key in _SWAGGER_WORDS and item is not None}


def template(item: Mounted) -> str:
    """The path with plain ``{name}`` parameters."""
    path = item.route.path
    for name, kind in item.route.parameters.items():
        path = path.replace(f"{{{name}:{kind}}}", f"{{{name}}}")
    return path


def _path_schemas(item: Mounted) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, kind in item.route.parameters.items():
        if kind == "int":
            yield name, {"type": "integer", "minimum": 0, "maximum": LARGEST}
        else:
            yield name, {"type": "string", "minLength": 1}


def _schema_of(declared: Endpoint, status: int) -> dict[str, Any] | None:
    if status in (204, 304):
        return None
    if status == declared.status or status < 300:
        return declared.returns
    if status == 422:
        return VALIDATION_ERROR
    if status in _PLAIN and declared.auth:
        return PLAIN_ERROR
    if status == 400:
        return QUERY_ERROR if declared.query and declared.body is None and 400 not in declared.errors else PLAIN_ERROR
    return PLAIN_ERROR if status in _PLAIN - {401} or status == 403 else ERROR


def _headers_of(declared: Endpoint) -> dict[str, str]:
    found = {"API-Version": "version of this API", **declared.headers}
    if declared.etag:
        found["ETag"] = "for `If-None-Match` (304) and `If-Match` (412)"
    if declared.paginated:
        found |= {
            "Link": "the neighbouring pages and the last one (RFC 5988): `prev`, `next`, `last`",
            "Total-Count": "number of all rows",
            "Count": "number of rows in this page",
        }
    return found
