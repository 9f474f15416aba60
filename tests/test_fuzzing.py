"""Nothing from outside breaks a reader: what once did is read again, and a few inputs that nobody would write."""

from __future__ import annotations

import logging
import random
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks import fuzz
from itpm_trends.collecting.importing import parse_import
from itpm_trends.collecting.sources import SOURCES
from itpm_trends.collecting.sources.remoteok import without_watermark
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.resume import read_resume

KEPT = sorted(fuzz.CORPUS.glob("*/*"))
HANG = 20.0  # seconds: each of these took a minute or never ended, and takes a tenth of a second now
N_MUTATED = 8  # of each target
SLOW = ("resume-docx", "resume-pdf")


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_once_broke_a_reader_is_read(path):
    assert fuzz.Findings(path.parent.name).fault(path.read_bytes()) is None


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_changed_inputs_are_read_or_refused(target):
    findings, chance = fuzz.Findings(target), random.Random(target)
    for body in fuzz.seeds(target)[:1]:
        findings.try_out(body)
        for _ in range(2 if target in SLOW else N_MUTATED):
            findings.try_out(fuzz.mutated(body, chance))
    assert findings.smallest == {}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
@example("e\u0301\u0301\u200b ﷺ ŉ İ")
@example("<p>P<b>M</b>P &#x110000;</p>")
def test_every_folded_character_knows_where_it_came_from(text):
    fuzz.read_text(text.encode())


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_mentions_beside_any_text_stand_where_they_say(text):
    fuzz.read_whole(f"IT PM {text}\n{text}\n{text} PMP {text}, 5 years{text} of Scrum.".encode())


def test_a_posting_whose_text_is_a_number_costs_only_itself():
    body = b'{"results": [{"id": "1", "title": "a", "description": 9}, {"id": "2", "title": "b", "description": "c"}]}'
    found = list(fuzz.SOURCES["adzuna"].parse(body, "https://adzuna.example/", datetime(2026, 3, 2, tzinfo=UTC)))
    assert [type(each).__name__ for each in found] == ["Rejected", "RawPosting"]
    assert "no text but '9'" in found[0].reason


def test_what_would_steer_a_terminal_is_left_out_of_an_import():
    body = (fuzz.CORPUS / "import-jsonl" / "steering-characters").read_bytes()
    (posting,) = parse_import(body, "a.jsonl", fuzz.FETCHED_AT)
    assert (posting.title, posting.company_name, posting.url) == ("IT2J PM", "[2J", None)


def test_the_search_finds_and_shrinks(monkeypatch):
    def break_at_two_brackets(body: bytes) -> None:
        if body.count(b"[") > 1:
            raise KeyError("two")

    monkeypatch.setitem(fuzz.TARGETS, "brackets", break_at_two_brackets)
    found = []
    fuzz.search("brackets", 0.01, 1, found.append)
    (findings,) = found
    assert findings.n_tried > 10
    assert [findings.shrunk(fault) for fault in findings.smallest] == [b"[["]


@pytest.mark.parametrize(
    "words",
    [
        "worked with" + "&" * 30_000 + " with levels",
        "manage " + "'+" * 20_000 + " budget",
        "experience " + "a& " * 10_000,
        "work " * 10_000,
    ],
)
def test_runs_of_signs_are_read_in_time(words):
    began = time.process_time()
    list(mentions_of(words, "en"))
    assert time.process_time() - began < HANG


def test_breaks_without_end_before_a_watermark():
    began = time.process_time()
    assert without_watermark("<br>" * 20_000 + "please mention the word") == "<br>" * 20_000 + "please mention the word"
    assert time.process_time() - began < HANG


def test_a_watermark_goes_with_the_breaks_before_it():
    marked = "<p>Text</p><br/> <p>Please mention the word **FAIR** and tag RMTI3LjAuMC4x when applying.</p>"
    assert without_watermark(marked) == "<p>Text</p>"


@pytest.mark.parametrize("line", ["Skills: " + "PMP, " * 10_000, "Education: " + "PMP, Bachelor of Science" * 2_000])
def test_a_resume_of_one_long_line(line):
    began = time.process_time()
    read_resume(line, date(2026, 1, 5))
    assert time.process_time() - began < HANG


def test_the_log_names_unread_fields_in_short(caplog):
    posting = f'[{{"id": "1", "text": "IT PM", "{"x" * 50_000}": 1, "a\\u001b[31m": 2, "descriptionPlain": "PMP"}}]'
    with caplog.at_level(logging.WARNING):
        list(SOURCES["lever"].parse(posting.encode(), "https://api.lever.co/v0/postings/x", datetime.now(UTC)))
    assert "unread" in caplog.text
    assert len(caplog.text) < 2_000 and "\x1b" not in caplog.text
