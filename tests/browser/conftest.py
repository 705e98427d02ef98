"""A real browser on a real server, in the same process as the stopped clock."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Playwright runs an event loop in this thread; the tests' own queries beside it are no mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from tests.browser.looking import look  # noqa: F401 (a fixture for every test here)

ROOT = Path(__file__).parents[2]
SCREENS = ROOT / "build" / "screens"
PASSWORD = "demo-pass-2022"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own. None at all is a failure unless ALLOW_NO_BROWSER=1."""
    executable = os.environ.get("QINGYUAN_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=executable,
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                ],
            )
        except Exception as error:
            if os.environ.get("ALLOW_NO_BROWSER") == "1":
                pytest.skip(f"no browser: {error}")
            raise
        yield started
        started.close()


class Visitor:
    """A person at the browser. Anything on the console (a refused script, an error) fails the test at its end."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context, self.base = context, base
        self.page: Page = context.new_page()
        self.noises: list[str] = []
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.noises.append(str(error)))

    def _hear(self, kind: str, text: str) -> None:
        # A refusal (403, 409, 422) is an answer that we expect; the browser reports it as a failed resource.
        if kind in {"error", "warning"} and "Failed to load resource" not in text:
            self.noises.append(text)

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.base + path)
        return self.page

    def sign_in(self, name: str) -> Visitor:
        self.go("/accounts/login/")
        self.page.fill("[name=login]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url(self.base + "/")
        return self

    def press(self, text: str) -> Page:
        """Press the page's button (not the shell's) with exactly this text."""
        self.page.locator("main").get_by_role("button", name=text, exact=True).click()
        self.page.wait_for_load_state()
        return self.page

    def shoot(self, name: str) -> None:
        SCREENS.mkdir(parents=True, exist_ok=True)
        width = self.page.viewport_size["width"] if self.page.viewport_size else 0
        self.page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Visitor]]:
    """`visit("park_handler", width=390, script=False)`: a signed-in person in a browser of their own."""
    visitors: list[Visitor] = []

    def open_browser(name: str = "", *, width: int = 1280, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
        )
        context.set_default_timeout(20_000)
        visitor = Visitor(context, live_server.url)
        visitors.append(visitor)
        return visitor.sign_in(name) if name else visitor

    yield open_browser
    noises = [noise for visitor in visitors for noise in visitor.noises]
    for visitor in visitors:
        visitor.context.close()
    assert noises == []
