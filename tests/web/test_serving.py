"""Files and pages, streams, limits, TLS, and the end of a server."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.web.bodies import MAX_BODY
from server.web.endpoint import Resource, get
from server.web.replies import FileAnswer
from server.web.router import Route
from server.web.server import tls_context
from server.web.streaming import Stream, event_source
from tests.web.support import PASSWORD, Server

MakeServer = Callable[..., Server]


class Waiter(Resource):
    """Answers when it is told to."""

    begun = threading.Event()
    go_on = threading.Event()

    @get("wait")
    def wait(self) -> dict[str, bool]:
        self.begun.set()
        return {"told": self.go_on.wait(5)}


class Counter(Resource):
    """A stream of numbers."""

    ended = threading.Event()

    @get("count", content_type="text/event-stream")
    async def count(self) -> Stream:
        return Stream(self._numbers)

    async def _numbers(self) -> AsyncIterator[dict[str, int]]:
        try:
            for number in range(3):
                yield {"number": number}
        finally:
            self.ended.set()


class Broken(Resource):
    """A stream whose source fails."""

    @get("break", content_type="text/event-stream")
    async def broken(self) -> Stream:
        return Stream(self._pieces)

    async def _pieces(self) -> AsyncIterator[dict[str, int]]:
        yield {"number": 0}
        raise OSError("the disk is gone")


class Endless(Resource):
    """A stream that never ends by itself."""

    ended = threading.Event()

    @get("flow", content_type="text/event-stream")
    async def flow(self) -> Stream:
        return event_source(self._pieces)

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"data: " + b"x" * 100_000 + b"\n\n"
                await asyncio.sleep(0.001)
        finally:
            self.ended.set()


class Picture(Resource):
    """A file."""

    path = Path()

    @get("picture", content_type="image/png")
    async def picture(self) -> FileAnswer:
        return FileAnswer(self.path, "image/png")


NAMES = ("Waiter", "Counter", "Broken", "Endless", "Picture")
ROUTES = tuple(Route(f"/{name.lower()}/", f"{__name__}:{name}") for name in NAMES)


@pytest.fixture
def ui(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "swagger").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>UI</title>" + " " * 600)
    script = b"console.log('hello')\n" * 100
    (folder / "assets" / "app-3fb2a9c1.js").write_bytes(script)
    (folder / "assets" / "app-3fb2a9c1.js.br").write_bytes(b"as it was packed when the UI was built")
    (folder / "assets" / "app-3fb2a9c1.js.gz").write_bytes(gzip.compress(script))
    (folder / "swagger" / "swagger-ui-bundle.js").write_text("window.SwaggerUIBundle = () => {}")
    (tmp_path / "secret.txt").write_text("secret")
    return folder


def test_the_page_is_served_at_the_root_and_at_unknown_paths(make_server: MakeServer, ui: Path) -> None:
    server = make_server(static=ui)
    for path in ("/", "/tasks/hist", "/no/such/file.js"):
        answer = server.get(path, token=False)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert b"<title>UI" in answer.body
        assert answer.headers["Cache-Control"] == "no-cache"
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert server.get(path, token=False, headers=tag).status == 304
    assert server.ask("POST", "/", {}, token=False).status == 405
    assert server.get("/api/nothing/", token=False).status == 401


def test_hashed_files_are_kept_for_ever_and_sent_as_they_were_packed(make_server: MakeServer, ui: Path) -> None:
    server = make_server(static=ui)
    plain = server.get("/assets/app-3fb2a9c1.js", token=False)
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
    for accepted, coding in (("gzip, deflate, br", "br"), ("gzip", "gzip")):
        packed = server.get("/assets/app-3fb2a9c1.js", token=False, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == coding
        assert len(packed.body) < len(plain.body)
        name = {"br": "app-3fb2a9c1.js.br", "gzip": "app-3fb2a9c1.js.gz"}[coding]
        assert packed.body == (ui / "assets" / name).read_bytes()


def test_files_outside_of_the_folder_stay_unseen(make_server: MakeServer, ui: Path) -> None:
    (ui / "link.txt").symlink_to(ui.parent / "secret.txt")
    server = make_server(static=ui)
    for path in ("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd", "/link.txt"):
        assert b"secret" not in server.get(path, token=False).body
    assert server.get("/api/swaggerui/..%2findex.html", token=False).status in (200, 404)
    assert server.get("/api/swaggerui/%2e%2e/%2e%2e/secret.txt", token=False).status == 404


def test_names_that_would_lead_to_other_machines_on_windows_are_no_files(make_server: MakeServer, ui: Path) -> None:
    for name in ("a\\b.txt", "c:d.txt"):
        (ui / name).write_text("never sent")
    server = make_server(static=ui)
    for name in ("a%5Cb.txt", "c:d.txt", "%5C%5Chost%5Cshare%5Cx.js"):
        assert "<title>UI</title>" in server.get(f"/{name}", token=False).body.decode()


def test_without_the_ui_the_root_says_where_the_api_is(make_server: MakeServer, ui: Path) -> None:
    server = make_server(static=ui, web_ui=False)
    answer = server.get("/", token=False)
    assert (answer.status, answer.json["status_code"]) == (404, 404)
    assert server.get("/tasks", token=False).status == 401


def test_a_ui_that_was_not_built_is_replaced_by_a_plain_page(make_server: MakeServer, tmp_path: Path) -> None:
    answer = make_server(static=tmp_path / "nothing").get("/", token=False)
    assert answer.status == 200
    assert b"api/" in answer.body


def test_the_reference_ui_is_served_at_v2(make_server: MakeServer, ui: Path, tmp_path: Path) -> None:
    server = make_server(static=tmp_path / "nothing", web_ui_v2=str(ui), base_url="/x")
    for path in ("/x/v2", "/x/v2/", "/x/v2/tasks"):
        assert b"<title>UI" in server.get(path, token=False).body
    assert server.get("/x/v2/assets/app-3fb2a9c1.js", token=False).status == 200


def test_the_swagger_page_loads_nothing_from_elsewhere(make_server: MakeServer, ui: Path) -> None:
    server = make_server(static=ui)
    for path in ("/api", "/api/"):
        page = server.get(path, token=False)
        assert page.status == 200
        assert b"//" not in page.body.replace(b"<!doctype", b"")
        assert b"<script>" not in page.body
    for name in ("swagger-ui-bundle.js", "init.js"):
        assert server.get(f"/api/swaggerui/{name}", token=False).headers["Content-Type"].startswith("text/javascript")
    assert server.get("/api/swaggerui/nothing.css", token=False).status == 404


def test_files_know_ranges_and_their_own_tag(make_server: MakeServer, tmp_path: Path) -> None:
    Picture.path = tmp_path / "picture.png"
    Picture.path.write_bytes(bytes(range(100)))
    server = make_server(routes=ROUTES)
    whole = server.get("picture/")
    assert (whole.status, len(whole.body), whole.headers["Content-Type"]) == (200, 100, "image/png")
    assert whole.headers["Last-Modified"]
    tag = whole.headers["ETag"]
    assert server.get("picture/", headers={"If-None-Match": tag}).status == 304
    for condition, status in (({"If-None-Match": tag}, 304), ({"If-Match": '"old"'}, 412)):
        assert server.get("picture/", headers={"Range": "bytes=10-19", **condition}).status == status
    for asked, first, last in (("bytes=10-19", 10, 19), ("bytes=95-", 95, 99), ("bytes=-3", 97, 99)):
        part = server.get("picture/", headers={"Range": asked})
        assert (part.status, part.body) == (206, bytes(range(first, last + 1)))
        assert part.headers["Content-Range"] == f"bytes {first}-{last}/100"
    assert server.get("picture/", headers={"Range": "bytes=10-19", "If-Range": '"old"'}).status == 200
    assert server.get("picture/", headers={"Range": "bytes=100-"}).status == 416
    for odd in ("bytes=x", "bytes=1-2,4-5", "lines=1-2", "bytes=9-2", "bytes=-"):
        assert server.get("picture/", headers={"Range": odd}).status == 200
    Picture.path.unlink()
    assert server.get("picture/").status == 404


def test_a_stream_is_one_document_told_in_lines(make_server: MakeServer) -> None:
    server = make_server(routes=ROUTES)
    answer = server.get("counter/")
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.body.decode() == '{"stream": [{"number":0},\n{"number":1},\n{"number":2},\n{}]}'
    assert [piece for piece in json.loads(answer.body)["stream"] if piece][2] == {"number": 2}
    assert server.ask("HEAD", "counter/").status == 200


def test_a_stream_whose_source_fails_is_cut_and_holds_no_second_answer(make_server: MakeServer) -> None:
    server = make_server(routes=ROUTES)
    asked = f"GET /api/broken/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {server.accounts.token}\r\n\r\n"
    told = server.raw(asked.encode())
    assert b'{"number":0}' in told
    assert told.count(b"HTTP/1.1") == 1


def test_a_stream_ends_when_its_client_leaves(make_server: MakeServer) -> None:
    Endless.ended.clear()
    server = make_server(routes=ROUTES)
    line = server.connect()
    line.request("GET", "/api/endless/", headers=server.token)
    answer = line.getresponse()
    assert answer.read(10)
    answer.close()
    line.close()
    assert Endless.ended.wait(5)


def test_a_client_that_does_not_read_holds_up_nobody(make_server: MakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.web.streaming.PATIENCE", 0.2)
    Endless.ended.clear()
    server = make_server(routes=ROUTES)
    line = server.connect()
    line.request("GET", "/api/endless/", headers=server.token)
    assert server.get("server/pid/").status == 200
    assert Endless.ended.wait(5)
    line.close()


def test_blocking_work_holds_up_nobody(make_server: MakeServer) -> None:
    Waiter.begun.clear()
    Waiter.go_on.clear()
    server = make_server(routes=ROUTES)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.get, "waiter/")
        assert Waiter.begun.wait(5)
        assert server.get("server/pid/").status == 200
        Waiter.go_on.set()
        assert waiting.result().json == {"told": True}


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    time.sleep(0.01)
    return True


def test_the_end_waits_for_open_requests(make_server: MakeServer) -> None:
    Waiter.begun.clear()
    Waiter.go_on.clear()
    server = make_server(routes=ROUTES)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.get, "waiter/")
        assert Waiter.begun.wait(5)
        server.loop.call_soon_threadsafe(server._end.set)
        assert any(not _listens(server.port) for _ in range(200))
        Waiter.go_on.set()
        assert waiting.result().json == {"told": True}


def test_bodies_too_long_are_told_so(server: Server) -> None:
    for size in (MAX_BODY + 1, 10_000_000):
        answer = server.ask("POST", "format_check/", b" " * size, headers={"Content-Type": "application/json"})
        assert answer.status == 413
        assert str(MAX_BODY) in answer.json["message"]
    fits = b'{"quality": "' + b"x" * 70_000 + b'"}'
    assert server.ask("POST", "format_check/", fits, headers={"Content-Type": "application/json"}).status in (200, 422)
    head = f"POST /api/format_check/ HTTP/1.1\r\nHost: x\r\nContent-Length: {10**12}\r\nExpect: 100-continue\r\n\r\n"
    assert server.raw(head.encode()).startswith(b"HTTP/1.1 413 ")


def test_addresses_and_headers_too_long_are_told_so(server: Server) -> None:
    line = server.connect()
    for address, headers, status in (
        (f"/api/tasks/?x={'x' * 500_000}", {}, 414),
        ("/api/tasks/", {"X-Long": "x" * 60_000, "X-Longer": "x" * 60_000}, 431),
        ("/api/tasks/", {}, 200),  # over the same line
    ):
        line.request("GET", address, headers={**server.token, **headers})
        answer = line.getresponse()
        body = json.loads(answer.read())
        assert answer.status == status
        if status != 200:
            assert "65536 bytes" in body["message"]
    line.close()
    assert server.get(f"tasks/?x={'x' * 60_000}").status == 200


def test_chunked_bodies_are_counted_too(server: Server) -> None:
    head = (
        "POST /api/format_check/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
        f"Authorization: Token {server.accounts.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    answer = server.raw(head.encode() + chunk * 5 + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_slow_senders_are_cut_off(make_server: MakeServer) -> None:
    server = make_server(timeout=0.2)
    for begin in (b"GET / HT", b"POST /api/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab", b""):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
            line.sendall(begin)
            assert line.recv(100) == b""


def test_http_1_0_and_odd_targets_are_answered(server: Server) -> None:
    assert server.raw(b"GET /api/health/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    for target in (b"*", b"http://x/api/health/", b"api", b"/api/%", b"/\xff\xfe", b"/api/?%", b"//"):
        answer = server.raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.split(b" ")[1][:1] in (b"2", b"4"), target


def test_a_target_may_be_a_whole_address_whose_host_counts(server: Server) -> None:
    end = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert b'"status"' in server.raw(b"GET http://localhost:1/api/health/?x=/?" + end)
    assert server.raw(b"GET HTTP://localhost" + end).startswith(b"HTTP/1.1 200 ")
    assert server.raw(b"GET http://evil.example/api/health/" + end).startswith(b"HTTP/1.1 403 ")
    assert server.raw(b"GET http://user@x/api/health/" + end).startswith(b"HTTP/1.1 400 ")


def test_signs_that_are_nearly_digits_are_no_numbers(make_server: MakeServer, tmp_path: Path) -> None:
    Picture.path = tmp_path / "picture.png"
    Picture.path.write_bytes(b"picture")
    server = make_server(routes=ROUTES)
    assert server.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \xb2\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    for odd in ("\xb2-", "-\xb2", "1-\xb2"):
        assert server.get("picture/", headers={"Range": f"bytes={odd}"}).status == 200


def test_a_hundred_requests_at_once_are_all_answered(server: Server) -> None:
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda number: server.get("server/version/").status, range(100)))
    assert answers == [200] * 100


CERTIFICATE = Path(__file__).parent / "certificate"
"""Signed by itself, for 127.0.0.1, good for a hundred years; trusted by nobody but this test."""


def test_tls_is_spoken_with_the_given_certificate(make_server: MakeServer) -> None:
    ports: list[int] = []

    def listen(server: Server) -> None:
        context = tls_context(CERTIFICATE / "cert.pem", CERTIFICATE / "key.pem")
        ports.append(server.web.listen("127.0.0.1", 0, tls=context))

    server = make_server(prepare=listen)
    server.accounts.set_password(PASSWORD)
    context = ssl.create_default_context(cafile=str(CERTIFICATE / "cert.pem"))
    line = http.client.HTTPSConnection("127.0.0.1", ports[0], context=context, timeout=5)
    body = json.dumps({"username": "flexget", "password": PASSWORD})
    line.request("POST", "/api/auth/login/", body, {"Content-Type": "application/json"})
    answer = line.getresponse()
    assert answer.status == 200
    assert "Secure" in str(answer.msg["Set-Cookie"])
    answer.read()
    line.request("GET", "/api/plugins/?per_page=1", headers=server.token)
    answer = line.getresponse()
    answer.read()
    assert answer.msg["Link"].startswith(f"<https://127.0.0.1:{ports[0]}/")
    answer.close()
    line.close()


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"nothing\.pem"):
        tls_context(tmp_path / "nothing.pem", CERTIFICATE / "key.pem")
    broken = tmp_path / "broken.pem"
    broken.write_text("nothing of the kind")
    with pytest.raises(OSError, match=r"broken\.pem"):
        tls_context(broken, CERTIFICATE / "key.pem")
