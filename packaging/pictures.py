"""Takes the pictures of ``docs/images`` from the running product: the example daemon in a real browser.

``python3 dev.py docs`` calls it; it needs a Chromium browser.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def take(browser: Browser, link: str) -> None:
    """Walks through the page as a first user does."""
    page = browser.new_context(viewport={"width": 960, "height": 520}, device_scale_factor=2).new_page()
    page.goto(link)
    page.get_by_label("New password").fill("seven quiet lighthouse keepers")
    page.screenshot(path=IMAGES / "first-password.png")
    page.get_by_role("button", name="Set password").click()
    page.get_by_role("button", name="Run library").click()
    page.get_by_text("Done").wait_for()
    page.mouse.move(0, 500)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / "tasks.png")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name="History").click()
    page.get_by_role("heading", name="Today").wait_for()
    page.mouse.move(0, 500)
    page.screenshot(path=IMAGES / "history-dark.png")


def main() -> int:
    """Runs the example in a temporary folder and writes the pictures; 1 without a browser."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("no Chromium browser", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, ROOT / "dev.py", "run", "--home", home, "--port", "0"]
        daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            link = next(filter(None, (re.search(r"http\S+/signin/\S+", line) for line in daemon.stdout or ())))[0]
            with sync_playwright() as playwright:
                take(playwright.chromium.launch(executable_path=program, args=["--no-sandbox"]), link)
        finally:
            daemon.terminate()
            daemon.communicate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
