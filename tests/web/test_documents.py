"""The API's documents are sound by the rules of their formats."""

from __future__ import annotations

import pytest
from openapi_spec_validator import OpenAPIV2SpecValidator, OpenAPIV31SpecValidator

from tests.web.support import Server


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
