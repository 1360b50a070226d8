"""The API's documents are sound by the rules of their formats."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from server.engine.services import Services
from server.web.endpoint import Resource, Web, get
from server.web.router import Route
from tests.web.support import Server


class Counted(Resource):
    """Counts how often it is made."""

    made = 0

    def __init__(self, services: Services, web: Web) -> None:
        super().__init__(services, web)
        type(self).made += 1

    @get("Something")
    def show(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("name", "validator"), [("openapi.json", OpenAPIV31SpecValidator), ("swagger.json", OpenAPIV2SpecValidator)]
)
def test_the_document_is_valid(server: Server, name: str, validator: type) -> None:
    document = server.get(name, token=False).json
    assert [str(error) for error in validator(document).iter_errors()] == []


def test_an_answer_that_leads_elsewhere_is_documented_as_it_is(server: Server) -> None:
    document = server.get("openapi.json", token=False).json
    moved = document["paths"]["/trakt/movies/{title}/"]["get"]["responses"]["301"]
    assert moved["content"]["application/json"]["schema"]["required"] == ["message"]
    answer = server.get("trakt/movies/some/")
    assert (answer.status, list(answer.json)) == (301, ["message"])


def test_the_documents_need_the_declarations_only(make_server: Callable[..., Server]) -> None:
    server = make_server(routes=[Route("/counted/", f"{__name__}:Counted")])
    for name in ("openapi.json", "swagger.json"):
        assert "/counted/" in server.get(name).json["paths"]
    assert Counted.made == 0  # they are made in a thread, which could make a second one beside the loop's
