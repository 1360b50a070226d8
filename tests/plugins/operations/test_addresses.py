"""Operations on addresses and requests."""

from __future__ import annotations

import sqlite3

import pytest


def run(engine, more: str, entries: str = "{title: One, url: 'http://x/1'}", **options):
    config = f"tasks: {{t: {{mock: [{entries}], accept_all: yes, max_reruns: 0, disable: seen, {more}}}}}"
    return engine(config).run(**options)


def test_urlfix_repairs_twice_escaped_addresses(engine) -> None:
    url = "{title: One, url: 'http://x/?a=1&amp;b=2'}"
    assert run(engine, "headers: {}", url).entries[0]["url"] == "http://x/?a=1&b=2"
    assert run(engine, "urlfix: no", url).entries[0]["url"] == "http://x/?a=1&amp;b=2"


def test_urlrewrite_rewrites_accepted_entries_until_no_rule_fits(engine) -> None:
    rules = r"{b: {regexp: '/go/(?P<n>.*)', format: '/get/\g<n>'}, a: {regexp: 'x/(\d+)/details', format: 'x/go/\1'}}"
    entries = (
        "{title: A, url: 'http://x/15/details', urls: ['http://x/15/details', 'http://y']}, {title: B, url: 'x/GO/5'}"
    )
    a, b = run(engine, f"urlrewrite: {rules}", entries).entries
    assert (a["url"], a["urls"], b["url"]) == ("http://x/get/15", ["http://x/get/15", "http://y"], "x/GO/5")
    assert a["original_url"] == "http://x/15/details"


def test_rules_that_go_on_without_end_fail_the_entry(engine) -> None:
    task = run(engine, "urlrewrite: {a: {regexp: $, format: '?more'}}")
    assert "without end" in task.failed[0]["reason"]


def test_rewriters_can_be_switched_off(engine) -> None:
    rules = "urlrewrite: {a: {regexp: x, format: y}}"
    assert run(engine, f"{rules}, disable_urlrewriters: [urlrewrite]").entries[0]["url"] == "http://x/1"


def test_a_wrong_format_fails_the_entry(engine) -> None:
    task = run(engine, r"urlrewrite: {a: {regexp: x, format: '\5'}}")
    assert "does not fit" in task.failed[0]["reason"]


def test_redirect_url_follows_to_the_end(engine, web) -> None:
    web.put("/end", "x")
    web.put("/middle", "", status=302, headers={"Location": "/end"})
    start = web.put("/start", "", status=301, headers={"Location": web.url("/middle")})
    (entry,) = run(engine, "redirect_url: yes", f"{{title: A, url: '{start}'}}").entries
    assert entry["url"] == web.url("/end")
    web.put("/loop", "", status=302, headers={"Location": "/loop"})
    assert run(engine, "redirect_url: yes", f"{{title: A, url: '{web.url('/loop')}'}}").accepted


def test_magnets_no_takes_them_out(engine) -> None:
    magnet = "magnet:?xt=urn:btih:aa"
    entries = f"{{title: A, url: '{magnet}'}}, {{title: B, url: '{magnet}', urls: ['{magnet}', 'http://x']}}"
    a, b = run(engine, "magnets: no", entries).entries
    assert a.rejected and b["url"] == "http://x" and b["urls"] == ["http://x"]
    assert len(run(engine, "magnets: yes", entries).accepted) == 2


def test_headers_and_cookies_come_with_requests(engine, web, tmp_path) -> None:
    (tmp_path / "cookies.txt").write_text(
        "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tid\tsecret\n"
    )
    url = web.put("/a.txt", "x")
    more = "headers: {X-Own: yes please}, cookies: cookies.txt, download: out"
    run(engine, more, f"{{title: A, url: '{url}'}}")
    headers = web.asked[0].headers
    assert (headers["X-Own"], headers["Cookie"]) == ("yes please", "id=secret")


def test_firefox_cookies(engine, web, tmp_path) -> None:
    base = sqlite3.connect(tmp_path / "cookies.sqlite")
    base.execute("CREATE TABLE moz_cookies (host, path, isSecure, expiry, name, value)")
    rows = [("127.0.0.1", "/", 0, 4102444800, "id", "fox"), ("127.0.0.1", "/", 0, 1, "old", "x")]
    base.executemany("INSERT INTO moz_cookies VALUES (?, ?, ?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    run(engine, "cookies: {file: cookies.sqlite}, download: out", f"{{title: A, url: '{web.put('/a', 'x')}'}}")
    assert web.asked[0].headers["Cookie"] == "id=fox"


def test_cookies_that_cannot_be_read_end_the_task(engine, tmp_path) -> None:
    (tmp_path / "cookies.txt").write_text("nonsense")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\xe9")
    assert "binary.txt cannot be read as mozilla" in run(engine, "cookies: binary.txt").abort_reason
    assert "cannot be read" in run(engine, "cookies: cookies.txt").abort_reason


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ("proxy: 'http://127.0.0.1:1'", lambda s: s.proxies == dict.fromkeys(("http", "https"), "http://127.0.0.1:1")),
        ("proxy: {http: 'http://p:1'}", lambda s: s.proxies == {"http": "http://p:1"} and not s.trust_env),
        ("domain_delay: {Example.com: 5 seconds}", lambda s: s.domain_delays == {"example.com": 5.0}),
        ("verify_ssl_certificates: no", lambda s: s.verify is False),
        ("verify_ssl_certificates: yes", lambda s: s.verify is True),
    ],
)
def test_settings_of_the_session(engine, more, check) -> None:
    assert check(run(engine, more).requests)


def test_redirect_url_keeps_an_address_that_leads_to_none(engine, web) -> None:
    url = web.put("/a", "", status=302, headers={"Location": "http://[x"})
    (entry,) = run(engine, "redirect_url: yes", f"{{title: A, url: '{url}'}}").accepted
    assert entry["url"] == url
