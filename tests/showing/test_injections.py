"""Whatever a posting brings along, in every field, runs nowhere: from an imported file to each thing made of it."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys

import pytest

from itpm_trends.workspace import VARIABLE, Workspace
from tests.showing.browser import Sight, chromium

MARKUP = "</script><script>window.planted=1</script><img src=x onerror='window.planted=1'><!--"
ESCAPES = "\x1b[31m\x1b]8;;https://evil.example\x07\u202e\u2028"
FORMULA = '=HYPERLINK("https://evil.example","+1")'
ADDRESSES = """() => [...document.querySelectorAll('[href], [src], [action]')]
  .map((e) => e.getAttribute('href') || e.getAttribute('src') || e.getAttribute('action') || '')"""
RUNS = re.compile(r"\s*(?:java|vb)script:", re.IGNORECASE)
SKILLS = ("PMP", "Jira", "agile", "CSM", "risk management", "stakeholder management", "PRINCE2", "Scrum", "budgeting")
DEGREE = "- Bachelor's degree\n"
COMMANDS = (
    ("build",),
    ("site", "-o", "made/site"),  # with report, dashboard and handouts
    ("export", "--to", "xlsx", "-o", "made/tables.xlsx"),
    ("export", "--to", "csv", "-o", "made/csv"),
    ("status",),
    ("trends",),
    ("recommend", "--profile", "help-desk-analyst"),
    ("extract", "planted.jsonl", "--explain", "-o", "made/why.html"),
    ("extract", "planted.jsonl", "--explain"),
)


def advert(number: int) -> dict:
    planted = (MARKUP, ESCAPES, FORMULA, "@SUM(1)", "\t-1", "\"'>")[number % 6]
    return {
        "id": f"{planted}{number}",
        "source": f"{planted}board",
        "title": f"IT Project Manager {planted}",
        "company": f"{planted} Employer {number % 9}",
        "location": f"{planted}, Leeds, United Kingdom",
        "url": f"javascript:window.planted=1//{number}",
        "posted_at": f"2026-{number % 5 + 1:02d}-{number % 27 + 1:02d}",
        "salary": f"{planted} £50,000 - £60,000 a year",
        "description": (
            f"Requirements:\n- {' certification, '.join(SKILLS[number % 5 :: 3])} {planted}\n"
            f"{DEGREE * (number % 7 == 0)}- Experience as a developer of {number} systems {planted}\n<p>{planted}</p>\n"
            "&lt;script&gt;window.planted=1&lt;/script&gt;"
        ),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of a workspace in which everything was made, and what each command wrote to its pipe."""
    root = tmp_path_factory.mktemp("planted")
    (root / "planted.jsonl").write_text("\n".join(json.dumps(advert(number)) for number in range(120)))
    (root / "made").mkdir()
    told = {}
    ours = {name: value for name, value in os.environ.items() if name != VARIABLE}  # another test may have left it
    for command in (("init", "."), ("import", "planted.jsonl"), *COMMANDS):
        run = subprocess.run(
            [sys.executable, "-m", "itpm_trends", *command],
            cwd=root,
            env=ours,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert run.returncode == 0 or (run.returncode == 1 and command[0] == "trends"), (command, run.stderr)
        told[command] = run.stdout + run.stderr
    return root, told


@pytest.mark.browser
@pytest.mark.slow
def test_no_page_runs_what_was_planted(made):
    root, _ = made
    pages = sorted((root / "made").rglob("*.html"))
    assert len(pages) >= 5
    with chromium() as window:
        for path in pages:
            with Sight(window, path) as sight:
                dialogs: list[str] = []
                sight.page.on("dialog", lambda dialog, told=dialogs: (told.append(dialog.message), dialog.dismiss()))
                sight.open()
                assert sight.page.evaluate("window.planted") is None, path.name
                assert not [address for address in sight.page.evaluate(ADDRESSES) if RUNS.match(address)], path.name
                assert not dialogs and not sight.outside


def test_no_cell_begins_a_formula(made):
    from openpyxl import load_workbook

    root, _ = made
    cells = [
        cell
        for sheet in load_workbook(root / "made" / "tables.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert cells and not [cell.value for cell in cells if cell.data_type == "f"]
    for path in (root / "made" / "csv").glob("*.csv"):
        with path.open(newline="", encoding="utf-8-sig") as file:
            values = [value for row in csv.reader(file) for value in row]
        assert not [v for v in values if v[:1] in "=+@\t\r" and v[:1]], path.name


def test_no_command_writes_what_steers_a_terminal(made):
    _, told = made
    for command, text in told.items():
        assert not set("\x1b\x07\u202e") & set(text), command


def test_the_adverts_were_read_nevertheless(made):
    root, _ = made
    mentions = Workspace(root).load("requirement_mentions")
    assert {"certification:pmp", "skill:jira", "degree:bachelor"} <= set(mentions["requirement_id"])
