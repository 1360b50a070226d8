"""A browser, and pages that fail a test at the first error in their console."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Whatever Chromium is installed; nothing is downloaded."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail(f"no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_page(url, width=1100, scheme="light")`` in a fresh profile; ``outages``: failed requests are no error."""
    errors: list[str] = []
    made: list[Page] = []

    def heard(message: ConsoleMessage, outages: bool) -> None:
        if message.type == "error" and not (outages and message.text.startswith("Failed to load resource")):
            errors.append(f"{message.text} ({message.location.get('url')})")

    def make(url: str, *, width: int = 1100, scheme: str = "light", outages: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 700},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: heard(message, outages))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        made.append(page)
        return page

    yield make
    for page in made:
        page.context.close()
    assert errors == []
