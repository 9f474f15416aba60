"""A page of ours as PDF, printed by the Chromium or Chrome of this computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from itpm_trends.errors import ItpmTrendsError

NAMED = "ITPM_TRENDS_CHROMIUM"
ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
SECONDS = 120
OFFLINE = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
)  # fmt: skip


def chromium() -> str | None:
    """The browser that prints: the one named in ITPM_TRENDS_CHROMIUM, or one where browsers usually are."""
    if named := os.environ.get(NAMED):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, (*ON_THE_PATH, *ELSEWHERE))), None)


def print_pdf(page: Path, path: Path) -> Path:
    """Print the file ``page`` (HTML) to ``path`` (PDF); ``ItpmTrendsError`` saying what to do where that fails."""
    browser = chromium()
    if browser is None:
        raise ItpmTrendsError(
            f"a PDF needs Chromium, Chrome or Edge, and none was found. Install one, name yours in {NAMED}, or open "
            "the HTML file in any browser and print it to PDF there."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="itpm-trends-") as folder:
        printed = Path(folder) / "page.pdf"
        # The page of ours needs no privilege that the sandbox would keep from it; root may not start one at all.
        alone = ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []
        command = [
            browser, *OFFLINE, *alone, f"--user-data-dir={folder}/profile", "--no-pdf-header-footer",
            "--virtual-time-budget=30000", f"--print-to-pdf={printed}", page.resolve().as_uri(),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ItpmTrendsError(f"{browser} could not print {page}: {error}") from error
        if not printed.exists():
            said = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
            raise ItpmTrendsError(f"{browser} could not print {page}: {said[0]}")
        part = path.with_name(path.name + ".part")
        shutil.copyfile(printed, part)
        return part.replace(path)
