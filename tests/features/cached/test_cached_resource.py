"""``/cached/``: files of other servers, on a real one on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from server.features.cached.model import ResourceCache
from tests.web.support import Server

PICTURE = b"\x89PNG" + bytes(range(256)) * 8


class Other(BaseHTTPRequestHandler):
    """``/picture.png``, ``/page``, ``/untold.jpg``, ``/away``, ``/round`` and nothing else; counts what is asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        bodies = {"/picture.png": PICTURE, "/page": b"<script>alert(1)</script>", "/untold.jpg": b"jpg"}
        types = {"/picture.png": "image/png", "/page": "text/html; charset=utf-8"}
        if self.path in ("/away", "/round", "/out"):
            target = {"/away": "/picture.png", "/round": "/round", "/out": "file:///etc/hostname"}[self.path]
            self.send_response(302)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = bodies.get(self.path)
        self.send_response(404 if body is None else 200)
        if self.path in types:
            self.send_header("Content-Type", types[self.path])
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    Other.asked = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=lambda: httpd.serve_forever(0.01))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def path(address: str, more: str = "") -> str:
    return f"cached/?url={quote(address, safe='')}{more}"


def test_a_file_is_fetched_once_and_keeps_its_content_type(server: Server, other: str) -> None:
    for _ in range(2):
        reply = server.get(path(f"{other}/picture.png"))
        assert (reply.status, reply.body, reply.headers["Content-Type"]) == (200, PICTURE, "image/png")
    assert Other.asked == ["/picture.png"]
    assert (server.services.home / "cached_resources").is_dir()


def test_it_is_fetched_again_when_forced(server: Server, other: str) -> None:
    for _ in range(2):
        assert server.get(path(f"{other}/picture.png", "&force=true")).status == 200
    assert len(Other.asked) == 2


def test_it_has_a_tag_a_date_and_ranges(server: Server, other: str) -> None:
    reply = server.get(path(f"{other}/picture.png"))
    assert reply.headers["Last-Modified"].endswith("GMT")
    again = server.get(path(f"{other}/picture.png"), headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status == 304
    dates = {"": 200, "Mon, 05 Jan 2015 10:00:00 GMT": 200, "soon": 200, reply.headers["Last-Modified"]: 304}
    for date, status in dates.items():
        since = {"If-Modified-Since": date}
        assert server.get(path(f"{other}/picture.png"), headers=since).status == status
        assert server.get(path(f"{other}/picture.png"), headers={**since, "If-None-Match": '"other"'}).status == 200
    part = server.get(path(f"{other}/picture.png"), headers={"Range": "bytes=1-3"})
    assert (part.status, part.body) == (206, b"PNG")


def test_a_content_type_that_is_not_told_is_read_from_the_name(server: Server, other: str) -> None:
    assert server.get(path(f"{other}/untold.jpg")).headers["Content-Type"] == "image/jpeg"


def test_a_page_of_another_server_may_not_run_here(server: Server, other: str) -> None:
    assert "sandbox" in server.get(path(f"{other}/page")).headers["Content-Security-Policy"]


def test_redirects_are_followed_within_http_and_not_for_ever(server: Server, other: str) -> None:
    assert server.get(path(f"{other}/away")).body == PICTURE
    assert server.get(path(f"{other}/round")).status == 400
    assert server.get(path(f"{other}/out")).status == 400


@pytest.mark.parametrize(
    "address",
    [
        "ftp://localhost/x",
        "file:///etc/hostname",
        "nonsense",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://" + "a" * 300 + "/",
    ],
)
def test_what_cannot_or_may_not_be_fetched_is_refused(server: Server, address: str) -> None:
    reply = server.get(path(address))
    assert (reply.status, reply.json["status"]) == (400, "Error")


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "[fe80::1]", "0.0.0.0", "224.0.0.1"])
def test_addresses_where_clouds_keep_their_secrets_are_not_even_asked(server: Server, host: str) -> None:
    assert "not an address to fetch from" in server.get(path(f"http://{host}/")).json["message"]


def test_an_answer_with_an_error_is_refused_and_not_kept(server: Server, other: str) -> None:
    for _ in range(2):
        assert server.get(path(f"{other}/nothing")).status == 400
    assert len(Other.asked) == 2
    assert list(server.get("cached/").json["errors"]) == ["url"]


def test_the_folder_does_not_grow_for_ever(tmp_path: Path, other: str) -> None:
    cache = ResourceCache(tmp_path / "kept", largest_folder=len(PICTURE) + 10)
    first = cache.fetch(f"{other}/picture.png")
    second = cache.fetch(f"{other}/away")
    assert not first.path.exists()
    assert second.path.read_bytes() == PICTURE
    assert cache.find(f"{other}/picture.png") is None


def test_a_file_that_goes_while_room_is_made_disturbs_nobody(tmp_path: Path, other: str) -> None:
    cache = ResourceCache(tmp_path / "kept")
    cache.folder.mkdir()
    (cache.folder / "gone").symlink_to(tmp_path / "nowhere")
    assert cache.fetch(f"{other}/picture.png").path.read_bytes() == PICTURE


def test_a_folder_that_cannot_be_made_is_named(server: Server, other: str) -> None:
    (server.engine.home / "cached_resources").write_text("a file is in the way")
    answer = server.get(path(f"{other}/picture.png"))
    assert answer.status == 503
    assert "cached_resources" in answer.json["message"]
