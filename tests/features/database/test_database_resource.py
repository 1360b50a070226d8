"""``/database/``"""

from __future__ import annotations

from datetime import timedelta

from server.features.failed.store import FailedStore, Failure
from tests.web.support import Server


def test_it_is_cleaned_and_shrunk(server: Server) -> None:
    for operation in ("cleanup", "vacuum"):
        reply = server.post("database/", {"operation": operation})
        assert (reply.status, reply.json["status"], reply.json["status_code"]) == (200, "success", 200)


def test_what_one_plugin_keeps_is_emptied(server: Server) -> None:
    store = server.engine.db.store(FailedStore)
    store.record([Failure("One", "http://localhost/1", "gone")], lambda count: timedelta(hours=1))
    assert server.get("failed/").headers["Total-Count"] == "1"
    assert "failed" in server.get("database/plugins/").json
    assert server.post("database/", {"operation": "plugin_reset", "plugin_name": "failed"}).status == 200
    assert server.get("failed/").json == []


def test_a_plugin_that_keeps_nothing_and_a_missing_name_are_refused(server: Server) -> None:
    for body in ({"operation": "plugin_reset"}, {"operation": "plugin_reset", "plugin_name": "nope"}):
        reply = server.post("database/", body)
        assert (reply.status, reply.json["status"]) == (400, "Error")
    assert server.post("database/", {"operation": "burn"}).status == 422
    assert server.post("database/", {}).status == 422


def test_the_accounts_cannot_be_emptied_by_somebody_who_is_signed_in(server: Server) -> None:
    assert "users" not in server.get("database/plugins/").json
    reply = server.post("database/", {"operation": "plugin_reset", "plugin_name": "users"})
    assert reply.status == 400
    assert server.get("database/plugins/").status == 200
