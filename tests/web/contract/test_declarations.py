"""What is declared, compared with what clients know, line by line."""

from __future__ import annotations

import pytest

from server.web.parameters import Choice, Choices
from tests.web.contract.contract import LINES, Wanted, declared

NEVER = {("GET", "/cached/"): {500}}
"""Statuses of the reference that cannot come up here."""

NOT_TAKEN = {("GET", "/trakt/movies/{title}"): {"title"}, ("GET", "/trakt/series/{title}"): {"title"}}
"""The title is in the path; once more in the query it says nothing."""

NOT_A_DEFAULT = {"produced"}
"""Its default is in the reference's documents only: it filters when it is sent."""

EVERY_LINE = pytest.mark.parametrize("wanted", LINES, ids=str)


def test_there_are_as_many_endpoints_as_clients_know() -> None:
    assert len(LINES) == 138


@EVERY_LINE
def test_it_is_served_with_all_its_statuses(wanted: Wanted) -> None:
    found = declared(wanted)
    assert found is not None
    assert wanted.statuses - NEVER.get((wanted.method, wanted.path), set()) <= set(found.statuses)
    assert found.etag or not wanted.etag


@EVERY_LINE
def test_it_takes_the_query_parameters(wanted: Wanted) -> None:
    found = declared(wanted)
    assert found is not None
    ours = {parameter.name: parameter for parameter in found.query}
    left_out = NOT_TAKEN.get((wanted.method, wanted.path), set())
    for name, facts in wanted.parameters().items():
        if name in left_out:
            continue
        parameter = ours[name]
        schema = parameter.schema()
        choices = schema["items"].get("enum") if isinstance(parameter, Choices) else schema.get("enum")
        assert (schema["type"], parameter.required) == (facts["type"], facts["required"]), name
        assert (list(choices) if isinstance(parameter, Choice) else None) == facts["choices"], name
        default = None if parameter.default is None else str(parameter.default)
        if name not in NOT_A_DEFAULT:
            wanted_default = facts["default"]
            assert (default or "").lower() == (wanted_default or ""), name
