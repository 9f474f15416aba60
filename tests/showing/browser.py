"""A headless Chromium that may open files and nothing else."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
ON_SCREEN = "[...document.querySelectorAll('.plot')].filter((p) => p.getClientRects().length)"
# Tick labels that reach into each other or out of their chart, as text; empty when all is well.
COLLISIONS = """() => {
  const found = [];
  for (const plot of document.querySelectorAll('.plot')) {
    const frame = plot.getBoundingClientRect();
    for (const axis of ['.xtick text', '.ytick text', '.x2tick text']) {
      const boxes = [...plot.querySelectorAll(axis)].map((t) => [t.textContent, t.getBoundingClientRect()]);
      boxes.forEach(([text, box], i) => {
        const isInside = box.left >= frame.left - 1 && box.right <= frame.right + 1 && box.bottom <= frame.bottom + 1;
        if (!isInside) found.push('clipped: ' + text);
        for (const [other, next] of boxes.slice(i + 1)) {
          const wide = Math.min(box.right, next.right) - Math.max(box.left, next.left);
          const high = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
          if (wide > 1 && high > 2) found.push(`overlap: ${text} / ${other}`);
        }
      });
    }
  }
  return found;
}"""

# Words of a chart that its frame cuts off, that lie on other words, or a legend that lies on the plot: each in words.
OUT_OF_PLACE = """() => {
  const found = [];
  const common = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];
  for (const plot of document.querySelectorAll('.plot')) {
    const name = (fault) => `${(plot.ariaLabel || plot.id).slice(0, 60)}: ${fault}`;
    const frame = plot.querySelector('.main-svg').getBoundingClientRect();
    const words = [...plot.querySelectorAll('.main-svg text')]
      .map((text) => [text.textContent.trim(), text.getBoundingClientRect()])
      .filter(([text, box]) => text && box.width);
    words.forEach(([text, box], i) => {
      const isInside = box.left >= frame.left - 1 && box.right <= frame.right + 1 &&
        box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
      if (!isInside) found.push(name(`cut off: ${text}`));
      for (const [other, next] of words.slice(i + 1)) {
        const [wide, high] = common(box, next);
        if (wide > 1 && high > 2) found.push(name(`${text} covers ${other}`));
      }
    });
    const area = plot.querySelector('.nsewdrag')?.getBoundingClientRect();
    for (const legend of plot.querySelectorAll('.legend')) {
      const box = legend.querySelector('.bg').getBoundingClientRect();
      const [wide, high] = area ? common(box, area) : [0, 0];
      if (wide > 1 && high > 2) found.push(name('legend on the plot'));
      for (const text of legend.querySelectorAll('.legendtext')) {
        const line = text.getBoundingClientRect();
        const isShown = line.left >= box.left - 1 && line.right <= box.right + 1 && line.bottom <= box.bottom + 1;
        if (!isShown) found.push(name(`cut off in the legend: ${text.textContent}`));
      }
    }
  }
  return found;
}"""


def chromium_path() -> str | None:
    named = os.environ.get("ITPM_TRENDS_CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def chromium():
    """A Playwright browser, or the test is skipped with the reason."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this computer; name one in ITPM_TRENDS_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


class Sight:
    """One page and all that went wrong on it: requests to anywhere but files, errors, warnings of the console."""

    def __init__(self, browser, path: Path, width: int = 1280, scheme: str = "light") -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        self.context.route("**/*", self._let_files_pass)
        self.page = self.context.new_page()
        self.page.set_default_timeout(8_000)
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.url = path.resolve().as_uri()

    def _let_files_pass(self, route) -> None:
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def open(self, address: str = "") -> Sight:
        self.page.goto("about:blank")
        self.page.goto(self.url + address)
        self.page.wait_for_timeout(100)
        return self

    def __enter__(self) -> Sight:
        return self

    def __exit__(self, *_) -> None:
        self.context.close()

    def all_drawn(self) -> bool:
        return self.page.evaluate(
            f"{ON_SCREEN}.every((p) => p.querySelector('.main-svg') && p.querySelector('.trace, .bars, .scatterlayer'))"
        )

    def scrolls_sideways(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    def collisions(self) -> list[str]:
        return self.page.evaluate(COLLISIONS)

    def words_out_of_place(self) -> list[str]:
        self.page.locator(".plot:not(:has(.main-svg))").first.wait_for(state="detached")
        return self.page.evaluate(OUT_OF_PLACE)
