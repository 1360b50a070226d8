"""``/variables/``: read, replaced, merged."""

from __future__ import annotations

from tests.web.support import Server


def test_variables_are_replaced_and_merged_at_the_top(server: Server) -> None:
    assert server.get("variables/").json == {}
    reply = server.ask("PUT", "variables/", {"a": 1, "b": {"c": "text", "d": [1]}})
    assert (reply.status, reply.json) == (201, {"a": 1, "b": {"c": "text", "d": [1]}})
    reply = server.ask("PATCH", "variables/", {"b": {"e": None}, "f": True})
    assert (reply.status, reply.json) == (200, {"a": 1, "b": {"e": None}, "f": True})
    assert server.get("variables/").json == reply.json
    tag = {"If-Match": server.get("variables/").headers["ETag"]}
    assert server.ask("PUT", "variables/", {"z": 1}, headers=tag).json == {"z": 1}
    assert server.ask("PUT", "variables/", {"z": 2}, headers=tag).status == 412


def test_anything_but_an_object_is_refused(server: Server) -> None:
    for method in ("PUT", "PATCH"):
        assert server.ask(method, "variables/", [1]).status == 422
        assert server.ask(method, "variables/", b"{", headers={"Content-Type": "application/json"}).status == 400
        assert server.ask(method, "variables/", {}, headers={"If-Match": '"0"'}).status == 412
