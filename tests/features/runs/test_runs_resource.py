"""What ran is told by the API, entry by entry and step by step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.features.runs._recorder import record
from server.features.runs.store import BLOBS
from tests.features.api import started, stopped
from tests.web.support import Server

CONFIG = """
tasks:
  a:
    mock:
      - {title: One, url: "http://localhost/1", size: 3}
      - {title: Two Words, url: "http://localhost/2"}
      - {title: Three, url: "http://localhost/3"}
    regexp: {accept: [one], reject: [two]}
    seen: no
  b:
    mock: [{title: Four}]
    abort_if_exists: {regexp: Four, field: title}
schedules: no
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = started(tmp_path, CONFIG)
    made.services.recorders.append(record)
    for name in ("a", "b"):
        made.engine.run(name)
    yield made
    stopped(made)


def test_runs_are_listed_newest_first_and_filtered(server: Server) -> None:
    answer = server.get("runs/")
    assert answer.headers["Total-Count"] == "2"
    newest, oldest = answer.json
    assert (newest["task"], newest["aborted"]) == ("b", True)
    assert (oldest["accepted"], oldest["rejected"], oldest["undecided"]) == (1, 1, 1)
    assert [run["task"] for run in server.get("runs/?task=a").json] == ["a"]
    assert [run["task"] for run in server.get("runs/?aborted=false").json] == ["a"]
    assert server.get("runs/?task=nobody").json == []
    assert server.get(f"runs/{oldest['id']}/").json == oldest


def test_an_unchanged_list_is_answered_with_304_until_something_runs(server: Server) -> None:
    tag = server.get("runs/").headers["ETag"]
    assert server.get("runs/", headers={"If-None-Match": tag}).status == 304
    server.engine.run("a")
    assert server.get("runs/", headers={"If-None-Match": tag}).status == 200


def test_entries_are_found_by_verdict_plugin_reason_and_text(server: Server) -> None:
    run = server.get("runs/?task=a").json[0]["id"]

    def titles(query: str) -> list[str]:
        return [entry["title"] for entry in server.get(f"runs/{run}/entries/?{query}").json]

    assert titles("") == ["One", "Two Words", "Three"]
    assert titles("verdict=rejected") == ["Two Words"]
    assert titles("plugin=regexp") == ["One", "Two Words"]
    assert titles("text=WORDS") == ["Two Words"]
    assert titles("text=localhost/3") == ["Three"]
    assert titles("reason=nothing+of+that") == []
    assert titles("per_page=1&page=3") == ["Three"]
    assert server.get(f"runs/{run}/entries/?per_page=1&page=3").json[0]["n"] == 3
    assert server.get(f"runs/{run}/entries/?verdict=perhaps").status == 400
    assert server.get(f"runs/{run}/entries/?per_page=1").headers["Total-Count"] == "3"


def test_an_entry_tells_its_way_through_the_run(server: Server) -> None:
    run = server.get("runs/?task=a").json[0]["id"]
    entry = server.get(f"runs/{run}/entries/2/").json
    assert (entry["n"], entry["title"], entry["state"], entry["plugin"]) == (2, "Two Words", "rejected", "regexp")
    verbs = [(step["verb"], step["plugin"], step["phase"]) for step in entry["trace"]]
    assert verbs[0] == ("created", "mock", "input")
    assert ("reject", "regexp", "filter") in verbs
    assert server.get(f"runs/{run}/entries/1/").json["fields"]["size"] == 3


def test_what_is_not_there_is_a_404(server: Server) -> None:
    run = server.get("runs/?task=a").json[0]["id"]
    for path in ("runs/999/", "runs/999/entries/", "runs/999/entries/1/", f"runs/{run}/entries/0/"):
        assert server.get(path).status == 404
    missing = server.get(f"runs/{run}/entries/4/")
    assert missing.status == 404
    assert "it has 3" in missing.json["message"]


def test_a_run_whose_entries_were_purged_says_so(server: Server) -> None:
    run = server.get("runs/?task=a").json[0]["id"]
    server.engine.db.execute(BLOBS.delete())
    answer = server.get(f"runs/{run}/entries/")
    assert answer.status == 404
    assert "not kept" in answer.json["message"]
