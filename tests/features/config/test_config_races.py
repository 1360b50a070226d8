"""Clients that change the config at the same moment, and those who read it then."""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.config.compose import ValidatedConfig
from server.engine.config_service import ConfigService
from tests.features.api import CONFIG
from tests.web.support import Server

CLIENTS = 12
WITHOUT = CONFIG[: CONFIG.index("  second:")] + CONFIG[CONFIG.index("  _hidden:") :]


def at_once(ask: Callable[[int], int]) -> list[int]:
    """What each of several clients is answered."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        return sorted(pool.map(ask, range(CLIENTS)))


def test_variables_that_are_set_at_once_are_all_kept(server: Server) -> None:
    assert at_once(lambda n: server.ask("PATCH", "variables/", {f"v{n}": n}).status) == [200] * CLIENTS
    assert server.get("variables/").json == {f"v{n}": n for n in range(CLIENTS)}


def test_schedules_that_are_added_and_deleted_at_once_are_the_right_ones(server: Server) -> None:
    server.post("schedules/", {"tasks": "hist", "interval": {"days": 99}})
    kept = server.get("schedules/").json

    def add(number: int) -> int:
        reply = server.post("schedules/", {"tasks": "second", "interval": {"hours": number + 1}})
        assert reply.json["interval"] == {"hours": number + 1}
        return reply.status

    assert at_once(add) == [201] * CLIENTS
    added = [item for item in server.get("schedules/").json if item not in kept]
    assert sorted(item["interval"]["hours"] for item in added) == list(range(1, CLIENTS + 1))
    assert at_once(lambda n: server.delete(f"schedules/{added[n]['id']}/").status) == [200] * CLIENTS
    assert server.get("schedules/").json == kept


@pytest.mark.parametrize("path", ["tasks/", "server/raw_config/"])
def test_of_several_who_know_the_same_config_one_may_change_it(server: Server, path: str) -> None:
    known = server.get("server/raw_config/")
    text = base64.b64decode(known.json["raw_config"]).decode()

    def change(number: int) -> int:
        body: object = {"name": f"new {number}", "config": {"mock": []}}
        if path != "tasks/":
            body = {"raw_config": base64.b64encode(f"{text}\n# {number}\n".encode()).decode()}
        return server.post(path, body, headers={"If-Match": known.headers["ETag"]}).status

    good = 201 if path == "tasks/" else 200
    assert at_once(change) == [good] + [412] * (CLIENTS - 1)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "tasks/", None),
        ("GET", "tasks/second/", None),
        ("GET", "config/effective/", None),
        ("GET", "config/effective/?task=second", None),
        ("GET", "server/config/", None),
        ("POST", "preview/", {"task": "second"}),
        ("GET", "overview/", None),
    ],
)
def test_a_task_that_goes_between_two_looks_is_no_fault(
    server: Server, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: Any
) -> None:
    names, changes = ValidatedConfig.task_names, [WITHOUT]

    def changed_behind(config: ValidatedConfig, *, hidden: bool = False) -> list[str]:
        found = names(config, hidden=hidden)
        if changes:
            server.services.config.replace(changes.pop())
        return found

    monkeypatch.setattr(ValidatedConfig, "task_names", changed_behind)
    assert server.ask(method, path, body).status in (200, 404)


def test_a_version_that_is_too_old_since_is_no_fault(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.post("tasks/", {"name": "new", "config": {"mock": []}})
    folder, version = server.engine.path.parent / ".config-versions", server.get("config/versions/").json[-1]["id"]
    stat = Path.stat

    def gone_before(path: Path, **more: Any) -> Any:
        if path.name == f"{version}.yml":
            path.unlink(missing_ok=True)
        return stat(path, **more)

    monkeypatch.setattr(Path, "stat", gone_before)
    assert version not in [item["id"] for item in server.get("config/versions/").json]
    monkeypatch.undo()
    (version,) = [item["id"] for item in server.get("config/versions/").json]
    known = ConfigService.versions

    def gone_after(config: ConfigService) -> Any:
        found = known(config)
        for file in folder.rglob(f"{version}.yml"):
            file.unlink()
        return found

    monkeypatch.setattr(ConfigService, "versions", gone_after)
    assert server.get(f"config/versions/{version}/").status == 404
    assert server.get(f"config/versions/{version}/diff/").status == 404
