"""What was read is shown in place: nothing lost, nothing from a posting runs or steers the terminal."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from itpm_trends.extracting import extract_file
from itpm_trends.reading.posting import read_posting
from itpm_trends.showing.explained import explained_page, marked, said_of, terminal_text
from tests.showing.browser import chromium

POSTING = {
    "id": 7,
    "title": "IT Project Manager",
    "description": "<h3>Requirements</h3><ul><li>PMP or PRINCE2 Practitioner</li><li>5+ years of project management"
    " experience</li><li>An MBA is a plus</li></ul><h3>Your tasks</h3><ul><li>Manage risks of software projects</li>"
    "</ul>",
}
HOSTILE = {
    "title": "<script>alert(1)</script>\x1b[2J",
    "description": 'Requirements: PMP\x1b[31m <img src=x onerror=alert(2)> &lt;/script&gt; "onfocus=alert(3) Scrum',
}


def plain(read) -> str:
    sink = io.StringIO()
    Console(file=sink, soft_wrap=True).print(terminal_text(read))
    return sink.getvalue()


def test_pieces_are_the_text_and_hold_every_mention_once():
    read = read_posting(POSTING)
    pieces = list(marked(read))
    assert "".join(piece for piece, _ in pieces) == read.text
    assert sorted(m for _, held in pieces for m in map(id, held)) == sorted(map(id, read.mentions))


def test_a_mention_says_kind_modality_and_cue():
    said = {said_of(mention) for mention in read_posting(POSTING).mentions}
    assert "degree: Master's degree, in business; preferred (because of “a plus”)" in said
    assert "experience: Experience in project management, 5 years or more; required (because of “Requirements”)" in said
    assert "duty: Handle risks, issues and changes" in said


def test_a_pipe_gets_the_text_with_marks_and_no_colour():
    text = plain(read_posting(POSTING))
    assert "\x1b" not in text
    assert "[PMP or] [PRINCE2 Practitioner]" in text
    line = next(line for line in text.splitlines() if "[PMP or] certification" in line)
    assert line.strip().startswith("└")


def test_a_posting_does_not_steer_the_terminal():
    assert "\x1b" not in plain(read_posting(HOSTILE))


def test_a_page_escapes_what_came_from_a_posting():
    page = explained_page([read_posting(HOSTILE), read_posting(POSTING)], "<b>name</b>")
    for planted in ("<script>alert", "<img", "onerror=alert(2)>", '"onfocus', "<b>name"):
        assert planted not in page
    assert "default-src 'none'" in page


@pytest.mark.browser
def test_a_mark_says_on_focus_what_it_was_read_as(tmp_path):
    path = tmp_path / "why.html"
    path.write_text(explained_page([read_posting(POSTING)], "one.jsonl"), encoding="utf-8")
    with chromium() as browser:
        view = browser.new_page()
        view.goto(path.as_uri())
        view.locator("mark.certification").first.focus()
        assert "certification" in view.locator("#said").inner_text()
        view.locator("input[data-kind=certification]").uncheck()
        assert "hidden" in view.locator("mark.certification").first.get_attribute("class")


def test_the_command_writes_a_page_or_text(tmp_path):
    source = tmp_path / "postings.jsonl"
    source.write_text(json.dumps(POSTING) + "\nnot json\n", encoding="utf-8")
    assert extract_file(str(source), tmp_path / "why.html", explain=True) == (1, 1)
    assert "<mark" in (tmp_path / "why.html").read_text(encoding="utf-8")
    assert extract_file(str(source), tmp_path / "why.txt", explain=True) == (1, 1)
    assert "└ [PMP" in (tmp_path / "why.txt").read_text(encoding="utf-8")
