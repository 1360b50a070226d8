"""The HTTP session of tasks."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from server.engine import net
from server.engine.net import HostClock, Session, TooLarge, Unresponsive, pieces
from tests.web_server import WebServer


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(net, "CLOCK", HostClock())
    monkeypatch.setattr(Session, "_wait", lambda self, seconds: self.waited.append(round(seconds, 1)), raising=True)
    made = Session()
    made.waited = []  # type: ignore[attr-defined]
    yield made
    made.close()


def test_http_errors_raise_unless_asked_otherwise(session: Session, web: WebServer) -> None:
    url = web.put("/a", "sorry", status=404)
    with pytest.raises(requests.HTTPError):
        session.get(url)
    assert session.request("GET", url, raise_status=False).text == "sorry"


def test_a_busy_server_is_asked_again_after_a_pause(session: Session, web: WebServer) -> None:
    url = web.put("/a", "", status=503, headers={"Retry-After": "3"})
    assert session.request("GET", url, raise_status=False).status_code == 503
    assert len(web.asked) == 3 and session.waited == [3.0, 3.0]  # type: ignore[attr-defined]


def test_a_server_that_wants_too_much_patience_is_left(session: Session, web: WebServer) -> None:
    url = web.put("/a", "", status=429, headers={"Retry-After": "3600"})
    assert session.request("GET", url, raise_status=False).status_code == 429
    assert len(web.asked) == 1


def test_the_date_of_a_busy_server_counts_like_its_seconds(session: Session, web: WebServer) -> None:
    url = web.put("/a", "", status=429, headers={"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert session.request("GET", url, raise_status=False).status_code == 429
    web.put("/a", "", status=503, headers={"Retry-After": "Fri, 01 Jan 2010 00:00:00 GMT"})
    assert session.request("GET", url, raise_status=False).status_code == 503
    assert len(web.asked) == 4 and session.waited == [0.0, 0.0]  # type: ignore[attr-defined]


def test_what_changes_something_is_not_sent_twice(session: Session, web: WebServer) -> None:
    with pytest.raises(requests.HTTPError):
        session.post(web.put("/a", "", status=503))
    assert len(web.asked) == 1


def test_a_body_beyond_the_limit_is_refused(session: Session, web: WebServer) -> None:
    session.max_body = 10
    with pytest.raises(TooLarge):
        session.get(web.put("/a", "x" * 11))
    assert session.get(web.put("/b", "x" * 10)).text == "x" * 10


def test_a_host_that_does_not_answer_is_left_alone(session: Session, web: WebServer) -> None:
    net.CLOCK.timed_out("127.0.0.1")
    with pytest.raises(Unresponsive):
        session.get(web.put("/a", "x"))
    net.CLOCK.answered("127.0.0.1")
    assert session.get(web.url("/a")).text == "x"


def test_requests_to_a_host_keep_their_distance(session: Session, web: WebServer) -> None:
    session.set_domain_delay("127.0.0.1", 5)
    web.put("/a", "x")
    for _ in range(2):
        session.get(web.url("/a"))
    assert session.waited[0] == 0.0 and session.waited[1] == pytest.approx(5, abs=1)  # type: ignore[attr-defined]


def test_a_cancelled_run_stops_waiting() -> None:
    stop = threading.Event()

    def cancelled() -> None:
        if stop.is_set():
            raise RuntimeError("cancelled")

    with Session(cancelled=cancelled) as session:
        threading.Timer(0.05, stop.set).start()
        started = time.monotonic()
        with pytest.raises(RuntimeError):
            session._wait(30)
        assert time.monotonic() - started < 5


def test_files_are_read_only_below_allowed_folders(session: Session, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a b.txt").write_text("hello")
    (tmp_path / "out.txt").write_text("secret")
    session.allow_folder(tmp_path / "in")
    assert session.get((tmp_path / "in" / "a b.txt").as_uri()).text == "hello"
    for outside in (
        f"file://{tmp_path}/out.txt",
        f"file://{tmp_path}/in/../out.txt",
        f"file://{tmp_path}/in/%2e%2e/out.txt",
    ):
        with pytest.raises(requests.ConnectionError):
            session.get(outside)
    with pytest.raises(requests.HTTPError):
        session.get((tmp_path / "in" / "none").as_uri())


class _Cancelled(Exception):
    pass


@pytest.mark.parametrize("body", [b"Content-Length: 1000\r\n\r\n<", b"Transfer-Encoding: chunked\r\n\r\n1000\r\n<"])
def test_a_server_that_sends_drop_by_drop_does_not_hold_up_a_cancelled_task(session: Session, body: bytes) -> None:
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\n" + body)
                ended.wait(20)

        def cancelled() -> None:
            calls.append(1)
            if len(calls) > 1:
                raise _Cancelled

        calls: list[int] = []
        session._cancelled = cancelled
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(_Cancelled):
                session.get(f"http://127.0.0.1:{listener.getsockname()[1]}/", timeout=5)
        finally:
            ended.set()
            thread.join()


def test_a_body_may_be_given_so_long_and_no_longer(session: Session, web: WebServer) -> None:
    url = web.put("/a", "x" * 1000)
    session.longest = 60
    assert len(session.get(url).content) == 1000
    session.longest = 0
    with pytest.raises(requests.Timeout, match="longer than 0 seconds"):
        session.get(url)


def test_a_length_that_is_no_number_is_passed_over(session: Session, web: WebServer) -> None:
    url = web.put("/a", "busy", status=503, headers={"Retry-After": "\xb2"})
    with pytest.raises(requests.HTTPError):
        session.get(url)


def test_a_packed_body_comes_out_whole_in_pieces(session: Session, web: WebServer) -> None:
    body = bytes(range(256)) * 2000
    url = web.put("/a", gzip.compress(body), headers={"Content-Encoding": "gzip"})
    assert session.get(url).content == body
    with session.get(url, stream=True) as response:
        assert b"".join(pieces(response, 1000)) == body


def test_a_body_that_breaks_off_is_an_error_of_the_request(session: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def break_off() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

        thread = threading.Thread(target=break_off)
        thread.start()
        with pytest.raises(requests.RequestException):
            session.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()


def test_an_address_that_cannot_be_read_is_a_failure_as_any_other(session: Session, web: WebServer) -> None:
    redirect = web.put("/a", "", status=302, headers={"Location": "http://[b"})
    session.sign_in(web.url("/"), "me", "secret")
    for url in ("http://[a/b", redirect):
        with pytest.raises(requests.RequestException, match="cannot be asked: Invalid IPv6 URL"):
            session.get(url)
