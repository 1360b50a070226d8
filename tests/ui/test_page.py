"""The web page of a real daemon in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.processes import ROOT, Running

CONFIG = """
web_server: {bind: 127.0.0.1, port: 0%s}
schedules: no
tasks:
  films:
    mock:
      - {title: Sintel.2010.1080p, url: "http://127.0.0.1:9/a"}
      - {title: "<b>Big</b> Buck Bunny 2008", url: "http://127.0.0.1:9/b"}
      - {title: A draft, url: "http://127.0.0.1:9/c"}
      - {title: Nobody decides about me, url: "http://127.0.0.1:9/d"}
    regexp: {accept: [sintel, bunny], reject: [draft]}
  broken:
    rss: http://127.0.0.1:9/nothing.xml
    accept_all: yes
"""
PASSWORD = "seven quiet lighthouse keepers"
AXE = ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js"
TITLES = ["Sintel.2010.1080p", "<b>Big</b> Buck Bunny 2008"]


@pytest.fixture
def daemon(make_daemon: Callable[..., Running]) -> Running:
    return make_daemon(CONFIG % "")


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Comes in by the daemon's link and sets the password."""

    def enter(daemon: Running, **options: object) -> Page:
        page = open_page(daemon.find(r"(http\S+/signin/\?code=\S+)"), **options)
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_role("button", name="Set password").click()
        expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
        return page

    return enter


def check_access(page: Page) -> None:
    """No fault that axe finds, and nothing to scroll sideways."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']})")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_sign_in_link_leads_to_the_first_password_and_works_once(
    daemon: Running, sign_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    sign_in(daemon)
    other = open_page(daemon.url)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("heading", name="Tasks")).to_be_visible()
    other.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_strength_of_a_password_is_shown(daemon: Running, open_page: Callable[..., Page]) -> None:
    page = open_page(daemon.find(r"(http\S+/signin/\?code=\S+)"))
    field = page.get_by_label("New password")
    field.fill("short")
    expect(page.get_by_text("too short")).to_be_visible()
    expect(page.get_by_role("button", name="Set password")).to_be_disabled()
    field.fill(PASSWORD)
    expect(page.get_by_text("strong")).to_be_visible()
    check_access(page)


def test_without_a_password_a_stranger_is_told_where_the_link_is(
    daemon: Running, open_page: Callable[..., Page]
) -> None:
    page = open_page(daemon.url)
    expect(page.get_by_role("heading", name="No password yet")).to_be_visible()
    check_access(page)


def test_a_run_shows_its_accepted_entries_as_text_and_the_history_keeps_them(
    daemon: Running, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(daemon)
    page.get_by_role("button", name="Run films").click()
    entries = page.get_by_role("list", name="Accepted by films").get_by_role("listitem")
    expect(entries).to_have_count(2)
    for entry, title in zip(entries.all(), TITLES, strict=True):
        expect(entry).to_contain_text(title)
    expect(page.get_by_text("2 accepted").first).to_be_visible()
    page.get_by_role("link", name="History").click()
    for title in TITLES:
        expect(page.get_by_text(title)).to_be_visible()


def test_a_run_that_aborts_says_why(daemon: Running, sign_in: Callable[..., Page]) -> None:
    page = sign_in(daemon)
    page.get_by_role("button", name="Run broken").click()
    expect(page.get_by_role("status").filter(has_text="Aborted:")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 360])
def test_every_view_is_accessible_and_fits(
    daemon: Running, sign_in: Callable[..., Page], scheme: str, width: int
) -> None:
    page = sign_in(daemon, width=width, scheme=scheme)
    page.get_by_role("button", name="Run films").click()
    expect(page.get_by_text("Done")).to_be_visible()
    check_access(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text(TITLES[0])).to_be_visible()
    check_access(page)


def test_it_works_below_a_base_url(make_daemon: Callable[..., Running], sign_in: Callable[..., Page]) -> None:
    daemon = make_daemon(CONFIG % ", base_url: /home/flexget")
    page = sign_in(daemon)
    assert "/home/flexget/" in page.url
    page.get_by_role("button", name="Run films").click()
    expect(page.get_by_text("Done")).to_be_visible()


def test_nothing_is_asked_of_other_hosts_and_the_first_view_is_light(
    daemon: Running, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(daemon)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.get_by_role("heading", name="films")).to_be_visible()
    assert [url for url in asked if not url.startswith(daemon.url)] == []
    assert len(asked) <= 9
    scripts = (ROOT / "static" / "dist" / "assets").glob("*.js.gz")
    assert sum(path.stat().st_size for path in scripts) <= 60_000


def test_a_daemon_that_went_away_is_said_and_its_return_is_noticed(
    daemon: Running, sign_in: Callable[..., Page]
) -> None:
    page = sign_in(daemon, outages=True)
    page.route("**/api/**", lambda route: route.fulfill(status=503, json={"message": "shutting down"}))
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("alert")).to_contain_text("shutting down")
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing was accepted yet")).to_be_visible()
