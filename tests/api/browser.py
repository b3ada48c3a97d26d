"""A headless Chromium of the system, driven by Playwright; one for all tests of a module."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE_MS = 30_000
REFUSED = "window.policyViolations = [];" + (
    "document.addEventListener('securitypolicyviolation', (event) => window.policyViolations.push("
    "event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile));"
)


def find_chromium() -> str:
    """The path of a Chromium; where there is none the test skips, or fails where one is required.

    `SHELFLENS_REQUIRE_BROWSER=1` requires one: `.ci/run` sets it.
    """
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found:
        return found
    if os.environ.get("SHELFLENS_REQUIRE_BROWSER") == "1":
        pytest.fail("no Chromium is on the PATH: install Debian's package `chromium`")
    pytest.skip("no Chromium is on the PATH")


@contextmanager
def chromium(camera: Path) -> Iterator[Browser]:
    """A browser whose camera shows the Motion JPEG file `camera` again and again."""
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox",  # containers run as root; the only pages are ours
                "--disable-dev-shm-usage",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ],
        )
        yield browser
        browser.close()


class Visitor:
    """One page, and everything that it complained about."""

    def __init__(self, context: BrowserContext) -> None:
        context.add_init_script(REFUSED)
        context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def violations(self) -> list[str]:
        """What the content security policy of the open page refused."""
        return list(self.page.evaluate("window.policyViolations"))

    def barriers(self) -> list[str]:
        """Serious and critical findings of axe-core on the page as it is shown now."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{finding['id']}: {node['target']} {node['failureSummary']}"
            for finding in found
            if finding["impact"] in ("serious", "critical")
            for node in finding["nodes"]
        ]

    def show(self, name: str) -> None:
        """Save a picture of the page in `SHELFLENS_SCREENSHOTS`, where that is set."""
        folder = os.environ.get("SHELFLENS_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{name}.png")
