"""The ways in: token, Basic, cookies, the one-time link, the control channel; and what keeps others out."""

from __future__ import annotations

import base64
import http.client
import socket
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.features.users.model import Accounts
from server.features.users.store import StoredToken, UserStore
from server.web.passwords import WeakPassword, hash_password, is_password, require_strong
from server.web.sessions import sign, unsign
from server.web.throttle import Throttle
from tests.web.support import PASSWORD, Server

MakeServer = Callable[..., Server]


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def locked(server: Server) -> Server:
    server.accounts.set_password(PASSWORD)
    return server


def login(server: Server, password: str = PASSWORD, query: str = "", user: str = "flexget"):
    return server.ask("POST", f"auth/login/{query}", {"username": user, "password": password}, token=False)


def test_the_token_lets_in_and_a_wrong_one_does_not(server: Server) -> None:
    assert server.get("server/pid/").status == 200
    for header in ("Token wrong", "Token", "Token ", "Bearer x", "", "Basic", "Basic !!", "Basic /w==", "Basic \xe9"):
        assert server.get("server/pid/", headers={"Authorization": header}).status == 401
    assert server.get("server/pid/", headers={"Authorization": f"token {server.accounts.token}"}).status == 200


def test_the_token_is_56_hex_digits_in_a_file_of_its_own(server: Server) -> None:
    token = server.get("user/token/").json["token"]
    assert len(token) == 56
    int(token, 16)
    assert stat.S_IMODE(server.accounts.token_file.stat().st_mode) == 0o600
    assert token not in str([vars(row) for row in server.accounts.tokens()])
    database = (server.engine.home / "db-config.sqlite").read_bytes()
    assert token.encode() not in database


def test_a_new_token_counts_at_once(server: Server) -> None:
    old = dict(server.token)
    new = server.ask("PUT", "user/token/").json["token"]
    assert server.get("server/pid/", headers=old).status == 401
    assert server.get("server/pid/", headers={"Authorization": f"Token {new}"}).status == 200
    assert server.get("user/token/").json["token"] == new


def test_what_another_process_changed_counts_at_once(server: Server) -> None:
    assert server.get("server/pid/").status == 200
    other = Accounts(server.engine.db, server.accounts.token_file, cost=4)
    token = other.renew_token()
    assert server.get("server/pid/", headers={"Authorization": f"Token {token}"}).status == 200
    other.set_password(PASSWORD)
    assert login(server).status == 200


def test_a_token_taken_back_while_the_tokens_are_read_is_good_for_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = server.accounts.add_token("phone", read_only=False)
    read = UserStore.tokens

    def meanwhile(store: UserStore) -> list[StoredToken]:
        found = read(store)
        monkeypatch.undo()
        server.accounts.remove_token("phone")
        return found

    monkeypatch.setattr(UserStore, "tokens", meanwhile)
    server.accounts.set_password(PASSWORD)
    assert server.get("server/pid/", headers={"Authorization": f"Token {token}"}).status == 401


def test_who_is_signed_in_does_not_wait_for_a_long_write(server: Server) -> None:
    server.engine.db.note_changes(["users"])  # as a command does at its end
    with server.engine.db.transaction():
        assert server.get("server/pid/").status == 200


def test_read_only_tokens_can_look_and_nothing_else(server: Server) -> None:
    made = server.ask("POST", "user/tokens/", {"name": "dashboard", "read_only": True})
    assert made.status == 201
    reader = {"Authorization": f"Token {made.json['token']}"}
    assert server.get("plugins/", headers=reader).status == 200
    for method, path in (("PUT", "user/token/"), ("GET", "user/token/"), ("GET", "server/raw_config/")):
        assert server.ask(method, path, headers=reader).status == 403
    assert server.ask("POST", "user/tokens/", {"name": "dashboard"}).status == 409
    names = {row["name"]: row["read_only"] for row in server.get("user/tokens/").json}
    assert names == {"main": False, "dashboard": True}
    assert server.ask("DELETE", "user/tokens/dashboard/").status == 200
    assert server.get("plugins/", headers=reader).status == 401
    assert server.ask("DELETE", "user/tokens/dashboard/").status == 404
    assert server.ask("DELETE", "user/tokens/main/").status == 404


def test_nobody_signs_in_while_there_is_no_password(server: Server) -> None:
    for password in ("", "x", PASSWORD):
        answer = login(server, password)
        assert answer.status == 401
        assert "flexget web passwd" in answer.json["message"]
    assert server.get("server/pid/", headers=basic("flexget", "")).status == 401


