"""Draw the README's pictures from the demo: ``python docs/pictures.py DEMO_FOLDER`` (needs a Chromium on the path)."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CALM = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def main(demo: Path) -> None:
    """Write the pictures of the report and the dashboard in ``demo`` (made by ``itpm-trends demo``)."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=[*CALM, "--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 860})
        page.goto((demo / "reports" / "dashboard.html").resolve().as_uri() + "#tab=certifications")
        _draw(page, "dashboard", whole=False)
        page.goto((demo / "reports" / "report.html").resolve().as_uri())
        page.add_style_tag(content=".simulated { position: static !important }")  # it would lie over the figures
        page.get_by_role("heading", name="What is asked for most").evaluate("heading => heading.scrollIntoView()")
        _draw(page, "report", whole=False)
        changes = page.locator("figure", has=page.get_by_text("points a year", exact=False)).first
        _draw(page, "changes", changes)
        browser.close()


def _draw(page: Page, name: str, part=None, *, whole: bool = True) -> None:
    if part is not None:
        part.scroll_into_view_if_needed()
    page.wait_for_timeout(1500)  # charts are drawn when they come into view
    path = PICTURES / f"{name}.png"
    (part if whole else page).screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
