"""What holds for every answer: headers, tags, pages, shapes of errors."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import zstandard

from server.web.endpoint import Page, PageQuery, Paginated, Resource, Text, array, get, obj, post
from server.web.errors import Conflict
from server.web.router import Route
from server.web.shapes import TEXT
from tests.web.support import Server

MakeServer = Callable[..., Server]

SORT = ("name", "id")
LONG = "x" * 600


class Rows(Resource):
    """A list of 120 rows to page through."""

    asked = 0
    open = threading.Event()
    open.set()

    @get(
        "rows",
        query=[Text("name")],
        paginated=Paginated(SORT, default="name"),
        returns=array(obj({"id": {}})),
        groups=("users",),
    )
    def rows(self, page: PageQuery, name: str | None) -> Page:
        type(self).asked += 1
        assert self.open.wait(10)
        rows = [] if name == "nobody" else [{"id": number, "text": LONG} for number in range(120)]
        return Page(rows[page.offset : page.offset + page.limit], len(rows))

    @post("add", body=obj({"name": TEXT}, extra=False), status=201)
    async def add(self, body: dict[str, str]) -> dict[str, str]:
        if body["name"] == "taken":
            raise Conflict("there is one called `taken`")
        if body["name"] == "crash":
            raise RuntimeError("a fault of our own")
        return body


class Named(Resource):
    """One row by name, and one by number."""

    @get("one")
    async def one(self, name: str) -> dict[str, str]:
        return {"name": name}


class Numbered(Resource):
    """One row by number."""

    @get("one")
    async def one(self, number: int) -> dict[str, int]:
        return {"number": number}


ROUTES = (
    Route("/rows/", f"{__name__}:Rows"),
    Route("/rows/{number:int}/", f"{__name__}:Numbered"),
    Route("/rows/{name}/", f"{__name__}:Named"),
)


@pytest.fixture
def rows(make_server: MakeServer) -> Server:
    return make_server(routes=ROUTES)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "server/pid/", {}, 200),
        ("GET", "rows/?page=0", {}, 400),
        ("GET", "nowhere/", {}, 404),
        ("DELETE", "rows/", {}, 405),
        ("POST", "rows/", {}, 415),
        ("POST", "rows/", {"Content-Type": "application/json"}, 400),
        ("GET", "rows/", {"Authorization": "Token wrong"}, 401),
        ("GET", "rows/", {"If-Match": '"another"'}, 412),
        ("GET", "rows/", {"If-None-Match": "*"}, 304),
    ],
)
def test_every_answer_tells_the_api_version_and_the_common_headers(
    rows: Server, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = rows.ask(method, path, headers=headers)
    assert answer.status == status
    assert answer.headers["API-Version"] == "1.8.0"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "Link, Total-Count, Count, ETag"
    assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    if status != 304:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json


def test_errors_of_the_plumbing_carry_a_message_alone(rows: Server) -> None:
    for answer in (
        rows.get("rows/", token=False),
        rows.ask("DELETE", "rows/"),
        rows.ask("POST", "rows/", b"{", headers={"Content-Type": "application/json"}),
        rows.ask("POST", "rows/", b"{}", headers={"Content-Type": "text/plain"}),
        rows.ask("POST", "rows/", b" " * 5_000_000),
    ):
        assert list(answer.json) == ["message"]


def test_a_method_that_there_is_not_is_no_secret_of_a_free_path(rows: Server) -> None:
    assert rows.ask("DELETE", "rows/", token=False).status == 401
    answer = rows.get("auth/login/", token=False)
    assert (answer.status, answer.headers["Allow"]) == (405, "OPTIONS, POST")
    assert rows.get("nowhere/", token=False).status == 401
    assert rows.ask("OPTIONS", "nowhere/", token=False).status == 404


def test_errors_of_an_endpoint_carry_status_and_code(rows: Server) -> None:
    taken = rows.ask("POST", "rows/", {"name": "taken"})
    assert taken.status == 409
    assert taken.json == {"message": "there is one called `taken`", "status": "Error", "status_code": 409}
    crash = rows.ask("POST", "rows/", {"name": "crash"})
    assert (crash.status, crash.json["status"], crash.json["status_code"]) == (500, "Error", 500)
    assert "fault of our own" not in crash.body.decode()
    unknown = rows.get("nowhere/")
    assert (unknown.status, unknown.json["status_code"]) == (404, 404)


def test_a_body_that_does_not_fit_lists_every_error(rows: Server) -> None:
    answer = rows.ask("POST", "rows/", {"nam": 1})
    assert answer.status == 422
    assert {error["validator"] for error in answer.json["validation_errors"]} == {"required", "additionalProperties"}
    for error in answer.json["validation_errors"]:
        assert isinstance(error["path"], list)
        assert isinstance(error["schema_path"], list)
        for key in ("message", "cause", "validator", "validator_value", "parent"):
            assert isinstance(error[key], str)


def test_bad_query_parameters_are_all_named(rows: Server) -> None:
    answer = rows.get("rows/?page=x&per_page=0&sort_by=size&order=up&unknown=1&name=%ff")
    assert answer.status == 400
    assert set(answer.json) == {"errors", "message"}
    answer = rows.get("rows/?page=x&per_page=0&sort_by=size&order=up&unknown=1")
    assert set(answer.json["errors"]) == {"page", "per_page", "sort_by", "order"}


def test_unknown_paths_need_a_sign_in_first(rows: Server) -> None:
    assert rows.get("nowhere/", token=False).status == 401
    assert rows.get("nowhere/").status == 404


def test_a_path_that_only_begins_like_the_api_is_none_of_it(make_server: MakeServer) -> None:
    server = make_server(web_ui=False)
    for path in ("/apis/server/pid/", "/api-docs/server/pid/", "/apiserver/pid/"):
        assert server.get(path).status == 404


def test_both_forms_of_a_path_answer_without_a_redirect(rows: Server) -> None:
    assert rows.get("rows").status == rows.get("rows/").status == 200
    assert rows.get("rows/5").json == rows.get("rows/5/").json == {"number": 5}
    assert rows.get("rows//").status == 404


def test_path_parameters_are_decoded_and_numbers_kept_in_bounds(rows: Server) -> None:
    assert rows.get("rows/a%2Fb%20%C3%A9/").json == {"name": "a/b é"}
    assert rows.get(f"rows/{2**63}/").json == {"name": str(2**63)}
    assert rows.get("rows/%00/").status == 404
    assert rows.get("rows/%ff/").status == 404


def test_head_answers_as_get_without_a_body(rows: Server) -> None:
    whole, head = rows.get("rows/"), rows.ask("HEAD", "rows/")
    assert head.status == 200
    assert head.body == b""
    for name in ("Content-Length", "ETag", "Link", "Total-Count", "Count"):
        assert head.headers[name] == whole.headers[name]


def test_preflight_needs_no_sign_in_and_echoes_what_was_asked(rows: Server) -> None:
    asked = {"Origin": "http://elsewhere:1", "Access-Control-Request-Headers": "X-One, Authorization"}
    answer = rows.ask("OPTIONS", "rows/", token=False, headers=asked)
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "http://elsewhere:1"
    assert answer.headers["Access-Control-Allow-Headers"] == "X-One, Authorization"
    assert answer.headers["Access-Control-Allow-Methods"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_405_tells_what_is_allowed(rows: Server) -> None:
    answer = rows.ask("PATCH", "rows/")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert rows.ask("BREW", "rows/").status == 405


def test_links_lead_to_the_neighbouring_pages(rows: Server) -> None:
    port = rows.port
    start = f"<http://127.0.0.1:{port}/api/rows/?per_page=50&name=a%20b&page="
    first = rows.get("rows/?name=a%20b")
    assert first.headers["Link"] == f'{start}2>; rel="next", {start}3>; rel="last"'
    assert (first.headers["Total-Count"], first.headers["Count"]) == ("120", "50")
    middle = rows.get("rows/?name=a%20b&page=2")
    assert middle.headers["Link"] == f'{start}1>; rel="prev", {start}3>; rel="next", {start}3>; rel="last"'
    last = rows.get("rows/?page=3&name=a%20b")
    assert last.headers["Link"] == f'{start}2>; rel="prev", {start}3>; rel="last"'
    assert last.headers["Count"] == "20"


def test_pages_beyond_the_last_are_404_and_below_the_first_400(rows: Server) -> None:
    assert rows.get("rows/?page=4").status == 404
    assert rows.get("rows/?page=9223372036854775807").status == 404
    for query in ("page=0", "page=-1", "per_page=0", "per_page=-5", "page=", "page=1.5"):
        assert rows.get(f"rows/?{query}").status == 400


def test_more_than_a_hundred_rows_count_as_a_hundred(rows: Server) -> None:
    answer = rows.get("rows/?per_page=5000")
    assert answer.headers["Count"] == "100"
    assert "per_page=100" in answer.headers["Link"]


def test_an_empty_result_has_its_counts_and_no_links(rows: Server) -> None:
    answer = rows.get("rows/?name=nobody")
    assert (answer.status, answer.json) == (200, [])
    assert (answer.headers["Total-Count"], answer.headers["Count"]) == ("0", "0")
    assert "Link" not in answer.headers


def test_the_same_body_has_the_same_tag(rows: Server) -> None:
    first, again = rows.get("rows/?page=1"), rows.get("rows/?page=1")
    assert first.headers["ETag"] == again.headers["ETag"]
    assert len(first.headers["ETag"].strip('"')) == 40
    assert rows.get("rows/?page=2").headers["ETag"] != first.headers["ETag"]
    assert rows.get("server/pid/").headers["ETag"]


def test_if_none_match_is_answered_304_without_a_body(rows: Server) -> None:
    tag = rows.get("rows/").headers["ETag"]
    for value in (tag, "*", f'"other", {tag}'):
        answer = rows.get("rows/", headers={"If-None-Match": value})
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag
    for value in (f"W/{tag}", '"other"', tag.strip('"')):
        assert rows.get("rows/", headers={"If-None-Match": value}).status == 200


def test_if_match_is_looked_at_first(rows: Server) -> None:
    tag = rows.get("rows/").headers["ETag"]
    assert rows.get("rows/", headers={"If-Match": tag, "If-None-Match": tag}).status == 200
    assert rows.get("rows/", headers={"If-Match": "*"}).status == 200
    for value in ('"other"', f"W/{tag}"):
        answer = rows.get("rows/", headers={"If-Match": value, "If-None-Match": tag})
        assert (answer.status, answer.json["status_code"]) == (412, 412)


def test_writes_pass_over_conditions(rows: Server) -> None:
    assert rows.ask("POST", "rows/", {"name": "new"}, headers={"If-Match": '"x"'}).status == 201


@pytest.mark.parametrize(
    ("coding", "decode"),
    [
        ("gzip", gzip.decompress),
        ("deflate", zlib.decompress),
        ("br", brotli.decompress),
        ("zstd", zstandard.decompress),
    ],
)
def test_long_bodies_are_compressed_under_a_tag_of_their_own(
    rows: Server, coding: str, decode: Callable[[bytes], bytes]
) -> None:
    plain = rows.get("rows/")
    packed = rows.get("rows/", headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert decode(packed.body) == plain.body
    assert packed.headers["ETag"] == f'{plain.headers["ETag"][:-1]}:{coding}"'
    again = {"Accept-Encoding": coding, "If-None-Match": packed.headers["ETag"]}
    assert rows.get("rows/", headers=again).status == 304
    assert rows.get("rows/", headers={"If-None-Match": packed.headers["ETag"]}).status == 200


def test_short_bodies_and_refused_codings_go_out_as_they_are(rows: Server) -> None:
    assert "Content-Encoding" not in rows.get("server/pid/", headers={"Accept-Encoding": "gzip"}).headers
    for wanted in ("identity", "gzip;q=0", "compress", "gzip;q=x"):
        assert "Content-Encoding" not in rows.get("rows/", headers={"Accept-Encoding": wanted}).headers
    chosen = rows.get("rows/", headers={"Accept-Encoding": "gzip;q=0.3, deflate;q=0.9"})
    assert chosen.headers["Content-Encoding"] == "deflate"


def test_an_unchanged_list_is_answered_without_asking_the_store(rows: Server) -> None:
    Rows.asked = 0
    first = rows.get("rows/?page=2")
    again = rows.get("rows/?page=2")
    assert (Rows.asked, again.body) == (1, first.body)
    assert again.headers["Link"] == first.headers["Link"]
    rows.accounts.add_token("other", read_only=True)
    rows.get("rows/?page=2")
    assert Rows.asked == 2


def test_who_asks_for_the_same_at_the_same_time_gets_one_answer(rows: Server) -> None:
    Rows.asked = 0
    Rows.open.clear()
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = [pool.submit(rows.get, "rows/?page=2") for _ in range(8)]
            end = time.monotonic() + 10
            while len(rows.app.in_flight) < 8:
                assert time.monotonic() < end
                time.sleep(0.01)
            Rows.open.set()
            bodies = {answer.result().body for answer in answers}
    finally:
        Rows.open.set()
    assert (Rows.asked, len(bodies)) == (1, 1)


def test_the_remembered_answer_still_needs_a_sign_in(rows: Server) -> None:
    rows.get("rows/")
    assert rows.get("rows/", token=False).status == 401


def test_links_follow_the_base_url_and_the_hosts_name(make_server: MakeServer) -> None:
    server = make_server(routes=ROUTES, base_url="flexget/")
    answer = server.get("/flexget/api/rows/", headers={"Host": "nas.local:8080"})
    assert answer.headers["Link"].startswith("<http://nas.local:8080/flexget/api/rows/?")
    asked = f"GET /flexget/api/rows/ HTTP/1.0\r\nAuthorization: {server.token['Authorization']}\r\n\r\n"
    assert b"Link: </flexget/api/rows/?" in server.raw(asked.encode())
    assert server.get("/api/rows/").status in (401, 404)
    assert server.get("/flexget/").status == 200


def test_forwarded_headers_count_from_configured_proxies_only(make_server: MakeServer) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "flexget.example.org", "X-Forwarded-For": "9.9.9.9"}
    behind = make_server(routes=ROUTES, trusted_proxies=["127.0.0.0/8"])
    link = behind.get("rows/", headers=forwarded).headers["Link"]
    assert link.startswith("<https://flexget.example.org/api/rows/?")
    alone = make_server(routes=ROUTES)
    assert alone.get("rows/", headers=forwarded).headers["Link"].startswith(f"<http://127.0.0.1:{alone.port}/")


def test_odd_characters_of_a_query_cannot_leave_the_link(rows: Server) -> None:
    raw = rows.raw(
        b'GET /api/rows/?name=a>;"\xe9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
        + f"Authorization: Token {rows.accounts.token}\r\n\r\n".encode()
    )
    assert b" 400 " in raw.split(b"\r\n")[0] or b'name=a%3E;%22%E9&page=2>; rel="next"' in raw


def test_slashes_right_behind_api_count_as_one_and_nowhere_else(server: Server) -> None:
    assert server.ask("GET", "/api//history").json == server.ask("GET", "/api/history/").json
    assert server.ask("GET", "/api///tasks/").status == 200
    assert server.ask("DELETE", "/api/seen//").status == 404
    assert server.ask("GET", "/api//").status == server.ask("GET", "/api//nope/").status == 404