def test_signing_in_sets_a_session_cookie_which_is_enough(locked: Server) -> None:
    answer = login(locked, user="FlexGet")
    assert (answer.status, answer.json["status"]) == (200, "success")
    (line,) = answer.cookies
    assert line.startswith("session=")
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Expires" not in line
    assert "Secure" not in line
    cookie = answer.cookie("session")
    assert cookie
    assert locked.get("server/pid/", token=False, headers={"Cookie": cookie}).status == 200
    wrong = {"Cookie": cookie, "Authorization": "Token wrong"}
    assert locked.get("server/pid/", token=False, headers=wrong).status == 200


def test_remember_sets_a_second_cookie_for_a_year(locked: Server) -> None:
    answer = login(locked, query="?remember=TRUE")
    line = next(line for line in answer.cookies if line.startswith("flexget.token="))
    assert "Expires=" in line
    assert "HttpOnly" in line
    cookie = answer.cookie("flexget.token")
    assert cookie
    assert locked.get("server/pid/", token=False, headers={"Cookie": cookie}).status == 200
    assert login(locked, query="?remember=perhaps").json["errors"]["remember"]


def test_cookies_that_were_changed_let_nobody_in(locked: Server) -> None:
    value = (login(locked).cookie("session") or "").partition("=")[2]
    for bad in (value[:-2] + "AA", value[1:], "", "x", value + "=", "é"):
        headers = {"Cookie": f"session={bad}".encode().decode("latin-1")}
        assert locked.get("server/pid/", token=False, headers=headers).status == 401
    assert locked.get("server/pid/", token=False, headers={"Cookie": f"flexget.token={value}"}).status == 401


@pytest.mark.parametrize(
    "others",
    [
        'theme={"mode":"dark","sizes":[1,2]}; %s',
        "flag; a[0]=1; %s; caf\xe9=x",
        "session=of-another-program; %s",
        "%s; session=of-another-program",
    ],
)
def test_cookies_of_other_programs_of_the_host_lock_nobody_out(locked: Server, others: str) -> None:
    headers = {"Cookie": others % login(locked).cookie("session")}
    assert locked.get("server/pid/", token=False, headers=headers).status == 200


def test_a_cookie_ends_after_its_time() -> None:
    value = sign(b"secret", "session", "flexget", "1", now=1000.0)
    assert unsign(b"secret", "session", value, 60, now=1050.0) == ("flexget", "1")
    assert unsign(b"secret", "session", value, 60, now=1061.0) is None
    assert unsign(b"other", "session", value, 60, now=1050.0) is None


def test_logout_takes_the_cookies_away_and_needs_no_sign_in(server: Server) -> None:
    answer = server.ask("POST", "auth/logout/", token=False)
    assert answer.status == 200
    assert len(answer.cookies) == 2
    for line in answer.cookies:
        assert "Expires=Thu, 01 Jan 1970 00:00:00 GMT" in line
    assert answer.cookie("session") == "session="


def test_a_new_password_ends_every_session_but_the_one_that_set_it(locked: Server) -> None:
    mine, other = (login(locked).cookie("session") or "" for _ in range(2))
    answer = locked.ask("PUT", "user/", {"password": "another-horse-88-battery"}, token=False, headers={"Cookie": mine})
    assert answer.status == 200
    renewed = answer.cookie("session") or ""
    assert locked.get("server/pid/", token=False, headers={"Cookie": renewed}).status == 200
    for old in (mine, other):
        assert locked.get("server/pid/", token=False, headers={"Cookie": old}).status == 401
    assert login(locked).status == 401
    assert login(locked, "another-horse-88-battery").status == 200


def test_weak_passwords_are_refused_without_being_repeated(server: Server) -> None:
    for password in ("", "abcabc1", "password1", "flexget", "a" * 100):
        answer = server.ask("PUT", "user/", {"password": password})
        assert answer.status == 400
        assert not password or password not in answer.json["message"]


def test_long_passwords_count_to_their_last_byte() -> None:
    long = "correct horse battery staple " * 5
    require_strong(long)
    kept = hash_password(long, 4)
    assert is_password(long, kept)
    assert not is_password(long[:72], kept)
    assert not is_password(long[:-1], kept)
    umlaut = hash_password("zw\u00f6lf-k\u00fche", 4)
    assert is_password("zwo\u0308lf-ku\u0308he", umlaut)
    with pytest.raises(WeakPassword):
        require_strong("qwerty")


