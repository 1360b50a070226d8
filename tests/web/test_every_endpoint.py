"""What must hold for each endpoint of the URL map, without naming any."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from server.routes import ROUTES
from server.web.endpoint import Endpoint
from server.web.router import Route
from tests.web.support import Server

EXAMPLES = {"int": "1", "str": "some%20name", "rest": "some/path"}


def endpoints() -> Iterator[tuple[Route, Endpoint]]:
    for route in ROUTES:
        for declared in route.load().endpoints.values():
            yield route, declared


ALL = [pytest.param(route, declared, id=f"{declared.method} {route.path}") for route, declared in endpoints()]


def address(route: Route) -> str:
    path = route.path.lstrip("/")
    for name, kind in route.parameters.items():
        path = re.sub(rf"{{{name}(:\w+)?}}", EXAMPLES[kind], path)
    return f"/{path}" if route.at_root else path


@pytest.mark.parametrize(("route", "declared"), ALL)
def test_it_takes_the_parameters_of_its_path(route: Route, declared: Endpoint) -> None:
    wanted = set(inspect.signature(declared.function).parameters) - {"self", "body", "call", "page"}
    given = set(route.parameters) | {parameter.name for parameter in declared.query}
    assert wanted <= given


@pytest.mark.parametrize(("route", "declared"), ALL)
def test_it_is_documented(route: Route, declared: Endpoint) -> None:
    assert route.load().tag
    assert declared.summary
    assert declared.description
    assert declared.returns is not None or declared.status == 204
    assert all(parameter.description for parameter in declared.query)


@pytest.mark.parametrize(("route", "declared"), ALL)
def test_it_asks_for_a_sign_in_unless_it_is_declared_free(server: Server, route: Route, declared: Endpoint) -> None:
    answer = server.ask(declared.method, address(route), {}, token=False)
    if declared.auth:
        assert answer.status == 401
        assert list(answer.json) == ["message"]
        assert answer.headers["API-Version"] == "1.8.0"
    else:
        assert answer.status != 401 or answer.json["status"] == "Error"


ODD_BODIES = [
    b"",
    b"null",
    b"[]",
    b"0",
    b'"text"',
    b"{",
    b'{"a": 1, "a": 2}',
    b'{"a": NaN}',
    b'{"a": 1e999}',
    b'{"a": 123456789012345678901234567890}',
    b'{"a": "\\u0000"}',
    b'{"a": "\\ud800"}',
    b'{"a": "\xff"}',
    b'{"a\x00": 1}',
    b"\xef\xbb\xbf{}",
    b"\xff\xfe{\x00}\x00",
    b"[" * 10_000,
    b'{"a":' * 10_000,
    b"[" * 60 + b"]" * 60,
    b'{"password": null, "username": [], "operation": {}, "raw_config": 5, "name": -1, "url": false}',
]

WITH_BODY = [case for case in ALL if case.values[1].body is not None]


@pytest.mark.parametrize(("route", "declared"), WITH_BODY)
def test_odd_bodies_are_refused_with_a_reason(server: Server, route: Route, declared: Endpoint) -> None:
    for body in ODD_BODIES:
        answer = server.ask(declared.method, address(route), body, headers={"Content-Type": "application/json"})
        assert answer.status < 500 or answer.status == 503, (body[:80], answer.body)
        if answer.status >= 400:
            assert answer.json["message"]
    for content_type in (
        "",
        "text/plain",
        "application/jsonx",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
    ):
        answer = server.ask(declared.method, address(route), b"{}", headers={"Content-Type": content_type})
        assert answer.status == 415


ODD_QUERIES = [
    "page=0",
    "page=-1",
    "page=99999999999999999999999",
    "per_page=-5",
    "page=%00",
    "include_schema=perhaps",
    "%ff=%ff",
    "lines=1e3",
    "=&&==&%",
    "page=%D9%A3",
    "a" * 5000,
]


@pytest.mark.parametrize(("route", "declared"), [case for case in ALL if case.values[1].etag])
def test_odd_queries_are_passed_over_or_refused_by_name(server: Server, route: Route, declared: Endpoint) -> None:
    names = {parameter.name for parameter in declared.query}
    for query in ODD_QUERIES:
        answer = server.get(f"{address(route)}?{query}")
        assert answer.status < 500 or answer.status == 503
        if answer.status == 400 and "errors" in answer.json:
            assert set(answer.json["errors"]) <= names | {"%ff", "page"}


@pytest.mark.parametrize(("route", "declared"), [case for case in ALL if case.values[1].etag])
def test_a_get_has_a_tag_and_answers_304_to_it(server: Server, route: Route, declared: Endpoint) -> None:
    answer = server.get(address(route))
    if answer.status != 200:
        # moved, nothing there or configured, for the control channel only, or a part that this test does not start
        assert answer.status in (301, 400, 403, 404, 503)
        return
    tag = answer.headers["ETag"]
    again = server.get(address(route), headers={"If-None-Match": tag})
    stable = not route.path.startswith("/server/dump_threads")
    assert again.status == (304 if stable else 200)
    assert server.get(address(route), headers={"If-Match": '"other"'}).status == 412


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            else:
                yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.parametrize(
    ("name", "start"), [("swagger.json", "#/definitions/"), ("openapi.json", "#/components/schemas/")]
)
def test_the_documents_are_complete_in_themselves(server: Server, name: str, start: str) -> None:
    document = server.get(name, token=False).json
    shapes = document["definitions"] if "definitions" in document else document["components"]["schemas"]
    assert {reference.removeprefix(start) for reference in references(document)} <= set(shapes)
    operations = [found for path in document["paths"].values() for found in path.values()]
    assert len({found["operationId"] for found in operations}) == len(operations)
    shown = {(path, method.upper()) for path, found in document["paths"].items() for method in found}
    declared = {(re.sub(r":\w+}", "}", route.path), found.method) for route, found in endpoints() if not found.hidden}
    assert shown == declared
    for path, found in document["paths"].items():
        for operation in found.values():
            named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
