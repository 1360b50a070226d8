"""``version_checker``."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server import __version__
from server.features.version_checker.store import CheckStore
from tests.support import Engine
from tests.web_server import WebServer


@pytest.fixture
def run(tmp_path: Path, web: WebServer, caplog: pytest.LogCaptureFixture) -> Iterator[Any]:
    """``run(options, version, *others)``: one run against a list of releases; what the plugin logged."""
    made: list[Engine] = []

    def once(options: str, version: str, *others: str) -> str:
        web.put("/json", json.dumps({"info": {"version": version}, "releases": {other: [] for other in others}}))
        config = (
            f"tasks: {{t: {{mock: [{{title: A}}], version_checker: {{address: '{web.url('/json')}', {options}}}}}}}"
        )
        if made:
            made[0].configure(config)
        else:
            made.append(Engine(tmp_path, config))
        caplog.clear()
        with caplog.at_level(logging.INFO, "version_checker"):
            assert not made[0].run().aborted
        once.engine = made[0]  # type: ignore[attr-defined]
        return "\n".join(record.getMessage() for record in caplog.records if record.name == "version_checker")

    yield once
    for engine in made:
        engine.close()


@pytest.mark.parametrize(
    ("options", "listed", "newer"),
    [
        ("", ("99.0",), "99.0"),
        ("", (__version__,), None),
        ("", ("0.0.1",), None),
        ("", (f"{__version__}.0",), None),
        ("", ("0.0.1", "99.0.dev1", "98.0rc2"), None),
        ("check_for_dev_version: yes", ("0.0.1", "99.0.dev1", "98.0rc2"), "99.0.dev1"),
        ("check_for_dev_version: yes", ("98.0rc2", "98.0b1", "98.0"), "98.0"),
        ("", ("99.0", "not a version"), "99.0"),
    ],
)
def test_a_newer_release_is_told(run: Any, options: str, listed: tuple[str, ...], newer: str | None) -> None:
    said = run(options, *listed)
    if newer:
        assert f"newer version: {newer} (this is {__version__})" in said
    else:
        assert f"the latest version: {__version__}" in said


def test_it_asks_once_in_the_interval(run: Any, web: WebServer) -> None:
    run("interval: 2 days", __version__)
    assert run("interval: 2 days", __version__) == ""
    assert web.paths() == ["/json"]
    store = run.engine.db.store(CheckStore)
    store.done(web.url("/json"), datetime.now(UTC) - timedelta(days=3))
    assert run("interval: 2 days", __version__) and run("interval: 1", __version__) == ""
    assert web.paths() == ["/json", "/json"]


def test_where_only_development_versions_are_listed_it_asks_once_as_well(run: Any, web: WebServer) -> None:
    for _ in range(2):
        run("interval: 2 days", "99.0.dev1")
    assert web.paths() == ["/json"]


def test_it_asks_each_time_where_told_to(run: Any, web: WebServer) -> None:
    run("lastcheck: always", __version__)
    run("lastcheck: always", __version__)
    assert len(web.paths()) == 2


def test_without_an_address_pip_is_asked(
    tmp_path: Path, web: WebServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", web.url("/simple"))
    names = ("flexget_tray-98.0-py3-none-any.whl", "flexget_tray-99.0.dev1-py3-none-any.whl")
    links = "".join(f'<a href="/files/{name}">{name}</a>' for name in names)
    web.put("/simple/flexget-tray/", f"<!DOCTYPE html><html><body>{links}</body></html>", content_type="text/html")
    engine = Engine(tmp_path, "tasks: {t: {mock: [{title: A}], version_checker: yes}}")
    with caplog.at_level(logging.INFO, "version_checker"):
        assert not engine.run().aborted
        assert "newer version: 98.0 " in caplog.text
        monkeypatch.setenv("PIP_INDEX_URL", web.url("/empty"))
        engine.configure("tasks: {t: {mock: [{title: A}], version_checker: always}}")
        assert not engine.run().aborted
        assert "pip knows no release" in caplog.text
    engine.close()


@pytest.mark.parametrize(("body", "status"), [("<html>", 200), ("{}", 200), ("[]", 200), ("", 404)])
def test_what_is_no_list_of_releases_is_a_line_in_the_log(
    tmp_path: Path, web: WebServer, caplog: pytest.LogCaptureFixture, body: str, status: int
) -> None:
    web.put("/json", body, status=status)
    _survives(tmp_path, web.url("/json"), caplog)


def test_an_address_that_cannot_be_reached_is_a_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = WebServer()
    address = server.url("/json")
    server.close()
    _survives(tmp_path, address, caplog)


def _survives(folder: Path, address: str, caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(folder, f"tasks: {{t: {{mock: [{{title: A}}], version_checker: {{address: '{address}'}}}}}}")
    try:
        assert not engine.run().aborted
        assert "cannot be told" in caplog.text
        assert engine.db.store(CheckStore).last(address) is None
    finally:
        engine.close()