def test_basic_credentials_work_on_every_path_and_are_hashed_once(locked: Server) -> None:
    counted = []
    check = locked.accounts.check_password
    locked.accounts.check_password = lambda password: counted.append(1) or check(password)  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(locked.get, "server/pid/", headers=basic("flexget", PASSWORD)) for _ in range(60)]
    assert {future.result().status for future in asked} == {200}
    assert len(counted) == 1
    assert locked.get("server/pid/", headers=basic("flexget", "wrong")).status == 401
    assert locked.get("server/pid/", headers=basic("somebody", PASSWORD)).status == 401
    locked.accounts.set_password("another-horse-88-battery")
    assert locked.get("server/pid/", headers=basic("flexget", PASSWORD)).status == 401


def test_failed_sign_ins_have_to_wait_longer_and_longer(locked: Server) -> None:
    for number in range(5):
        assert login(locked, f"wrong{number}").status == 401
    answer = login(locked, "wrong again")
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json["status_code"] == 429
    assert login(locked).status == 429
    assert locked.get("server/pid/").status == 200


def test_a_failed_sign_in_is_logged_with_its_address_and_no_secret(
    locked: Server, caplog: pytest.LogCaptureFixture
) -> None:
    login(locked, "a-secret-typo")
    locked.get("server/pid/", token=False, headers=basic("another-secret", "a-secret-typo"))
    login(locked)
    told = [(record.name, record.getMessage()) for record in caplog.records]
    assert told.count(("auth", "A sign-in from 127.0.0.1 failed")) == 2
    assert "secret" not in str(told)


def test_remembered_credentials_are_no_way_around_the_wait(locked: Server) -> None:
    right = basic("flexget", PASSWORD)
    assert locked.get("server/pid/", headers=right).status == 200
    for number in range(7):
        locked.get("server/pid/", headers=basic("flexget", f"wrong{number}"))
    answer = locked.get("server/pid/", headers=right)
    assert answer.status == 401
    assert "try again in" in answer.json["message"]
    assert answer.headers["Retry-After"]


def test_the_wait_doubles_and_a_success_ends_it() -> None:
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    waits = []
    for _ in range(20):
        throttle.failed("1.2.3.4")
        waits.append(throttle.wait("1.2.3.4"))
    assert waits[:9] == [0, 0, 0, 0, 1, 2, 4, 8, 16]
    assert waits[-1] == 300
    assert throttle.wait("1.2.3.5") == 0
    throttle.failed("2001:db8:1:2::1")
    now[0] += 4000
    assert throttle.wait("1.2.3.4") == 0
    throttle.succeeded("1.2.3.4")
    assert throttle.wait("1.2.3.4") == 0


@pytest.mark.parametrize(
    ("guessing", "neighbour", "stranger"),
    [
        ("2001:db8:1:2::{}", "2001:db8:1:2::99", "2001:db8:1:3::1"),
        ("2001:db8::{}:0:0:1", "2001:db8::", "2001:db8:0:1::1"),
        ("fe80::{}%eth0", "fe80::99%eth0", "2001:db8::"),
    ],
)
def test_an_address_of_a_busy_network_is_counted_with_its_neighbours(
    guessing: str, neighbour: str, stranger: str
) -> None:
    throttle = Throttle(clock=lambda: 0.0)
    for number in range(1, 7):
        throttle.failed(guessing.format(number))
    assert throttle.wait(neighbour) > 0
    assert throttle.wait(stranger) == 0


