"""Draw the pictures of README and ``advisors.md``: ``python docs/pictures.py DEMO_FOLDER`` (needs a Chromium)."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CALM = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
COLOURS = 48  # in a picture; more cannot be told apart, and cost half as much again


def main(demo: Path) -> None:
    """Write the pictures of the report and the dashboard in ``demo`` (made by ``itpm-trends demo``)."""
    report, dashboard = ((demo / "reports" / f"{name}.html").resolve().as_uri() for name in ("report", "dashboard"))
    with opened(1180, 860) as page:
        page.goto(f"{dashboard}#tab=certifications")
        draw(page, "dashboard")
        page.goto(report)
        page.add_style_tag(content=".simulated { position: static !important }")  # it would lie over the figures
        page.get_by_role("heading", name="What is asked for most").evaluate("heading => heading.scrollIntoView()")
        draw(page, "report")
        draw(page.locator("figure", has=page.get_by_text("points a year", exact=False)).first, "changes")
    with opened(860, 540) as page:
        page.goto(f"{dashboard}#tab=certifications")
        page.get_by_label("Country").select_option(label="United Kingdom")
        draw(page, "advisors_filters")
        draw(page.locator("#view figure").first, "advisors_share")
        page.get_by_label("Country").select_option(label="All")
        page.get_by_role("tab", name="Learn next").click()
        page.get_by_label("Start from an example").select_option(index=2)
        draw(page.locator("#view figure").first, "advisors_plan")


@contextmanager
def opened(width: int, height: int) -> Iterator[Page]:
    """An empty page of a headless Chromium, ``width`` by ``height`` pixels."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=[*CALM, "--no-sandbox"])
        yield browser.new_page(viewport={"width": width, "height": height})
        browser.close()


def draw(part: Page | Locator, name: str) -> None:
    """Write what ``part`` shows to ``pictures/NAME.png``, in few colours."""
    if isinstance(part, Locator):
        part.scroll_into_view_if_needed()
    (part if isinstance(part, Page) else part.page).wait_for_timeout(1500)  # charts are drawn when they come into view
    path = PICTURES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    part.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
