"""FlexGet's own web UI is served at /v2 and finds the API where it looks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.support import Server


@pytest.fixture
def build(tmp_path: Path) -> str:
    """A build as theirs is laid out."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<base href="{{ base_url }}/"><script src="assets/main.js"></script>')
    (folder / "assets" / "main.js").write_text("1")
    return str(folder)


@pytest.mark.parametrize("base", ["", "/flexget"])
def test_its_page_knows_its_address(make_server: Callable[..., Server], build: str, base: str) -> None:
    server = make_server(web_ui_v2=build, base_url=base)
    for path in ("/v2", "/v2/", "/v2/login", "/v2/series/5"):
        answer = server.get(f"{base}{path}", token=False)
        assert answer.status == 200
        assert f'<base href="{base}/v2/">'.encode() in answer.body
        assert "fonts.googleapis.com" in answer.headers["Content-Security-Policy"]
    assert server.get(f"{base}/v2/assets/main.js", token=False).body == b"1"


def test_the_api_answers_below_it_too(make_server: Callable[..., Server], build: str) -> None:
    server = make_server(web_ui_v2=build)
    assert server.get("/v2/api/server/pid").json == server.get("server/pid").json
    assert server.get("/v2/api/tasks/hist/").json["name"] == "hist"
    assert server.get("/v2/api/tasks/", token=False).status == 401
    assert server.get("/v2/api/no/such/path").status == 404
    assert server.post("/v2/api/server/manage", {"operation": "reload"}).status == 200


@pytest.mark.parametrize("base", ["", "/flexget"])
def test_its_editor_is_led_along_its_own_addresses(make_server: Callable[..., Server], build: str, base: str) -> None:
    server = make_server(web_ui_v2=build, base_url=base)
    start = f"http://127.0.0.1:{server.port}"
    ids = [schema["id"] for schema in server.get(f"{base}/v2/api/schema").json["schemas"]]
    assert f"{start}{base}/v2/api/schema/config" in ids
    tasks = server.get(f"{base}/v2/api/schema/config/tasks").json
    assert tasks["additionalProperties"]["$ref"] == f"{start}{base}/v2/api/schema/plugins"
    assert server.get(f"{base}/api/sch%65ma/config").json["id"] == f"{start}{base}/api/schema/config"


def test_there_is_nothing_at_v2_unless_it_is_configured(make_server: Callable[..., Server]) -> None:
    server = make_server(web_ui=False)
    assert server.get("/v2/api/server/pid").status == 404
    assert server.get("/v2/").status == 404


def test_a_file_outside_of_the_build_is_not_served(make_server: Callable[..., Server], build: str) -> None:
    (Path(build).parent / "secret.txt").write_text("hunter22")
    server = make_server(web_ui_v2=build)
    for path in ("/v2/..%2fsecret.txt", "/v2/../secret.txt", "/v2/assets/..%2f..%2fsecret.txt"):
        assert b"hunter22" not in server.get(path).body
