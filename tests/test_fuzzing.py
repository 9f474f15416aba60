"""Nothing from outside breaks a reader: what once did is read again, and a few inputs that nobody would write."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks import fuzz
from itpm_trends.collecting.importing import parse_import

KEPT = sorted(fuzz.CORPUS.glob("*/*"))
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
