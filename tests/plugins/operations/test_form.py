"""``form`` and ``spy_headers``."""

from __future__ import annotations

import logging
from urllib.parse import parse_qsl

import pytest

FORM = """
<html><body>
<form action="/search"><input name="q"></form>
<form action="enter?x=1" method="post">
  <input type="hidden" name="token" value="t&amp;1">
  <input name="username" value="guest"><input type="password" name="password">
  <input type="checkbox" name="keep" value="1" checked><input type="checkbox" name="no" value="1">
  <input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
  <select name="lang"><option value="de">Deutsch<option value="en" selected>English</select>
  <select name="first"><option>one<option>two</select>
  <textarea name="note">hello</textarea>
  <input name="off" value="x" disabled><input value="without a name">
  <button type="button" name="nothing">x</button>
  <input type="submit" name="go" value="Log in"><input type="submit" name="other" value="Forgot it">
</form></body></html>
"""


def task(web, *options: str) -> str:
    form = ", ".join([f"url: '{web.url('/forum/login')}'", "username: me", "password: 'p&ss'", *options])
    text = f"text: {{url: '{web.url('/list')}', entry: {{title: '(.+)', url: '(.+)'}}}}"
    return f"tasks: {{t: {{form: {{{form}}}, {text}}}}}"


@pytest.fixture
def site(web):
    web.put("/list", "x")
    web.put("/forum/login", FORM, "text/html")
    web.put("/forum/enter", "welcome", "text/html", headers={"Set-Cookie": "session=42; Path=/"})
    return web


def test_the_form_is_sent_as_a_browser_would_and_its_cookie_comes_along(engine, site) -> None:
    assert not engine(task(site)).run().aborted
    page, sent, listed = site.asked
    assert (page.method, sent.method, sent.path) == ("GET", "POST", "/forum/enter?x=1")
    assert sent.headers["Referer"] == site.url("/forum/login")
    assert parse_qsl(sent.body.decode()) == [
        ("token", "t&1"),
        ("username", "me"),
        ("password", "p&ss"),
        ("keep", "1"),
        ("r", "2"),
        ("lang", "en"),
        ("first", "one"),
        ("note", "hello"),
        ("go", "Log in"),
    ]
    assert listed.headers["Cookie"] == "session=42"


@pytest.mark.parametrize("kind", ["get", "multipart"])
def test_other_ways_of_sending(engine, site, kind: str) -> None:
    how = 'method="post" enctype="multipart/form-data"' if kind == "multipart" else ""
    site.put("/forum/login", f'<base href="/forum/"><form action=enter {how}><input name=u><input name=p></form>')
    engine(task(site, "userfield: u", "passfield: p")).run()
    sent = site.asked[1]
    if kind == "get":
        assert (sent.method, sent.path) == ("GET", "/forum/enter?u=me&p=p%26ss")
    else:
        assert b'name="u"\r\n\r\nme\r\n' in sent.body and b'name="p"\r\n\r\np&ss\r\n' in sent.body


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<form><input name=login><input name=pw></form>", "its forms have: login, pw"),
        ("<p>closed</p>", "no form at all"),
    ],
)
def test_a_page_without_such_a_form_ends_the_task_and_tells_what_there_is(engine, site, page: str, reason: str) -> None:
    site.put("/forum/login", page, "text/html")
    run = engine(task(site)).run()
    assert run.aborted and "username and password" in run.abort_reason and reason in run.abort_reason


def test_a_site_that_refuses_ends_the_task_without_telling_the_password(engine, site, caplog) -> None:
    site.put("/forum/enter", "no", status=403)
    run = engine(task(site)).run()
    assert run.aborted and "403" in run.abort_reason and "p&ss" not in caplog.text


def test_a_site_that_asks_again_is_told_in_the_log(engine, site, caplog) -> None:
    site.put("/forum/enter", FORM, "text/html")
    engine(task(site)).run()
    assert "asks for the password again" in caplog.text and "set no cookie" in caplog.text


def test_spy_headers_tells_requests_but_no_secrets(engine, web, caplog) -> None:
    web.put("/list", "x")
    with caplog.at_level(logging.INFO, "spy_headers"):
        engine(
            f"tasks: {{t: {{spy_headers: yes, headers: {{X-A: b, Cookie: s=1, Authorization: secret}},"
            f" text: {{url: '{web.url('/list')}', entry: {{title: '(.+)', url: '(.+)'}}}}}}}}"
        ).run()
    said = [record.getMessage().strip() for record in caplog.records if record.name == "spy_headers"]
    assert f"Request : GET {web.url('/list')}" in said and "Response : 200 (OK)" in said and "X-A: b" in said
    assert "Cookie: ***" in said and "Authorization: ***" in said and "secret" not in caplog.text


def test_a_form_whose_address_cannot_be_read_ends_the_task_in_words(engine, site) -> None:
    form = FORM.replace('action="enter?x=1"', 'action="http://[x"')
    site.put("/forum/login", form, "text/html")
    made = engine(task(site)).run()
    assert made.abort_reason.startswith("cannot log in at") and "Invalid IPv6 URL" in made.abort_reason
