"""``/schedules/``: kept in the config file, with ids that stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.features.api import CONFIG, started, stopped
from tests.web.support import Server

WITHOUT = "tasks:\n  hist:\n    mock: []\n"


def text(server: Server) -> str:
    return server.engine.path.read_text(encoding="utf-8")


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Any]:
    """``other(config)`` starts a server with another config."""
    made: list[Server] = []

    def make(config: str) -> Server:
        home = tmp_path / "other"
        home.mkdir()
        made.append(started(home, config))
        return made[-1]

    yield make
    for server in made:
        stopped(server)


def test_schedules_are_listed_with_their_ids(server: Server) -> None:
    reply = server.get("schedules/")
    assert reply.status == 200
    (schedule,) = reply.json
    assert isinstance(schedule.pop("id"), int)
    assert schedule == {"tasks": "hist", "schedule": {"hour": 4}}
    assert server.get("schedules/", headers={"If-None-Match": reply.headers["ETag"]}).status == 304


def test_an_added_schedule_is_saved_and_read_by_its_id(server: Server) -> None:
    (first,) = server.get("schedules/").json
    body = {"tasks": ["hist", "sec*"], "interval": {"minutes": 30, "jitter": 5}}
    reply = server.ask("POST", "schedules/", body)
    assert reply.status == 201
    assert reply.json["id"] == first["id"] + 1
    assert {name: reply.json[name] for name in body} == body
    assert server.get(f"schedules/{reply.json['id']}/").json == reply.json
    assert len(server.get("schedules/").json) == 2
    assert "# nightly" in text(server)
    assert "jitter: 5" in text(server)


def test_a_change_keeps_the_id(server: Server) -> None:
    (before,) = server.get("schedules/").json
    reply = server.ask("PUT", f"schedules/{before['id']}/", {"tasks": "second", "interval": {"hours": 2}})
    assert reply.status == 201
    assert reply.json == {"id": before["id"], "tasks": "second", "interval": {"hours": 2}}
    assert server.get("schedules/").json == [reply.json]


def test_of_two_alike_the_one_that_was_meant_is_changed_and_deleted(server: Server) -> None:
    body = {"tasks": "hist", "interval": {"hours": 1}}
    first, second, third = (server.ask("POST", "schedules/", body).json["id"] for _ in range(3))
    assert server.ask("DELETE", f"schedules/{first}/").status == 200
    assert [schedule["id"] for schedule in server.get("schedules/").json][1:] == [second, third]
    assert server.ask("PUT", f"schedules/{third}/", {**body, "tasks": "second"}).json["id"] == third
    assert [schedule["tasks"] for schedule in server.get("schedules/").json][1:] == ["hist", "second"]


def test_a_deleted_schedule_is_gone_from_the_file(server: Server) -> None:
    (schedule,) = server.get("schedules/").json
    reply = server.ask("DELETE", f"schedules/{schedule['id']}/")
    assert reply.status == 200
    assert reply.json["status"] == "success"
    assert server.get("schedules/").json == []
    assert "hour: 4" not in text(server)
    assert server.ask("DELETE", f"schedules/{schedule['id']}/").status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_id_is_a_404(server: Server, method: str) -> None:
    body = {"tasks": "hist", "interval": {"hours": 1}} if method == "PUT" else None
    for unknown in (999_999, 2**62):
        reply = server.ask(method, f"schedules/{unknown}/", body)
        assert reply.status == 404
        assert reply.json["status"] == "Error"


@pytest.mark.parametrize(
    "body",
    [
        {"tasks": "hist"},
        {"interval": {"hours": 1}},
        {"tasks": "hist", "interval": {}},
        {"tasks": "hist", "interval": {"hours": -1}},
        {"tasks": "hist", "interval": {"hours": 1}, "schedule": {"hour": 1}},
        {"tasks": "hist", "schedule": {"hour": 25}},
        {"tasks": "hist", "schedule": {"hour": "noon"}},
        {"tasks": "hist", "schedule": {"day": "6th fri"}},
        {"tasks": [], "interval": {"hours": 1}},
        {"tasks": "hist", "interval": {"hours": 1}, "more": 1},
    ],
)
def test_what_is_no_schedule_is_a_422_and_writes_nothing(server: Server, body: dict[str, Any]) -> None:
    for method, path in (("POST", "schedules/"), ("PUT", f"schedules/{server.get('schedules/').json[0]['id']}/")):
        reply = server.ask(method, path, body)
        assert reply.status == 422
        assert reply.json["validation_errors"]
    assert text(server) == CONFIG


def test_switched_off_schedules_are_a_409_for_every_method(other: Any) -> None:
    server = other(WITHOUT + "schedules: no\n")
    body = {"tasks": "hist", "interval": {"hours": 1}}
    for method, path in (("GET", ""), ("POST", ""), ("GET", "1/"), ("PUT", "1/"), ("DELETE", "1/"), ("GET", "status/")):
        assert server.ask(method, f"schedules/{path}", body if method in ("POST", "PUT") else None).status == 409


@pytest.mark.parametrize("value", ["schedules: yes\n", ""])
def test_the_default_schedule_is_shown_can_be_changed_and_not_deleted(other: Any, value: str) -> None:
    server = other(WITHOUT + value)
    (schedule,) = server.get("schedules/").json
    assert schedule["tasks"] == ["*"]
    assert schedule["interval"] == {"hours": 1}
    assert server.ask("DELETE", f"schedules/{schedule['id']}/").status == 409
    added = server.ask("POST", "schedules/", {"tasks": "hist", "schedule": {"hour": 4}})
    assert added.status == 201
    changed = server.ask("PUT", f"schedules/{schedule['id']}/", {"tasks": "*", "interval": {"hours": 3}})
    assert changed.json["id"] == schedule["id"]
    assert [item["id"] for item in server.get("schedules/").json] == [schedule["id"], added.json["id"]]
    assert server.ask("DELETE", f"schedules/{schedule['id']}/").status == 200


def test_the_status_tells_last_and_next_runs_and_why_not(server: Server) -> None:
    server.ask("POST", "schedules/", {"tasks": "nobody", "interval": {"hours": 1}})
    first, second = server.get("schedules/status/").json
    assert first["runs"] == ["hist"]
    assert first["last_run"] is None
    assert first["next_run"].endswith("GMT")
    assert first["why_not"] is None
    assert "nobody" in second["why_not"]


def test_a_schedule_can_rest(server: Server) -> None:
    (schedule,) = server.get("schedules/").json
    path = f"schedules/{schedule['id']}/paused/"
    assert server.ask("PUT", path, {"paused": True}).json["next_run"] is None
    assert server.get("schedules/status/").json[0]["why_not"] == "it is paused"
    assert server.ask("PUT", path, {"paused": False}).json["next_run"] is not None
    assert server.ask("PUT", "schedules/99/paused/", {"paused": True}).status == 404


def test_a_schedule_that_goes_while_it_is_paused_is_not_found(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    (schedule,) = server.get("schedules/").json
    monkeypatch.setattr(server.services.scheduler, "describe", list)
    assert server.ask("PUT", f"schedules/{schedule['id']}/paused/", {"paused": True}).status == 404


def test_an_edit_of_an_old_version_is_refused(server: Server) -> None:
    body = {"tasks": "hist", "interval": {"hours": 1}}
    assert server.ask("POST", "schedules/", body, headers={"If-Match": '"0"'}).status == 412
    assert len(server.get("schedules/").json) == 1
    one = f"schedules/{server.get('schedules/').json[0]['id']}/"
    tag = server.get(one).headers["ETag"]
    assert server.ask("PUT", one, body, headers={"If-Match": tag}).status == 201
    assert server.ask("PUT", one, body, headers={"If-Match": tag}).status == 412


def test_placeholders_of_variables_stay_in_the_file(other: Any) -> None:
    server = other(
        WITHOUT + "variables: {who: hist, often: 3}\nschedules:\n  - tasks: '{? who ?}'\n    interval: {hours: 1}\n"
    )
    (schedule,) = server.get("schedules/").json
    assert schedule["tasks"] == "hist"
    assert server.ask("POST", "schedules/", {"tasks": "hist", "schedule": {"hour": 4}}).status == 201
    assert "'{? who ?}'" in text(server)


def test_what_was_written_to_the_file_meanwhile_is_not_lost(server: Server) -> None:
    (schedule,) = server.get("schedules/").json
    added = CONFIG + "  - tasks: second\n    interval: {days: 2}\n"
    server.engine.path.write_text(added, encoding="utf-8")
    reply = server.ask("PUT", f"schedules/{schedule['id']}/", {"tasks": "hist", "schedule": {"hour": 5}})
    assert (reply.status, reply.json["id"]) == (201, schedule["id"])
    assert [item["tasks"] for item in server.get("schedules/").json] == ["hist", "second"]
    assert text(server) == added.replace("hour: 4", "hour: 5")


def test_a_file_that_was_broken_meanwhile_is_left_alone(server: Server) -> None:
    server.engine.path.write_text("tasks: [", encoding="utf-8")
    reply = server.ask("POST", "schedules/", {"tasks": "hist", "schedule": {"hour": 5}})
    assert reply.status == 422
    assert text(server) == "tasks: ["
    assert len(server.get("schedules/").json) == 1