def test_the_link_signs_in_once(server: Server) -> None:
    code = server.accounts.new_code()
    assert server.ask("HEAD", f"/signin/?code={code}", token=False).status == 405  # a preview of the link
    answer = server.get(f"/signin/?code={code}", token=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/")
    cookie = answer.cookie("session") or ""
    assert server.get("server/pid/", token=False, headers={"Cookie": cookie}).status == 200
    assert server.get(f"/signin/?code={code}", token=False).status == 403
    assert server.get("/signin/", token=False).status == 403


def test_the_first_password_is_set_by_the_code_and_only_once(server: Server) -> None:
    assert server.get("setup/", token=False).json == {"user": "flexget", "password_set": False, "signed_in": False}
    body = {"password": PASSWORD}
    assert server.ask("POST", "setup/", body, token=False).status == 401
    assert server.ask("POST", "setup/", {**body, "code": "wrong"}, token=False).status == 401
    code = server.accounts.new_code()
    assert server.ask("POST", "setup/", {"password": "abc", "code": code}, token=False).status == 400
    answer = server.ask("POST", "setup/", {**body, "code": code}, token=False)
    assert answer.status == 200
    cookie = answer.cookie("session") or ""
    assert server.get("server/pid/", token=False, headers={"Cookie": cookie}).status == 200
    state = server.get("setup/", token=False, headers={"Cookie": cookie}).json
    assert state == {"user": "flexget", "password_set": True, "signed_in": True}
    assert server.ask("POST", "setup/", {"password": "another-horse-88-battery"}).status == 409
    assert login(server).status == 200


def test_writes_of_foreign_pages_are_refused_to_cookie_users_only(locked: Server) -> None:
    cookie = {"Cookie": login(locked).cookie("session") or ""}
    here = f"http://127.0.0.1:{locked.port}"
    for headers, status in (
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": here, "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ):
        assert locked.ask("PUT", "user/token/", token=False, headers={**cookie, **headers}).status == status
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert locked.ask("PUT", "user/token/", headers=foreign).status == 200
    assert locked.get("server/pid/", token=False, headers={**cookie, **foreign}).status == 200
    assert locked.ask("PUT", "user/token/", headers={**basic("flexget", PASSWORD), **foreign}).status == 403


def test_foreign_pages_sign_nobody_in_or_out(locked: Server) -> None:
    foreign = {"Origin": "http://evil.example"}
    body = {"username": "flexget", "password": PASSWORD}
    assert locked.ask("POST", "auth/login/", body, token=False, headers=foreign).status == 403
    assert locked.ask("POST", "auth/logout/", token=False, headers=foreign).status == 403
    here = {"Origin": f"http://127.0.0.1:{locked.port}"}
    assert locked.ask("POST", "auth/login/", body, token=False, headers=here).status == 200


def test_unknown_host_names_are_refused(make_server: MakeServer) -> None:
    server = make_server(allowed_hosts=["flexget.example.org"])
    for host in ("localhost", "127.0.0.1:5050", "[::1]:5050", "nas", "nas.local", "flexget.example.org:443"):
        assert server.get("server/pid/", headers={"Host": host}).status == 200
    assert server.get("server/pid/", headers={"Host": "a.proxy.of.mine"}).status == 200
    refused = server.get("server/pid/", headers={"Host": "evil.example"}, token=False)
    assert refused.status == 403
    assert "allowed_hosts" in refused.json["message"]
    assert server.get("server/pid/", headers={"Host": "a b"}).status == 400
    assert make_server(allowed_hosts=["*"]).get("server/pid/", headers={"Host": "any.example"}).status == 200


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def test_the_control_socket_needs_no_sign_in(make_server: MakeServer, tmp_path: Path) -> None:
    path = tmp_path / "control"
    make_server(prepare=lambda server: server.web.listen_unix(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    line = _UnixConnection(path)
    line.request("GET", "/api/user/token/")
    assert len(line.getresponse().read()) > 60
    line.request("POST", "/api/setup/link/")
    assert b"/signin/?code=" in line.getresponse().read()
    line.close()


def test_the_control_port_asks_for_its_secret(make_server: MakeServer) -> None:
    ports: list[int] = []
    server = make_server(prepare=lambda server: ports.append(server.web.listen_control("the secret")))
    for headers, status in (
        ({}, 401),
        ({"X-FlexGet-Control": "wrong"}, 401),
        ({"X-FlexGet-Control": "the secret"}, 200),
    ):
        line = http.client.HTTPConnection("127.0.0.1", ports[0], timeout=5)
        line.request("GET", "/api/server/pid/", headers=headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status == status
        line.close()
    assert server.get("server/pid/", token=False, headers={"X-FlexGet-Control": "the secret"}).status == 401
    assert server.ask("POST", "setup/link/").status == 403


def test_a_lost_token_file_is_told_and_renewed(server: Server) -> None:
    token = dict(server.token)
    server.accounts.token_file.unlink()
    answer = server.get("user/token/", headers=token, token=False)
    assert answer.status == 404
    assert "gentoken" in answer.json["message"]
    renewed = server.ask("PUT", "user/token/", headers=token, token=False).json["token"]
    assert server.accounts.token == renewed


def test_slow_password_checks_do_not_hold_up_others(locked: Server) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(password: str) -> bool:
        begun.set()
        return go_on.wait(5) and False

    locked.accounts.check_password = slowly  # type: ignore[method-assign]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(login, locked, "anything")
        assert begun.wait(5)
        started = time.monotonic()
        assert locked.get("server/pid/").status == 200
        assert time.monotonic() - started < 2
        go_on.set()
        assert waiting.result().status == 401
