"""A config is checked, explained and brought back through the API."""

from __future__ import annotations

import textwrap
from pathlib import Path

from tests.features.api import started, stopped
from tests.web.support import Server

LAYERS = """\
variables: {secret: hunter22xyz}
templates:
  base:
    regexp: {accept: [one]}
    seen: no
tasks:
  a:
    template: base
    mock: [{title: one, url: "http://localhost/{? secret ?}"}]
  broken:
    template: nobody
    mock: []
"""


def check(server: Server, text: str) -> dict:
    answer = server.post("config/check/", {"config": textwrap.dedent(text)})
    assert answer.status == 200
    return answer.json


def test_a_good_config_is_found_good(server: Server) -> None:
    assert check(server, "tasks: {a: {mock: []}}") == {"valid": True, "errors": [], "warnings": []}


def test_everything_wrong_is_told_with_place_and_remedy(server: Server) -> None:
    answer = check(server, "tasks:\n  a:\n    mock: 5\n    accept_al: yes\n")
    assert not answer["valid"]
    places = {(issue["line"], issue["column"]) for issue in answer["errors"]}
    assert {line for line, _ in places} == {3, 4}
    unknown = next(issue for issue in answer["errors"] if issue["line"] == 4)
    assert unknown["suggestion"] == "Did you mean `accept_all`?"
    assert unknown["key_path"] == ["tasks", "a", "accept_al"]


def test_a_text_that_is_no_yaml_is_told_by_its_line(server: Server) -> None:
    (issue,) = check(server, "tasks:\n\ta: 1\n")["errors"]
    assert issue["line"] == 2


def test_what_only_one_task_stumbles_over_is_told_once(server: Server) -> None:
    answer = check(server, "tasks: {a: {template: nobody, mock: []}}")
    assert [issue["message"] for issue in answer["errors"]] == ["There is no template `nobody`."]
    assert answer["warnings"] == []


def test_checking_writes_nothing(server: Server) -> None:
    before = server.engine.path.read_bytes()
    check(server, "tasks: {}")
    assert server.engine.path.read_bytes() == before
    assert server.get("config/versions/").json == []


def test_each_key_of_a_merged_task_tells_where_it_came_from(tmp_path: Path) -> None:
    server = started(tmp_path, LAYERS)
    try:
        task, broken = server.get("config/effective/").json
        one = server.get("config/effective/?task=a").json
        missing = server.get("config/effective/?task=zzz")
    finally:
        stopped(server)
    assert one == [task]
    assert missing.status == 404
    assert task["templates"] == ["base"]
    assert task["config"]["regexp"]["accept"] == ["one"]
    origins = {tuple(origin["key_path"]): origin for origin in task["origins"]}
    accept = origins["regexp", "accept", 0]
    assert (accept["kind"], accept["name"], accept["line"]) == ("template", "base", 4)
    mock = origins["mock", 0, "title"]
    assert (mock["kind"], mock["line"]) == ("task", 9)
    assert origins["mock", 0, "url"]["variables"] == ["secret"]
    assert "hunter22xyz" not in str(task)
    assert broken["config"] == {}
    assert "nobody" in broken["errors"][0]["message"]


def test_an_edit_leaves_a_version_that_can_be_looked_at_compared_and_restored(server: Server) -> None:
    before = server.engine.path.read_text()
    assert server.post("tasks/", {"name": "new", "config": {"mock": []}}).status == 201
    new, old = server.get("config/versions/").json
    assert new["saved"].endswith("GMT")
    assert server.get(f"config/versions/{old['id']}/").json["config"] == before
    diff = server.get(f"config/versions/{old['id']}/diff/").json["diff"]
    assert "+  new:" in diff
    assert server.get(f"config/versions/{old['id']}/diff/?to={new['id']}").json["diff"].count("+  new:") == 1
    answer = server.post(f"config/versions/{old['id']}/restore/")
    assert answer.status == 200
    assert server.engine.path.read_text() == before
    assert "new" not in server.get("tasks/?include_config=false").json


def test_a_version_that_does_not_exist_is_a_404(server: Server) -> None:
    for path in ("config/versions/x/", "config/versions/..%2f..%2fetc/diff/"):
        assert server.get(path).status == 404
    assert server.post("config/versions/x/restore/").status == 404


def test_a_version_that_fits_no_more_is_refused(server: Server) -> None:
    server.post("tasks/", {"name": "new", "config": {"mock": []}})
    old = server.get("config/versions/").json[-1]
    folder = server.engine.home / ".config-versions" / "config"
    (folder / f"{old['id']}.yml").write_text("tasks: {a: {no_such_plugin: 1}}")
    answer = server.post(f"config/versions/{old['id']}/restore/")
    assert answer.status == 422
    assert "no_such_plugin" in str(answer.json)


def test_a_restore_on_another_text_than_the_client_saw_is_refused(server: Server) -> None:
    server.post("tasks/", {"name": "new", "config": {"mock": []}})
    old = server.get("config/versions/").json[-1]
    answer = server.post(f"config/versions/{old['id']}/restore/", headers={"If-Match": '"stale"'})
    assert answer.status == 412
